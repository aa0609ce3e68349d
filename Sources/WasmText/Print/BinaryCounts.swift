/// How much of everything a module has, which is known only at its end: names of what is not there are none.
struct BinaryCounts {
    private(set) var functions: UInt32 = 0
    private(set) var tables: UInt32 = 0
    private(set) var memories: UInt32 = 0
    private(set) var globals: UInt32 = 0
    private(set) var tags: UInt32 = 0
    private(set) var elements: UInt32 = 0
    private(set) var data: UInt32 = 0
    /// Of each type how many fields it has.
    private(set) var fields: [UInt32] = []

    /// Counts what the sections of a module have.
    init(_ bytes: [UInt8]) throws(BinaryError) {
        var reader = BinaryReader(bytes, 8..<bytes.count)
        while !reader.isAtEnd {
            let id = try reader.byte()
            var section = try reader.part()
            switch id {
            case 1: try countTypes(&section)
            case 2: try countImports(&section)
            case 3: functions &+= try section.u32()
            case 4: tables &+= try section.u32()
            case 5: memories &+= try section.u32()
            case 6: globals &+= try section.u32()
            case 9: elements &+= try section.u32()
            case 11: data &+= try section.u32()
            case 13: tags &+= try section.u32()
            default: break
            }
        }
    }

    private mutating func countTypes(_ section: inout BinaryReader) throws(BinaryError) {
        for _ in 0..<(try section.count()) {
            guard section.peek() == 0x4E else {
                try countType(&section)
                continue
            }
            _ = try section.byte()
            for _ in 0..<(try section.count()) { try countType(&section) }
        }
    }

    private mutating func countType(_ section: inout BinaryReader) throws(BinaryError) {
        if section.peek() == 0x50 || section.peek() == 0x4F {
            _ = try section.byte()
            for _ in 0..<(try section.count()) { _ = try section.u32() }
        }
        var count: UInt32 = 0
        switch try section.byte() {
        case 0x60:
            for _ in 0..<2 {
                for _ in 0..<(try section.count()) { try skipType(&section) }
            }
        case 0x5F:
            count = UInt32(try section.count())
            for _ in 0..<count {
                try skipType(&section)
                _ = try section.byte()
            }
        case 0x5E:
            try skipType(&section)
            _ = try section.byte()
        default: throw section.error("malformed type")
        }
        fields.append(count)
    }

    private func skipType(_ reader: inout BinaryReader) throws(BinaryError) {
        let byte = try reader.byte()
        if byte == 0x63 || byte == 0x64 { _ = try reader.signed() }
    }

    private mutating func countImports(_ section: inout BinaryReader) throws(BinaryError) {
        for _ in 0..<(try section.count()) {
            _ = try section.vector()
            _ = try section.vector()
            switch try section.byte() {
            case 0:
                functions &+= 1
                _ = try section.u32()
            case 1:
                tables &+= 1
                try skipType(&section)
                try skipLimits(&section)
            case 2:
                memories &+= 1
                try skipLimits(&section)
            case 3:
                globals &+= 1
                try skipType(&section)
                _ = try section.byte()
            case 4:
                tags &+= 1
                _ = try section.byte()
                _ = try section.u32()
            default: throw section.error("malformed import kind")
            }
        }
    }

    private func skipLimits(_ reader: inout BinaryReader) throws(BinaryError) {
        let flags = try reader.byte()
        _ = try reader.u64()
        if flags & 1 != 0 { _ = try reader.u64() }
        if flags & 8 != 0 { _ = try reader.u32() }
    }
}
