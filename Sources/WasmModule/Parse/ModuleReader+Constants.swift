extension ModuleReader {
    /// A constant expression of the given type, with its `end` (core, 3.4.14 and 5.4.9).
    mutating func readConstant(_ expected: ValueType) throws(ModuleError) -> ConstantExpression {
        var instructions: [ConstantExpression.Instruction] = []
        var stack: [ValueType] = []
        while true {
            let place = reader.offset
            func combine(
                _ type: ValueType, _ instruction: ConstantExpression.Instruction
            ) throws(ModuleError) {
                guard stack.count >= 2, stack.popLast() == type, stack.last == type else {
                    throw ModuleError(.invalid, "type mismatch in a constant expression", at: place)
                }
                instructions.append(instruction)
            }
            switch try reader.byte() {
            case 0x0B:
                guard stack == [expected] else {
                    throw invalid("type mismatch: a constant expression of type \(expected) is wanted here", at: place)
                }
                return ConstantExpression(instructions: instructions)
            case 0x41:
                instructions.append(.number(UInt64(UInt32(bitPattern: try reader.s32()))))
                stack.append(.i32)
            case 0x42:
                instructions.append(.number(UInt64(bitPattern: try reader.s64())))
                stack.append(.i64)
            case 0x43:
                instructions.append(.number(UInt64(try reader.bits32())))
                stack.append(.f32)
            case 0x44:
                instructions.append(.number(try reader.bits64()))
                stack.append(.f64)
            case 0x23:
                let index = Int(try reader.u32())
                guard index < globals.count else { throw invalid("unknown global \(index)", at: place) }
                guard !globals[index].isMutable else {
                    throw invalid("constant expression required: global \(index) can change", at: place)
                }
                instructions.append(.global(index))
                stack.append(globals[index].value)
            case 0xD0:
                stack.append(try reader.referenceType())
                instructions.append(.nullReference)
            case 0xD2:
                let index = Int(try reader.u32())
                guard index < functions.count else { throw invalid("unknown function \(index)", at: place) }
                referenced.insert(index)
                instructions.append(.function(index))
                stack.append(.funcref)
            case 0x6A: try combine(.i32, .add32)
            case 0x6B: try combine(.i32, .subtract32)
            case 0x6C: try combine(.i32, .multiply32)
            case 0x7C: try combine(.i64, .add64)
            case 0x7D: try combine(.i64, .subtract64)
            case 0x7E: try combine(.i64, .multiply64)
            case 0xFD: throw unsupported("simd", "it has a vector constant", at: place)
            case 0xFB: throw unsupported("gc", "it makes an object in a constant expression", at: place)
            case let code where code >= 0xE0 && code != 0xFC:
                throw reader.malformed("illegal opcode 0x\(String(code, radix: 16))", at: place)
            default: throw invalid("constant expression required", at: place)
            }
        }
    }
}
