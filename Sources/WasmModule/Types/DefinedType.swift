/// What a field or element holds: WebAssembly core, 2.3.9.
package enum StorageType: Hashable, Sendable, CustomStringConvertible {
    case value(ValueType)
    case i8
    case i16

    /// The type of the values that are read from it and written to it.
    package var unpacked: ValueType {
        if case .value(let type) = self { type } else { .i32 }
    }

    package var isPacked: Bool { self == .i8 || self == .i16 }

    /// Bytes that it takes in an object.
    package var size: Int {
        switch self {
        case .i8: 1
        case .i16: 2
        case .value(.i32), .value(.f32): 4
        case .value(.v128): 16
        case .value: 8
        }
    }

    package var description: String {
        switch self {
        case .value(let type): type.description
        case .i8: "i8"
        case .i16: "i16"
        }
    }
}

/// A field of a structure, or the elements of an array: core, 2.3.9.
package struct FieldType: Hashable, Sendable {
    package var storage: StorageType
    package var isMutable: Bool

    package init(_ storage: StorageType, isMutable: Bool) {
        self.storage = storage
        self.isMutable = isMutable
    }
}

/// What a type definition is made of: core, 2.3.8.
package enum CompositeType: Hashable, Sendable {
    case function(FunctionType)
    case structure([FieldType])
    case array(FieldType)

    /// The abstract type above all types of this kind.
    package var abstract: HeapType {
        switch self {
        case .function: .function
        case .structure: .structure
        case .array: .array
        }
    }
}

/// A type definition with its place in the hierarchy: core, 2.3.8's subtype.
package struct DefinedType: Hashable, Sendable {
    package var composite: CompositeType
    /// The type right above it, if one was declared.
    package var supertype: HeapType?
    /// Whether it may have no subtypes.
    package var isFinal: Bool

    package init(_ composite: CompositeType, supertype: HeapType? = nil, isFinal: Bool = true) {
        self.composite = composite
        self.supertype = supertype
        self.isFinal = isFinal
    }

    /// The same definition with other heap types in the place of those that it names.
    package func mappingHeapTypes(_ map: (HeapType) -> HeapType) -> DefinedType {
        func mapped(_ field: FieldType) -> FieldType {
            guard case .value(let type) = field.storage else { return field }
            return FieldType(.value(type.mappingHeapType(map)), isMutable: field.isMutable)
        }
        let composite: CompositeType =
            switch self.composite {
            case .function(let type):
                .function(
                    FunctionType(
                        type.parameters.map { $0.mappingHeapType(map) }, type.results.map { $0.mappingHeapType(map) }))
            case .structure(let fields): .structure(fields.map(mapped))
            case .array(let element): .array(mapped(element))
            }
        return DefinedType(composite, supertype: supertype.map(map), isFinal: isFinal)
    }
}
