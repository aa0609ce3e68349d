internal import WasmModule

/// What a component's outermost level says about itself (component-model, Binary.md): enough to tell what it is for.
///
/// A component is not validated here. Where the bytes are not understood, what was found before them stays.
struct ComponentOutline {
    /// The names of what it imports and exports: `wasi:cli/environment@0.2.0`.
    private(set) var imports: [String] = []
    private(set) var exports: [String] = []
    private(set) var customSections: [Module.CustomSection] = []
    private(set) var producers = ProducersSection()

    init(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes, from: 8)
        // Cleanup of a damaged file would be guessing: what was read is told.
        try? read(&reader)
    }

    private mutating func read(_ reader: inout ByteReader) throws(ModuleError) {
        while !reader.isAtEnd {
            let section = try reader.byte()
            let size = Int(try reader.u32())
            let end = reader.offset + size
            guard end <= reader.end else { return }
            var contents = ByteReader(reader.bytes, from: reader.offset, to: end)
            switch section {
            case 0:
                let name = try contents.name()
                customSections.append(.init(name: name, range: contents.offset..<end))
                if name == "producers" { producers = ProducersSection(contents) }
            case 10: imports += Self.names(&contents) { (reader) throws(ModuleError) in try Self.skipType(&reader) }
            case 11: exports += Self.names(&contents) { (reader) throws(ModuleError) in try Self.skipExport(&reader) }
            default: break
            }
            reader.offset = end
        }
    }

    /// A vector's names, each with what `skipRest` reads over.
    private static func names(
        _ reader: inout ByteReader, _ skipRest: (inout ByteReader) throws(ModuleError) -> Void
    ) -> [String] {
        var names: [String] = []
        do throws(ModuleError) {
            for _ in 0..<(try reader.count(minimumSize: 3)) {
                guard try reader.byte() <= 1 else { return names }
                names.append(try reader.name())
                try skipRest(&reader)
            }
        } catch { return names }
        return names
    }

    /// `externdesc`: a kind and an index, or a bound.
    private static func skipType(_ reader: inout ByteReader) throws(ModuleError) {
        switch try reader.byte() {
        case 0x00:
            _ = try reader.byte()
            _ = try reader.u32()
        case 0x02:
            if try reader.byte() == 0 { _ = try reader.u32() } else { _ = try reader.s33() }
        case 0x03: if try reader.byte() == 0 { _ = try reader.u32() }
        default: _ = try reader.u32()
        }
    }

    /// `sortidx`, then perhaps a type.
    private static func skipExport(_ reader: inout ByteReader) throws(ModuleError) {
        if try reader.byte() == 0 { _ = try reader.byte() }
        _ = try reader.u32()
        if try reader.byte() != 0 { try skipType(&reader) }
    }
}
