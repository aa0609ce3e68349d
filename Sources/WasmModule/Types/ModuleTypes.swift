/// The types that a module defines: WebAssembly core, 2.5.2.
///
/// `ValueType`s of a module hold numbers of its `hierarchy`, not the indices that the file writes: two indices may mean one
/// type.
package struct ModuleTypes: Sendable {
    package private(set) var hierarchy = TypeHierarchy()
    /// The number of the type at each index.
    package private(set) var numbers: [Int] = []
    /// The groups in order, as they can be defined in another hierarchy.
    package private(set) var groups: [[DefinedType]] = []
    /// The number of each group's first member.
    private var groupNumbers: [Int] = []
    /// Where the fields of structures lie, by number.
    private var layouts: [Int: StructureLayout] = [:]

    package init() {}

    package var count: Int { numbers.count }

    /// The definition at an index, which must be less than `count`.
    package subscript(index: Int) -> DefinedType { hierarchy[numbers[index]] }

    /// The function type at an index, if the type there is one.
    package func function(_ index: Int) -> FunctionType? { function(number: numbers[index]) }

    /// The function type with a number, if the type is one.
    package func function(number: Int) -> FunctionType? {
        if case .function(let type) = hierarchy[number].composite { type } else { nil }
    }

    /// The index's type as a heap type.
    package func heapType(_ index: Int) -> HeapType { .defined(numbers[index]) }

    /// Defines a group of which every member follows the rules.
    mutating func define(_ group: [DefinedType]) {
        let first = hierarchy.define(group)
        for position in group.indices { numbers.append(first + position) }
        groups.append(group)
        groupNumbers.append(first)
        for number in first..<first + group.count {
            guard case .structure(let fields) = hierarchy[number].composite else { continue }
            layouts[number] = StructureLayout(fields, in: hierarchy)
        }
    }

    /// Where the fields of the structure type at an index lie.
    package func layout(_ index: Int) -> StructureLayout? { layouts[numbers[index]] }

    /// Whether every member's supertype may be one (core, 3.2.12): the reason why not, with the member's position.
    mutating func problem(in group: [DefinedType]) -> (position: Int, reason: String)? {
        guard group.contains(where: { $0.supertype != nil }) else { return nil }
        let first = hierarchy.assume(group)
        defer { hierarchy.forget(from: first) }
        // Every member's ways up first: what is compared then may be any of them, and each way must end, and soon.
        for position in group.indices {
            guard let number = hierarchy[first + position].supertype?.number else { continue }
            guard number < first + position else { return (position, "unknown type: a supertype must come before") }
            if depth(of: number) + 1 > ImplementationLimits.subtypingDepth {
                return (position, "sub type hierarchy deeper than \(ImplementationLimits.subtypingDepth)")
            }
        }
        for position in group.indices {
            let member = hierarchy[first + position]
            guard let number = member.supertype?.number else { continue }
            let above = hierarchy[number]
            if above.isFinal { return (position, "sub type \(first + position) of a final type") }
            if !hierarchy.matches(member.composite, above.composite) {
                return (position, "sub type \(first + position) does not match its super type")
            }
        }
        return nil
    }

    /// How many types are above the one with this number.
    private func depth(of number: Int) -> Int {
        var depth = 0
        var next = hierarchy[number].supertype
        while let number = next?.number {
            depth += 1
            next = hierarchy[number].supertype
        }
        return depth
    }

    /// Defines the module's types in another hierarchy: the number there of each number here.
    package func numbers(in other: inout TypeHierarchy) -> [Int] {
        var found = [Int](repeating: 0, count: hierarchy.definitions.count)
        for (group, first) in zip(groups, groupNumbers) {
            let translated = group.map { member in
                member.mappingHeapTypes { type in type.number.map { .defined(found[$0]) } ?? type }
            }
            let start = other.define(translated)
            for position in group.indices { found[first + position] = start + position }
        }
        return found
    }
}
