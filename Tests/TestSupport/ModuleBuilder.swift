/// Writes small modules in the binary format, section by section, in bytes that the reader of a test can see.
package struct ModuleBuilder {
    private var sections: [(id: UInt8, contents: [UInt8])] = []

    package init() {}

    /// The types of WebAssembly's binary format.
    package enum Kind {
        package static let i32: UInt8 = 0x7F
        package static let i64: UInt8 = 0x7E
        package static let f32: UInt8 = 0x7D
        package static let f64: UInt8 = 0x7C
        package static let funcref: UInt8 = 0x70
    }

    /// An unsigned number as the format writes it.
    package static func leb(_ value: Int) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        repeat {
            let low = UInt8(rest & 0x7F)
            rest >>= 7
            bytes.append(rest == 0 ? low : low | 0x80)
        } while rest != 0
        return bytes
    }

    /// A name: its length and its UTF-8.
    package static func name(_ text: String) -> [UInt8] { leb(text.utf8.count) + Array(text.utf8) }

    /// A vector of parts.
    package static func vector(_ parts: [[UInt8]]) -> [UInt8] { leb(parts.count) + parts.flatMap { $0 } }

    /// Adds a section as it is.
    package mutating func section(_ id: UInt8, _ contents: [UInt8]) { sections.append((id, contents)) }

    package mutating func types(_ types: [([UInt8], [UInt8])]) {
        section(1, Self.vector(types.map { [0x60] + Self.leb($0.0.count) + $0.0 + Self.leb($0.1.count) + $0.1 }))
    }

    /// Imports of functions: module, name, type index.
    package mutating func imports(_ imports: [(String, String, Int)]) {
        section(2, Self.vector(imports.map { Self.name($0.0) + Self.name($0.1) + [0] + Self.leb($0.2) }))
    }

    package mutating func functions(_ typeIndices: [Int]) { section(3, Self.vector(typeIndices.map(Self.leb))) }

    /// One table of functions.
    package mutating func table(_ minimum: Int) { section(4, [1, Kind.funcref, 0] + Self.leb(minimum)) }

    /// One memory, in pages.
    package mutating func memory(_ minimum: Int, maximum: Int? = nil) {
        section(5, [1, maximum == nil ? 0 : 1] + Self.leb(minimum) + (maximum.map(Self.leb) ?? []))
    }

    /// Exports: name, kind (0 function, 1 table, 2 memory, 3 global), index.
    package mutating func exports(_ exports: [(String, UInt8, Int)]) {
        section(7, Self.vector(exports.map { Self.name($0.0) + [$0.1] + Self.leb($0.2) }))
    }

    /// Bodies: groups of locals (count and type), and code with its final `end` (0x0B).
    package mutating func code(_ bodies: [(locals: [(Int, UInt8)], code: [UInt8])]) {
        section(
            10,
            Self.vector(
                bodies.map { body in
                    let contents = Self.vector(body.locals.map { Self.leb($0.0) + [$0.1] }) + body.code
                    return Self.leb(contents.count) + contents
                }))
    }

    /// The name section's function names.
    package mutating func names(_ names: [(Int, String)]) {
        let map = Self.vector(names.map { Self.leb($0.0) + Self.name($0.1) })
        section(0, Self.name("name") + [1] + Self.leb(map.count) + map)
    }

    /// The module.
    package var bytes: [UInt8] {
        [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0] + sections.flatMap { [$0.id] + Self.leb($0.contents.count) + $0.contents }
    }

    /// A module with one function, exported as `f`.
    package static func function(
        _ parameters: [UInt8], _ results: [UInt8], locals: [(Int, UInt8)] = [], memory: Int? = nil, _ code: [UInt8]
    ) -> [UInt8] {
        var builder = ModuleBuilder()
        builder.types([(parameters, results)])
        builder.functions([0])
        if let memory { builder.memory(memory) }
        builder.exports([("f", 0, 0)])
        builder.code([(locals, code)])
        return builder.bytes
    }
}
