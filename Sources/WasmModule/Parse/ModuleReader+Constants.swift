extension ModuleReader {
    /// A constant expression of the given type, with its `end` (core, 3.4.14 and 5.4.9).
    mutating func readConstant(_ expected: ValueType) throws(ModuleError) -> ConstantExpression {
        var expression = ConstantExpression(instructions: [])
        var stack: [ValueType] = []
        while true {
            let place = reader.offset
            if try readConstantInstruction(into: &expression, &stack) { continue }
            guard stack.count == 1, types.hierarchy.matches(stack[0], expected) else {
                throw invalid("type mismatch: a constant expression of type \(expected) is wanted here", at: place)
            }
            return expression
        }
    }

    /// Reads one instruction; false at the end.
    private mutating func readConstantInstruction(
        into expression: inout ConstantExpression, _ stack: inout [ValueType]
    ) throws(ModuleError) -> Bool {
        let place = reader.offset
        switch try reader.byte() {
        case 0x0B: return false
        case 0x41:
            expression.instructions.append(.number(UInt64(UInt32(bitPattern: try reader.s32()))))
            stack.append(.i32)
        case 0x42:
            expression.instructions.append(.number(UInt64(bitPattern: try reader.s64())))
            stack.append(.i64)
        case 0x43:
            expression.instructions.append(.number(UInt64(try reader.bits32())))
            stack.append(.f32)
        case 0x44:
            expression.instructions.append(.number(try reader.bits64()))
            stack.append(.f64)
        case 0x23:
            let index = Int(try reader.u32())
            guard index < globals.count else { throw invalid("unknown global \(index)", at: place) }
            guard !globals[index].isMutable else {
                throw invalid("constant expression required: global \(index) can change", at: place)
            }
            expression.instructions.append(.global(index))
            stack.append(globals[index].value)
        case 0xD0:
            stack.append(ValueType(try reader.heapType(in: types), isNullable: true))
            expression.instructions.append(.nullReference)
        case 0xD2:
            let index = Int(try reader.u32())
            guard index < functions.count else { throw invalid("unknown function \(index)", at: place) }
            referenced.insert(index)
            expression.instructions.append(.function(index))
            stack.append(ValueType(types.heapType(functions[index]), isNullable: false))
        case 0x6A: try combine(.i32, .add32, at: place, into: &expression, &stack)
        case 0x6B: try combine(.i32, .subtract32, at: place, into: &expression, &stack)
        case 0x6C: try combine(.i32, .multiply32, at: place, into: &expression, &stack)
        case 0x7C: try combine(.i64, .add64, at: place, into: &expression, &stack)
        case 0x7D: try combine(.i64, .subtract64, at: place, into: &expression, &stack)
        case 0x7E: try combine(.i64, .multiply64, at: place, into: &expression, &stack)
        case 0xFB: try readConstantObject(at: place, into: &expression, &stack)
        case 0xFD:
            guard try reader.u32() == 12 else { throw invalid("constant expression required", at: place) }
            let low = try reader.bits64()
            expression.instructions.append(.vector(low, try reader.bits64()))
            stack.append(.v128)
        case let code where code >= 0xE0 && code != 0xFC:
            throw reader.malformed("illegal opcode 0x\(String(code, radix: 16))", at: place)
        default: throw invalid("constant expression required", at: place)
        }
        return true
    }

    private func combine(
        _ type: ValueType, _ instruction: ConstantExpression.Instruction, at place: Int,
        into expression: inout ConstantExpression, _ stack: inout [ValueType]
    ) throws(ModuleError) {
        try pop([type, type], at: place, &stack)
        expression.instructions.append(instruction)
        stack.append(type)
    }

    private func pop(_ wanted: [ValueType], at place: Int, _ stack: inout [ValueType]) throws(ModuleError) {
        for type in wanted.reversed() {
            guard let found = stack.popLast(), types.hierarchy.matches(found, type) else {
                throw invalid("type mismatch in a constant expression: \(type) is wanted", at: place)
            }
        }
    }

    /// Instructions that make objects, and those that convert references.
    private mutating func readConstantObject(
        at place: Int, into expression: inout ConstantExpression, _ stack: inout [ValueType]
    ) throws(ModuleError) {
        let number = try reader.u32()
        switch number {
        case 0, 1:
            let (type, fields) = try structure(at: place)
            if number == 1 {
                try checkDefaultable(fields, at: place)
            } else {
                try pop(fields.map(\.storage.unpacked), at: place, &stack)
            }
            expression.instructions.append(number == 0 ? .structure(type) : .defaultStructure(type))
            stack.append(ValueType(.defined(type), isNullable: false))
        case 6, 7, 8:
            let (type, element) = try array(at: place)
            if number == 6 {
                try pop([element.storage.unpacked, .i32], at: place, &stack)
                expression.instructions.append(.array(type))
            } else if number == 7 {
                try checkDefaultable([element], at: place)
                try pop([.i32], at: place, &stack)
                expression.instructions.append(.defaultArray(type))
            } else {
                let count = Int(try reader.u32())
                guard count <= stack.count else { throw invalid("type mismatch in a constant expression", at: place) }
                try pop([ValueType](repeating: element.storage.unpacked, count: count), at: place, &stack)
                expression.instructions.append(.fixedArray(type, count: count))
            }
            stack.append(ValueType(.defined(type), isNullable: false))
        case 26, 27:
            let (from, to): (HeapType, HeapType) = number == 26 ? (.external, .any) : (.any, .external)
            guard let found = stack.popLast(), types.hierarchy.matches(found, ValueType(from, isNullable: true)) else {
                throw invalid("type mismatch in a constant expression: \(from)ref is wanted", at: place)
            }
            stack.append(ValueType(to, isNullable: found.isNullable))
        case 28:
            try pop([.i32], at: place, &stack)
            expression.instructions.append(.i31)
            stack.append(ValueType(.i31, isNullable: false))
        default:
            guard number < 31 else { throw reader.malformed("illegal opcode 0xfb \(number)", at: place) }
            throw invalid("constant expression required", at: place)
        }
    }

    private mutating func structure(at place: Int) throws(ModuleError) -> (type: Int, fields: [FieldType]) {
        let index = Int(try reader.u32())
        guard index < types.count else { throw invalid("unknown type \(index)", at: place) }
        guard case .structure(let fields) = types[index].composite else {
            throw invalid("type mismatch: type \(index) is not a structure", at: place)
        }
        return (types.numbers[index], fields)
    }

    private mutating func array(at place: Int) throws(ModuleError) -> (type: Int, element: FieldType) {
        let index = Int(try reader.u32())
        guard index < types.count else { throw invalid("unknown type \(index)", at: place) }
        guard case .array(let element) = types[index].composite else {
            throw invalid("type mismatch: type \(index) is not an array", at: place)
        }
        return (types.numbers[index], element)
    }

    private func checkDefaultable(_ fields: [FieldType], at place: Int) throws(ModuleError) {
        guard fields.allSatisfy({ $0.storage.unpacked.isDefaultable }) else {
            throw invalid("field type is not defaultable", at: place)
        }
    }
}
