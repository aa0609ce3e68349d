internal import WasmModule

extension ExternalType {
    /// Its kind, as imports are listed.
    var word: String {
        switch self {
        case .function: "function"
        case .table: "table"
        case .memory: "memory"
        case .global: "global"
        case .tag: "tag"
        }
    }

    var isMemory: Bool { if case .memory = self { true } else { false } }

    var isTable: Bool { if case .table = self { true } else { false } }
}

extension Module.Export.Kind {
    /// Its kind, as exports are listed.
    var word: String {
        switch self {
        case .function: "function"
        case .table: "table"
        case .memory: "memory"
        case .global: "global"
        case .tag: "tag"
        }
    }
}

extension Module {
    /// How many imports are of a kind.
    func importCount(_ isOfKind: (ExternalType) -> Bool) -> Int { imports.count { isOfKind($0.type) } }

    /// An export's type in words.
    func text(of export: Export) -> String {
        switch export.kind {
        case .function: type(ofFunction: export.index).description
        case .table: tables[export.index].words
        case .memory: memories[export.index].words
        case .global: words(for: .global(globals[export.index]))
        case .tag: words(for: .tag(type: tags[export.index]))
        }
    }

    /// A type in words, without its kind.
    func words(for type: ExternalType) -> String {
        switch type {
        case .function(let index): functionType(index).description
        case .table(let table): table.words
        case .memory(let memory): memory.words
        case .global(let global): "\(global.isMutable ? "mutable " : "")\(global.value)"
        case .tag(let index): "\(functionType(index).parameters)"
        }
    }
}

extension MemoryType {
    /// `17 pages (1.1 MiB), at most 32 (2 MiB)`.
    var words: String {
        var words = "\(limits.minimum) \(limits.minimum == 1 ? "page" : "pages")\(Self.size(limits.minimum, pageLog2))"
        words += limits.maximum.map { ", at most \($0)\(Self.size($0, pageLog2))" } ?? ", no maximum"
        if pageLog2 != 16 { words += ", pages of \(UInt64(1) << UInt64(pageLog2)) bytes" }
        if address == .i64 { words += ", 64-bit" }
        if isShared { words += ", shared" }
        return words
    }

    private static func size(_ pages: UInt64, _ log2: UInt8) -> String {
        let (bytes, overflows) = pages.multipliedReportingOverflow(by: UInt64(1) << UInt64(log2))
        guard !overflows, bytes > 0 else { return "" }
        for (unit, shift) in [("GiB", UInt64(30)), ("MiB", 20), ("KiB", 10)] where bytes >> shift > 0 {
            let tenths = (bytes >> (shift - 10)) * 10 / 1024
            return " (\(tenths / 10)\(tenths % 10 == 0 ? "" : ".\(tenths % 10)") \(unit))"
        }
        return ""
    }
}

extension TableType {
    /// `funcref, 10 elements, at most 10`.
    var words: String {
        "\(element), \(limits.minimum) elements" + (limits.maximum.map { ", at most \($0)" } ?? ", no maximum")
            + (address == .i64 ? ", 64-bit" : "")
    }
}

extension InspectReport.Storage {
    init(_ memory: MemoryType, index: Int, isImported: Bool) {
        self.init(
            index: index, type: memory.words, isImported: isImported, minimum: memory.limits.minimum,
            maximum: memory.limits.maximum, pageSize: UInt64(1) << UInt64(memory.pageLog2), isShared: memory.isShared,
            address: memory.address.value.description)
    }

    init(_ table: TableType, index: Int, isImported: Bool) {
        self.init(
            index: index, type: table.words, isImported: isImported, minimum: table.limits.minimum,
            maximum: table.limits.maximum, address: table.address.value.description,
            element: table.element.description)
    }
}
