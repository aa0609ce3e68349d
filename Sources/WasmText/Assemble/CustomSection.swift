/// A custom section that an annotation asks for, and where it goes.
struct CustomSection {
    /// The sections in the order in which modules have them, and what the annotation calls them.
    enum Place: Int, CaseIterable {
        case first, type, `import`, `func`, table, memory, tag, global, export, start, elem, datacount, code, data, last
    }

    let place: Place
    let isAfter: Bool
    let name: [UInt8]
    let contents: [UInt8]

    /// Appends the whole section.
    func write(to module: inout [UInt8]) {
        var section: [UInt8] = []
        section.appendVector(name)
        section += contents
        module.append(0)
        module.appendVector(section)
    }
}
