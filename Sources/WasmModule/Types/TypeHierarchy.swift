/// Type definitions by number, and which of them may stand for which: WebAssembly core, 3.3.
///
/// Types are equal if and only if their recursive groups are, whatever module they come from (core, 3.1.3): a group is
/// compared with references to its own members written as positions, and to earlier types as their numbers. Equal types
/// so get one number, and comparing types is comparing numbers.
package struct TypeHierarchy: Sendable {
    package private(set) var definitions: [DefinedType] = []
    /// Where each group of definitions begins, by its content.
    private var groups: [[DefinedType]: Int] = [:]

    package init() {}

    /// Defines a recursive group: references to its own members are `HeapType.member`, all others numbers of this hierarchy.
    /// Gives the number of its first member: the former one if an equal group was defined before.
    package mutating func define(_ group: [DefinedType]) -> Int {
        if let known = groups[group] { return known }
        let first = definitions.count
        groups[group] = first
        for member in group { definitions.append(Self.resolved(member, from: first)) }
        return first
    }

    /// A definition with the members of its own group by number.
    static func resolved(_ definition: DefinedType, from first: Int) -> DefinedType {
        definition.mappingHeapTypes { type in type.memberPosition.map { .defined(first + $0) } ?? type }
    }

    package subscript(number: Int) -> DefinedType { definitions[number] }

    /// Adds definitions that are only looked at until `forget`: a group's, while it is validated.
    mutating func assume(_ group: [DefinedType]) -> Int {
        let first = definitions.count
        for member in group { definitions.append(Self.resolved(member, from: first)) }
        return first
    }

    /// Takes away what `assume` added.
    mutating func forget(from first: Int) { definitions.removeSubrange(first...) }

    // MARK: - Matching

    /// Whether a value of type `type` may stand where `wanted` is asked for (core, 3.3.4).
    @inline(__always)
    package func matches(_ type: ValueType, _ wanted: ValueType) -> Bool {
        type == wanted || matchesSlow(type, wanted)
    }

    private func matchesSlow(_ type: ValueType, _ wanted: ValueType) -> Bool {
        if type == .unknown { return true }
        guard type.isReference, wanted.isReference, !type.isNullable || wanted.isNullable else { return false }
        return matches(type.heapType, wanted.heapType)
    }

    /// Core, 3.3.3.
    package func matches(_ type: HeapType, _ wanted: HeapType) -> Bool {
        if type == wanted || type == .bottom { return true }
        if let number = type.number {
            if wanted.number == nil { return matches(definitions[number].composite.abstract, wanted) }
            var next = definitions[number].supertype
            while let above = next, let number = above.number {
                if above == wanted { return true }
                next = definitions[number].supertype
            }
            return false
        }
        switch type {
        case .none: return isData(wanted)
        case .noFunction: return root(of: wanted) == .function
        case .noExternal: return wanted == .external
        case .noException: return wanted == .exception
        case .i31, .structure, .array: return wanted == .eq || wanted == .any
        case .eq: return wanted == .any
        default: return false
        }
    }

    /// Whether a type is in the hierarchy of `any`.
    private func isData(_ type: HeapType) -> Bool { root(of: type) == .any }

    /// The topmost type above a heap type: any, func, extern or exn.
    package func root(of type: HeapType) -> HeapType {
        if let number = type.number {
            if case .function = definitions[number].composite { return .function }
            return .any
        }
        return switch type {
        case .function, .noFunction: .function
        case .external, .noExternal: .external
        case .exception, .noException: .exception
        default: .any
        }
    }

    /// Whether values of all types in the first list may stand for those in the second (core, 3.3.6).
    package func matches(_ types: [ValueType], _ wanted: [ValueType]) -> Bool {
        types == wanted || types.count == wanted.count && zip(types, wanted).allSatisfy { matches($0, $1) }
    }

    /// Core, 3.3.7 to 3.3.9: parameters the other way round; what can change must be the same.
    package func matches(_ type: CompositeType, _ wanted: CompositeType) -> Bool {
        switch (type, wanted) {
        case (.function(let type), .function(let wanted)):
            matches(wanted.parameters, type.parameters) && matches(type.results, wanted.results)
        case (.structure(let fields), .structure(let wanted)):
            fields.count >= wanted.count && zip(fields, wanted).allSatisfy { matches($0, $1) }
        case (.array(let element), .array(let wanted)): matches(element, wanted)
        default: false
        }
    }

    private func matches(_ field: FieldType, _ wanted: FieldType) -> Bool {
        guard field.isMutable == wanted.isMutable else { return false }
        if field.storage == wanted.storage { return true }
        guard case .value(let type) = field.storage, case .value(let wantedType) = wanted.storage else { return false }
        return matches(type, wantedType) && (!field.isMutable || matches(wantedType, type))
    }
}
