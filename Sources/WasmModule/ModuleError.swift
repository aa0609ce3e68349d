/// Why bytes are not a module that this engine runs, and where.
package struct ModuleError: Error, Equatable, CustomStringConvertible {
    package enum Kind: Equatable, Sendable {
        /// The bytes are not in the binary format (core, chapter 5).
        case malformed
        /// Well-formed, but against the validation rules (core, chapter 3).
        case invalid
        /// Allowed by a feature of the standard that this engine does not have; the feature's name.
        case unsupported(String)
        /// Over a limit of this engine.
        case limit
    }

    package let kind: Kind
    /// In the standard's words where it has some: `type mismatch: expected i32, found i64`.
    package let reason: String
    /// The byte of the file, counted from 0, at which it shows.
    package let offset: Int
    /// The index of the function it shows in, if it is in one.
    package var function: Int?

    package init(_ kind: Kind, _ reason: String, at offset: Int, function: Int? = nil) {
        self.kind = kind
        self.reason = reason
        self.offset = offset
        self.function = function
    }

    package var description: String {
        let place = "at byte 0x\(String(offset, radix: 16))" + (function.map { " in function \($0)" } ?? "")
        return switch kind {
        case .malformed: "malformed module: \(reason) (\(place))"
        case .invalid: "invalid module: \(reason) (\(place))"
        case .unsupported(let feature):
            "the module needs the WebAssembly feature \"\(feature)\", which this engine does not have: "
                + "\(reason) (\(place))"
        case .limit: "the module is over a limit of this engine: \(reason) (\(place))"
        }
    }
}
