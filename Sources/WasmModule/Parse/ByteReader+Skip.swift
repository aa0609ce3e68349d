extension ByteReader {
    /// Reads over what follows an instruction's opcode (core, 5.4). Blocks are the caller's.
    mutating func skipImmediates(of opcode: UInt8, in types: ModuleTypes) throws(ModuleError) {
        switch opcode {
        case 0x07, 0x08, 0x09, 0x0C, 0x0D, 0x10, 0x12, 0x14, 0x15, 0x18, 0x20...0x26, 0x3F, 0x40, 0xD2, 0xD5, 0xD6:
            _ = try u32()
        case 0x28...0x3E: try skipMemoryArgument()
        case 0x11, 0x13: try skipIndices(2)
        case 0x0E: for _ in 0...(try u32()) { _ = try u32() }
        case 0x1C: for _ in 0..<(try u32()) { _ = try valueType(in: types) }
        case 0x41: _ = try s32()
        case 0x42: _ = try s64()
        case 0x43: try skip(4)
        case 0x44: try skip(8)
        case 0xD0: _ = try heapType(in: types)
        case 0xFB: try skipObjectImmediates(in: types)
        case 0xFC: try skipPrefixedImmediates()
        case 0xFD: try skipVectorImmediates()
        case 0xFE:
            if try u32() == 3 { try skip(1) } else { try skipMemoryArgument() }
        default: break
        }
    }

    /// Reads over what a guarded block catches.
    mutating func skipCatchClauses() throws(ModuleError) {
        for _ in 0..<(try u32()) {
            if try byte() < 2 { _ = try u32() }
            _ = try u32()
        }
    }

    private mutating func skipIndices(_ count: Int) throws(ModuleError) {
        for _ in 0..<count { _ = try u32() }
    }

    private mutating func skipMemoryArgument() throws(ModuleError) {
        if try u32() >= 64 { _ = try u32() }
        _ = try u64()
    }

    private mutating func skipObjectImmediates(in types: ModuleTypes) throws(ModuleError) {
        switch try u32() {
        case 0, 1, 6, 7, 11...14, 16: _ = try u32()
        case 2...5, 8...10, 17...19: try skipIndices(2)
        case 20...23: _ = try heapType(in: types)
        case 24, 25:
            try skip(1)
            _ = try u32()
            _ = try heapType(in: types)
            _ = try heapType(in: types)
        default: break
        }
    }

    private mutating func skipPrefixedImmediates() throws(ModuleError) {
        switch try u32() {
        case 8, 10, 12, 14: try skipIndices(2)
        case 9, 11, 13, 15, 16, 17: _ = try u32()
        default: break
        }
    }

    private mutating func skipVectorImmediates() throws(ModuleError) {
        switch try u32() {
        case 0...11, 92, 93: try skipMemoryArgument()
        case 12, 13: try skip(16)
        case 21...34: try skip(1)
        case 84...91:
            try skipMemoryArgument()
            try skip(1)
        default: break
        }
    }
}
