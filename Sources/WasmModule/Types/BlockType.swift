/// A block's type: core, 3.2.2. The common ones need no look at the type section.
enum BlockType: Equatable {
    case empty
    case value(ValueType)
    /// The function type at an index.
    case type(Int)
}

extension ByteReader {
    /// A block type (core, 5.4.1).
    mutating func blockType(in types: ModuleTypes) throws(ModuleError) -> BlockType {
        let place = offset
        let first = try peek()
        if first == 0x40 {
            offset += 1
            return .empty
        }
        // A value type is a negative number of one byte; an index is a positive one.
        if first & 0xC0 == 0x40 { return .value(try valueType(in: types)) }
        let index = try s33()
        guard index >= 0, index < types.count, types.function(Int(index)) != nil else {
            throw ModuleError(index < 0 ? .malformed : .invalid, "unknown type \(index) of a block", at: place)
        }
        return .type(Int(index))
    }
}
