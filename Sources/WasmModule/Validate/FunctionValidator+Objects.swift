/// Instructions on structures, arrays and i31: core, 3.4.9 to 3.4.12.
extension FunctionValidator {
    /// Opcodes with the prefix 0xFB.
    mutating func validateObject() throws(ModuleError) {
        let number = try reader.u32()
        switch number {
        case 0...5: try validateStructure(number)
        case 6...19: try validateArray(number)
        case 20, 21: try validateTest(isNullable: number == 21, isCast: false)
        case 22, 23: try validateTest(isNullable: number == 23, isCast: true)
        case 24, 25: try validateBranchOnCast(whenFailed: number == 25)
        case 26: try convert(.external, .any)
        case 27: try convert(.any, .external)
        case 28:
            try pop(.i32)
            push(ValueType(.i31, isNullable: false))
        case 29, 30:
            try pop(.i31ref)
            push(.i32)
        default: throw ModuleError(.malformed, "illegal opcode 0xfb \(number)", at: place)
        }
    }

    private mutating func convert(_ from: HeapType, _ to: HeapType) throws(ModuleError) {
        let type = try popReference()
        try check(type, matches: ValueType(from, isNullable: true))
        push(ValueType(to, isNullable: type.isNullable))
    }

    // MARK: - Structures

    private mutating func validateStructure(_ number: UInt32) throws(ModuleError) {
        let index = try typeIndex()
        guard case .structure(let fields) = types[index].composite else {
            throw invalid("type mismatch: type \(index) is not a structure")
        }
        let reference = ValueType(types.heapType(index), isNullable: true)
        switch number {
        case 0:
            try pop(fields.map(\.storage.unpacked))
            push(reference.withoutNull)
        case 1:
            try checkDefaultable(fields)
            push(reference.withoutNull)
        case 2, 3, 4:
            let field = try field(of: fields)
            try checkPacking(field, extends: number != 2)
            try pop(reference)
            push(field.storage.unpacked)
        default:
            let field = try field(of: fields)
            guard field.isMutable else { throw invalid("immutable field: it is never set") }
            try pop(field.storage.unpacked)
            try pop(reference)
        }
    }

    private mutating func field(of fields: [FieldType]) throws(ModuleError) -> FieldType {
        let index = Int(try reader.u32())
        guard index < fields.count else { throw invalid("unknown field \(index)") }
        return fields[index]
    }

    /// Packed fields are read with an extension, others without.
    private func checkPacking(_ field: FieldType, extends: Bool) throws(ModuleError) {
        guard field.storage.isPacked == extends else {
            throw invalid(
                "type mismatch: field is \(field.storage), it is read \(extends ? "with" : "without") extension")
        }
    }

    private func checkDefaultable(_ fields: [FieldType]) throws(ModuleError) {
        guard fields.allSatisfy({ $0.storage.unpacked.isDefaultable }) else {
            throw invalid("field type is not defaultable")
        }
    }

    // MARK: - Arrays

    private mutating func validateArray(_ number: UInt32) throws(ModuleError) {
        if number == 15 {
            try pop(.arrayref)
            return push(.i32)
        }
        let (element, reference) = try arrayType()
        let value = element.storage.unpacked
        switch number {
        case 6:
            try pop([value, .i32])
            push(reference.withoutNull)
        case 7:
            try checkDefaultable([element])
            try pop(.i32)
            push(reference.withoutNull)
        case 8:
            let count = Int(try reader.u32())
            guard count <= ImplementationLimits.operands else {
                throw ModuleError(
                    .limit, "array.new_fixed of \(count), and \(ImplementationLimits.operands) is the most", at: place)
            }
            for _ in 0..<count { try pop(value) }
            push(reference.withoutNull)
        case 9:
            try checkNumeric(element)
            try dataIndex()
            try pop([.i32, .i32])
            push(reference.withoutNull)
        case 10:
            try check(elementTypes[try elementIndex()], matches: value)
            try pop([.i32, .i32])
            push(reference.withoutNull)
        case 11, 12, 13:
            try checkPacking(element, extends: number != 11)
            try pop([reference, .i32])
            push(value)
        case 14:
            try checkMutable(element)
            try pop([reference, .i32, value])
        case 16:
            try checkMutable(element)
            try pop([reference, .i32, value, .i32])
        case 17:
            try checkMutable(element)
            let (source, sourceReference) = try arrayType()
            try checkStorage(source.storage, matches: element.storage)
            try pop([reference, .i32, sourceReference, .i32, .i32])
        case 18:
            try checkMutable(element)
            try checkNumeric(element)
            try dataIndex()
            try pop([reference, .i32, .i32, .i32])
        default:
            try checkMutable(element)
            try check(elementTypes[try elementIndex()], matches: value)
            try pop([reference, .i32, .i32, .i32])
        }
    }

    private mutating func typeIndex() throws(ModuleError) -> Int {
        let index = Int(try reader.u32())
        guard index < types.count else { throw invalid("unknown type \(index)") }
        return index
    }

    /// The element type of an array type that an instruction names, and the type of references to such arrays.
    private mutating func arrayType() throws(ModuleError) -> (element: FieldType, reference: ValueType) {
        let index = try typeIndex()
        guard case .array(let element) = types[index].composite else {
            throw invalid("type mismatch: type \(index) is not an array")
        }
        return (element, ValueType(types.heapType(index), isNullable: true))
    }

    private func checkMutable(_ element: FieldType) throws(ModuleError) {
        guard element.isMutable else { throw invalid("immutable array: its elements are never set") }
    }

    private func checkNumeric(_ element: FieldType) throws(ModuleError) {
        guard !element.storage.unpacked.isReference else {
            throw invalid("array type is not numeric or vector")
        }
    }

    private func checkStorage(_ storage: StorageType, matches wanted: StorageType) throws(ModuleError) {
        if storage == wanted { return }
        guard case .value(let type) = storage, case .value(let wantedType) = wanted,
            types.hierarchy.matches(type, wantedType)
        else { throw invalid("array types do not match: \(storage) is copied to \(wanted)") }
    }
}
