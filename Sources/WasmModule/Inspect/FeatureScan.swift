/// Finds out which features a module uses, by looking at all of it.
package struct FeatureScan {
    private let module: Module
    private var found: Set<Feature> = []

    /// The features that `module` uses, in the order in which `Feature` lists them.
    package static func features(of module: Module) -> [Feature] {
        var scan = FeatureScan(module)
        scan.scanDefinitions()
        for body in module.bodies {
            // A validated body is read to its end.
            try? scan.scanBody(body.range)
        }
        return Feature.allCases.filter { scan.found.contains($0) }
    }

    private init(_ module: Module) { self.module = module }

    // MARK: - Definitions

    private mutating func scanDefinitions() {
        for index in 0..<module.types.count { scan(module.types[index]) }
        if module.memories.count > 1 { found.insert(.multiMemory) }
        for memory in module.memories {
            if memory.address == .i64 { found.insert(.memory64) }
            if memory.isShared { found.insert(.threads) }
            if memory.pageLog2 != 16 { found.insert(.customPageSizes) }
        }
        if module.tables.count > 1 { found.insert(.referenceTypes) }
        for table in module.tables {
            if table.address == .i64 { found.insert(.memory64) }
            if table.element != .funcref { scan(table.element) }
        }
        if !module.tags.isEmpty { found.insert(.exceptionHandling) }
        scanGlobals()
        for segment in module.elements { scan(segment) }
        for segment in module.data { if case .passive = segment.mode { found.insert(.bulkMemory) } }
    }

    private mutating func scanGlobals() {
        for global in module.globals { scan(global.value) }
        for item in module.imports {
            if case .global(let type) = item.type, type.isMutable { found.insert(.mutableGlobals) }
        }
        for export in module.exports where export.kind == .global && module.globals[export.index].isMutable {
            found.insert(.mutableGlobals)
        }
        for global in module.definedGlobals { scan(global.value) }
    }

    private mutating func scan(_ segment: Module.ElementSegment) {
        switch segment.mode {
        case .active(_, let offset): scan(offset)
        case .passive, .declarative: found.insert(.bulkMemory)
        }
        if case .expressions(let values) = segment.values { for value in values { scan(value) } }
    }

    private mutating func scan(_ definition: DefinedType) {
        switch definition.composite {
        case .function(let type):
            if type.results.count > 1 { found.insert(.multiValue) }
            for value in type.parameters + type.results { scan(value) }
        case .structure, .array: found.insert(.garbageCollection)
        }
        if definition.supertype != nil || !definition.isFinal { found.insert(.garbageCollection) }
    }

    private mutating func scan(_ type: ValueType) {
        if type == .v128 { found.insert(.simd) }
        guard type.isReference else { return }
        found.insert(.referenceTypes)
        switch type.heapType {
        case .function, .external: if !type.isNullable { found.insert(.functionReferences) }
        case .exception: found.insert(.exceptionHandling)
        case let heapType where heapType.code == nil: found.insert(.functionReferences)
        default: found.insert(.garbageCollection)
        }
    }

    private mutating func scan(_ expression: ConstantExpression) {
        for instruction in expression.instructions {
            switch instruction {
            case .add32, .subtract32, .multiply32, .add64, .subtract64, .multiply64: found.insert(.extendedConstants)
            case .vector: found.insert(.simd)
            case .i31, .structure, .defaultStructure, .array, .defaultArray, .fixedArray:
                found.insert(.garbageCollection)
            case .number, .nullReference, .function, .global: break
            }
        }
    }

    // MARK: - Code

    private mutating func scanBody(_ range: Range<Int>) throws(ModuleError) {
        var reader = ByteReader(module.bytes, from: range.lowerBound, to: range.upperBound)
        for _ in 0..<(try reader.u32()) {
            _ = try reader.u32()
            scan(try reader.valueType(in: module.types))
        }
        while !reader.isAtEnd { try scanInstruction(&reader) }
    }

    private mutating func scanInstruction(_ reader: inout ByteReader) throws(ModuleError) {
        let opcode = try reader.byte()
        switch opcode {
        case 0x02, 0x03, 0x04, 0x06:
            if case .type = try reader.blockType(in: module.types) { found.insert(.multiValue) }
            if opcode == 0x06 { found.insert(.legacyExceptionHandling) }
            return
        case 0x1F:
            found.insert(.exceptionHandling)
            _ = try reader.blockType(in: module.types)
            return try reader.skipCatchClauses()
        case 0x07, 0x09, 0x18, 0x19: found.insert(.legacyExceptionHandling)
        case 0x08, 0x0A: found.insert(.exceptionHandling)
        case 0x12, 0x13: found.insert(.tailCall)
        case 0x14, 0xD4...0xD6: found.insert(.functionReferences)
        case 0x15: found.formUnion([.functionReferences, .tailCall])
        case 0x1C, 0x25, 0x26, 0xD0...0xD2: found.insert(.referenceTypes)
        case 0xC0...0xC4: found.insert(.signExtension)
        case 0xD3, 0xFB: found.insert(.garbageCollection)
        case 0xFE: found.insert(.threads)
        case 0xFC, 0xFD: scanPrefixed(opcode, reader)
        default: break
        }
        try reader.skipImmediates(of: opcode, in: module.types)
    }

    /// Looks at the number after the prefix, without reading over it.
    private mutating func scanPrefixed(_ prefix: UInt8, _ reader: ByteReader) {
        var ahead = reader
        guard let number = try? ahead.u32() else { return }
        switch (prefix, number) {
        case (0xFC, 0...7): found.insert(.saturatingConversion)
        case (0xFC, 8...14): found.insert(.bulkMemory)
        case (0xFC, 15...17): found.insert(.referenceTypes)
        case (0xFC, _): found.insert(.wideArithmetic)
        case (_, 0x100...): found.insert(.relaxedSIMD)
        default: found.insert(.simd)
        }
    }
}
