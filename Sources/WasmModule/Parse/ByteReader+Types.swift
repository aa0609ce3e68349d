extension ByteReader {
    /// A value type (core, 5.3.5). `group`: the indices of the recursive group that is being read, whose members may name
    /// each other.
    package mutating func valueType(
        in types: ModuleTypes, group: Range<Int> = 0..<0
    ) throws(ModuleError) -> ValueType {
        let place = offset
        let code = try byte()
        if case 0x7B...0x7F = code { return ValueType(code: code) }
        return try referenceType(code, at: place, in: types, group: group, what: "value")
    }

    /// A reference type (core, 5.3.4).
    package mutating func referenceType(
        in types: ModuleTypes, group: Range<Int> = 0..<0
    ) throws(ModuleError) -> ValueType {
        let place = offset
        return try referenceType(try byte(), at: place, in: types, group: group, what: "reference")
    }

    private mutating func referenceType(
        _ code: UInt8, at place: Int, in types: ModuleTypes, group: Range<Int>, what: String
    ) throws(ModuleError) -> ValueType {
        if code == 0x63 || code == 0x64 {
            return ValueType(try heapType(in: types, group: group), isNullable: code == 0x63)
        }
        guard let heapType = HeapType(code: code) else {
            throw malformed("malformed \(what) type 0x\(String(code, radix: 16))", at: place)
        }
        return ValueType(heapType, isNullable: true)
    }

    /// A heap type (core, 5.3.3): a negative number for an abstract one, or a type's index.
    package mutating func heapType(
        in types: ModuleTypes, group: Range<Int> = 0..<0
    ) throws(ModuleError) -> HeapType {
        let place = offset
        let number = try s33()
        if number >= 0 { return try heapType(ofIndex: number, at: place, in: types, group: group) }
        guard number >= -0x40, let abstract = HeapType(code: UInt8(truncatingIfNeeded: number) & 0x7F) else {
            throw malformed("malformed heap type \(number)", at: place)
        }
        return abstract
    }

    private func heapType(
        ofIndex index: Int64, at place: Int, in types: ModuleTypes, group: Range<Int>
    ) throws(ModuleError) -> HeapType {
        if index < types.count { return types.heapType(Int(index)) }
        guard group.contains(Int(index)) else { throw ModuleError(.invalid, "unknown type \(index)", at: place) }
        return .member(Int(index) - group.lowerBound)
    }
}
