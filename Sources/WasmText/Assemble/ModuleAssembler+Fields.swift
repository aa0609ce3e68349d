/// Tables, memories, globals and tags (core, 6.6).
extension ModuleAssembler {
    // MARK: Tables

    /// `(table …)`.
    mutating func tableField() throws(TextError) {
        let index = try defined(\.tables, names: \.tables)
        try inlineExports(.table, index)
        if try inlineImport() { return try importedTable() }
        beginDefinition("table")
        sections.tables.beginElement()
        let is64 = takeAddressType()
        if cursor.isBeforeReferenceType {
            try tableOfElements(index, is64: is64)
        } else {
            var limits: [UInt8] = []
            try self.limits(is64: is64, isMemory: false, to: &limits)
            var type: [UInt8] = []
            try cursor.referenceType(types, to: &type)
            if cursor.token.kind == .close {
                sections.tables.bytes += type + limits
            } else {
                try constantExpression()
                sections.tables.bytes += [0x40, 0x00] + type + limits + code
            }
        }
    }

    /// What an imported table is.
    mutating func importedTable() throws(TextError) {
        sections.imports.bytes.append(ExternalKind.table.rawValue)
        let is64 = takeAddressType()
        var limits: [UInt8] = []
        try self.limits(is64: is64, isMemory: false, to: &limits)
        try cursor.referenceType(types, to: &sections.imports.bytes)
        sections.imports.bytes += limits
    }

    /// A table whose size is that of the elements in its field.
    private mutating func tableOfElements(_ index: UInt32, is64: Bool) throws(TextError) {
        var type: [UInt8] = []
        try cursor.referenceType(types, to: &type)
        guard cursor.takeOpen(.elem) else { throw cursor.unexpected() }
        let count = try tableElements(index, is64: is64, type: type)
        try cursor.close()
        sections.tables.bytes += type
        sections.tables.bytes.append(is64 ? 0x05 : 0x01)
        sections.tables.bytes.appendCount(count)
        sections.tables.bytes.appendCount(count)
    }

    // MARK: Memories

    /// `(memory …)`.
    mutating func memoryField() throws(TextError) {
        let index = try defined(\.memories, names: \.memories)
        try inlineExports(.memory, index)
        if try inlineImport() { return try importedMemory() }
        beginDefinition("memory")
        sections.memories.beginElement()
        var probe = cursor
        if probe.take(.i64) || probe.take(.i32) {}
        if probe.token.kind == .open {
            try memoryOfData(index)
        } else {
            let is64 = takeAddressType()
            var limits: [UInt8] = []
            try self.limits(is64: is64, isMemory: true, to: &limits)
            sections.memories.bytes += limits
        }
    }

    /// What an imported memory is.
    mutating func importedMemory() throws(TextError) {
        sections.imports.bytes.append(ExternalKind.memory.rawValue)
        let is64 = takeAddressType()
        var limits: [UInt8] = []
        try self.limits(is64: is64, isMemory: true, to: &limits)
        sections.imports.bytes += limits
    }

    /// A memory whose size is that of the data in its field.
    private mutating func memoryOfData(_ index: UInt32) throws(TextError) {
        let is64 = takeAddressType()
        let pageSize = try pageSize()
        guard cursor.takeOpen(.data) else { throw cursor.unexpected() }
        let bytes = cursor.strings()
        try cursor.close()
        let log2 = pageSize ?? 16
        let size = UInt64(bytes.count)
        let pages = log2 > 63 ? (size == 0 ? 0 : 1) : size >> log2 + (size & ((1 << log2) - 1) == 0 ? 0 : 1)
        sections.memories.bytes.append(0x01 | (is64 ? 0x04 : 0) | (pageSize == nil ? 0 : 0x08))
        sections.memories.bytes.appendUnsigned(pages)
        sections.memories.bytes.appendUnsigned(pages)
        if let pageSize { sections.memories.bytes.appendUnsigned(pageSize) }
        memoryData(index, is64: is64, bytes)
    }

    /// Whether indices into a table or memory have 64 bits.
    private mutating func takeAddressType() -> Bool {
        if cursor.take(.i64) { return true }
        _ = cursor.take(.i32)
        return false
    }

    /// A table's or memory's size, and the greatest it may get to.
    private mutating func limits(is64: Bool, isMemory: Bool, to bytes: inout [UInt8]) throws(TextError) {
        let minimum = try cursor.unsigned(bits: 64)
        let maximum = cursor.token.kind == .integer ? try cursor.unsigned(bits: 64) : nil
        let isShared = isMemory && cursor.take(.shared)
        let pageSize = isMemory ? try pageSize() : nil
        var flags: UInt8 = maximum == nil ? 0 : 0x01
        if isShared { flags |= 0x02 }
        if is64 { flags |= 0x04 }
        if pageSize != nil { flags |= 0x08 }
        bytes.append(flags)
        bytes.appendUnsigned(minimum)
        if let maximum { bytes.appendUnsigned(maximum) }
        if let pageSize { bytes.appendUnsigned(pageSize) }
    }

    /// `(pagesize …)`, as a power of two, if it is next.
    private mutating func pageSize() throws(TextError) -> UInt64? {
        guard cursor.takeOpen(.pagesize) else { return nil }
        let token = cursor.token
        let size = try cursor.unsigned(bits: 64)
        guard size.nonzeroBitCount == 1 else {
            throw cursor.error("invalid custom page size \(size): it must be a power of two", at: token)
        }
        try cursor.close()
        return UInt64(size.trailingZeroBitCount)
    }

    // MARK: Globals and tags

    /// `(global …)`.
    mutating func globalField() throws(TextError) {
        let index = try defined(\.globals, names: \.globals)
        try inlineExports(.global, index)
        if try inlineImport() { return try importedGlobal() }
        beginDefinition("global")
        sections.globals.beginElement()
        var type: [UInt8] = []
        try globalType(to: &type)
        try constantExpression()
        sections.globals.bytes += type
        sections.globals.bytes += code
    }

    /// What an imported global is.
    mutating func importedGlobal() throws(TextError) {
        sections.imports.bytes.append(ExternalKind.global.rawValue)
        var type: [UInt8] = []
        try globalType(to: &type)
        sections.imports.bytes += type
    }

    private mutating func globalType(to bytes: inout [UInt8]) throws(TextError) {
        let isMutable = cursor.takeOpen(.mut)
        try cursor.valueType(types, to: &bytes)
        if isMutable { try cursor.close() }
        bytes.append(isMutable ? 1 : 0)
    }

    /// `(tag …)`.
    mutating func tagField() throws(TextError) {
        let index = try defined(\.tags, names: \.tags)
        try inlineExports(.tag, index)
        if try inlineImport() { return try importedTag() }
        beginDefinition("tag")
        sections.tags.beginElement()
        sections.tags.bytes.append(0x00)
        sections.tags.bytes.appendUnsigned(try typeUse(names: .ignored))
    }

    /// What an imported tag is.
    mutating func importedTag() throws(TextError) {
        sections.imports.bytes.append(ExternalKind.tag.rawValue)
        sections.imports.bytes.append(0x00)
        sections.imports.bytes.appendUnsigned(try typeUse(names: .ignored))
    }
}
