/// A custom section that an annotation asks for, and where it goes.
struct CustomSection {
    /// The sections in the order in which modules have them, and what the annotation calls them.
    enum Place: Int, CaseIterable {
        case first, type, `import`, `func`, table, memory, tag, global, export, start, elem, datacount, code, data, last

        /// The place that a word of an annotation means.
        init?(_ word: Word) {
            switch word {
            case .first: self = .first
            case .type: self = .type
            case .import: self = .import
            case .func: self = .func
            case .table: self = .table
            case .memory: self = .memory
            case .tag: self = .tag
            case .global: self = .global
            case .export: self = .export
            case .start: self = .start
            case .elem: self = .elem
            case .datacount: self = .datacount
            case .code: self = .code
            case .data: self = .data
            case .last: self = .last
            default: return nil
            }
        }
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
