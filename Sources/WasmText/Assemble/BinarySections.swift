/// The sections of a module that is being written (core, 5.5).
struct BinarySections {
    var types = BinaryVector()
    var imports = BinaryVector()
    var functions = BinaryVector()
    var tables = BinaryVector()
    var memories = BinaryVector()
    var tags = BinaryVector()
    var globals = BinaryVector()
    var exports = BinaryVector()
    var start: UInt32?
    var elements = BinaryVector()
    /// Whether some function's instruction names a data segment, and so needs to know how many there are.
    var needsDataCount = false
    var code = BinaryVector()
    var data = BinaryVector()
    var branchHints = BinaryVector()
    var custom: [CustomSection] = []
    var names = NameSection()

    /// The module.
    func binary() -> [UInt8] {
        var module: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00]
        module.reserveCapacity(code.bytes.count + data.bytes.count + types.bytes.count + 1024)
        let customPlaces = Dictionary(grouping: custom) { $0.place.rawValue * 2 + ($0.isAfter ? 1 : 0) }
        for place in CustomSection.Place.allCases {
            for section in customPlaces[place.rawValue * 2] ?? [] { section.write(to: &module) }
            write(place, to: &module)
            for section in customPlaces[place.rawValue * 2 + 1] ?? [] { section.write(to: &module) }
        }
        let contents = names.contents
        if !contents.isEmpty {
            CustomSection(place: .last, isAfter: true, name: Array("name".utf8), contents: contents).write(to: &module)
        }
        return module
    }

    private func write(_ place: CustomSection.Place, to module: inout [UInt8]) {
        switch place {
        case .first, .last: break
        case .type: write(types, id: 1, to: &module)
        case .import: write(imports, id: 2, to: &module)
        case .func: write(functions, id: 3, to: &module)
        case .table: write(tables, id: 4, to: &module)
        case .memory: write(memories, id: 5, to: &module)
        case .tag: write(tags, id: 13, to: &module)
        case .global: write(globals, id: 6, to: &module)
        case .export: write(exports, id: 7, to: &module)
        case .start:
            guard let start else { return }
            var section: [UInt8] = []
            section.appendUnsigned(start)
            module.append(8)
            module.appendVector(section)
        case .elem: write(elements, id: 9, to: &module)
        case .datacount:
            guard needsDataCount else { return }
            var section: [UInt8] = []
            section.appendCount(data.count)
            module.append(12)
            module.appendVector(section)
        case .code:
            if branchHints.count > 0 { writeBranchHints(to: &module) }
            write(code, id: 10, to: &module)
        case .data: write(data, id: 11, to: &module)
        }
    }

    private func write(_ vector: BinaryVector, id: UInt8, to module: inout [UInt8]) {
        guard vector.count > 0 else { return }
        var count: [UInt8] = []
        count.appendCount(vector.count)
        module.append(id)
        module.appendCount(count.count + vector.bytes.count)
        module += count
        module += vector.bytes
    }

    private func writeBranchHints(to module: inout [UInt8]) {
        var contents: [UInt8] = []
        branchHints.write(to: &contents)
        let name = Array("metadata.code.branch_hint".utf8)
        CustomSection(place: .code, isAfter: false, name: name, contents: contents).write(to: &module)
    }
}
