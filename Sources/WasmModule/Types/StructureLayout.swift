/// Where a structure's fields lie in its object (specs/gc.md): behind the type, in order, each at a multiple of its own
/// size. A type's fields so lie where those of the types above it do.
package struct StructureLayout: Sendable {
    /// The type's word.
    package static let headerSize = 8

    /// Each field's distance from the object's start, in bytes.
    package private(set) var offsets: [UInt32] = []
    /// Bytes of the object.
    package private(set) var size = headerSize
    /// The words, of 8 bytes, that hold references to objects.
    package private(set) var references: [UInt16] = []

    /// `hierarchy` is where the fields' types are defined.
    package init(_ fields: [FieldType], in hierarchy: TypeHierarchy) {
        offsets.reserveCapacity(fields.count)
        for field in fields {
            let bytes = field.storage.size
            size = (size + bytes - 1) / bytes * bytes
            offsets.append(UInt32(size))
            if hierarchy.holdsObjects(field.storage) { references.append(UInt16(size / 8)) }
            size += bytes
        }
    }
}

extension TypeHierarchy {
    /// Whether a value stored so may be a reference to an object of the heap: functions are elsewhere.
    package func holdsObjects(_ storage: StorageType) -> Bool {
        guard case .value(let type) = storage, type.isReference else { return false }
        return root(of: type.heapType) != .function
    }
}

extension StorageType {
    /// log2 of the bytes that it takes in an object.
    package var log2: Int { size.trailingZeroBitCount }
}
