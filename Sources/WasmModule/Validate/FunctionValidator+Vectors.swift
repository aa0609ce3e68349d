internal import CWasmInterpreter

/// Instructions on vectors.
extension FunctionValidator {
    /// Opcodes with the prefix 0xFD.
    mutating func validateVector() throws(ModuleError) {
        operandLimit = min(operandLimit, ImplementationLimits.operandsWithVectors)
        let number = try reader.u32()
        var operation = number < 0x200 ? Operation.table[0x200 + Int(number)] : wasm_operation()
        if operation.family == WASM_FAMILY_VECTOR_SAME { operation = Operation.table[Int(operation.same)] }
        let operand = ValueType(code: operation.operand)
        switch operation.family {
        case WASM_FAMILY_VECTOR_COMMUTATIVE, WASM_FAMILY_VECTOR_BINARY: try pop([.v128, .v128])
        case WASM_FAMILY_VECTOR_UNARY: try pop(.v128)
        case WASM_FAMILY_VECTOR_TERNARY: try pop([.v128, .v128, .v128])
        case WASM_FAMILY_VECTOR_SHIFT: try pop([.v128, .i32])
        case WASM_FAMILY_VECTOR_TEST:
            try pop(.v128)
            return push(.i32)
        case WASM_FAMILY_VECTOR_SPLAT: try pop(operand)
        case WASM_FAMILY_VECTOR_EXTRACT:
            try lane(below: operation.lanes)
            try pop(.v128)
            return push(ValueType(code: operation.result))
        case WASM_FAMILY_VECTOR_REPLACE:
            try lane(below: operation.lanes)
            try pop([.v128, operand])
        case WASM_FAMILY_VECTOR_SHUFFLE:
            for _ in 0..<16 { try lane(below: operation.lanes) }
            try pop([.v128, .v128])
        case WASM_FAMILY_VECTOR_CONST: try reader.skip(16)
        case WASM_FAMILY_VECTOR_LOAD: try pop(try memoryArgument(log2: operation.log2))
        case WASM_FAMILY_VECTOR_STORE: return try pop([try memoryArgument(log2: operation.log2), .v128])
        case WASM_FAMILY_VECTOR_LOAD_LANE, WASM_FAMILY_VECTOR_STORE_LANE:
            let address = try memoryArgument(log2: operation.log2)
            try lane(below: operation.lanes)
            try pop([address, .v128])
            if operation.family == WASM_FAMILY_VECTOR_STORE_LANE { return }
        default: throw ModuleError(.malformed, "illegal opcode 0xfd \(number)", at: place)
        }
        push(.v128)
    }

    private mutating func lane(below count: UInt8) throws(ModuleError) {
        let lane = try reader.byte()
        guard lane < count else { throw invalid("invalid lane index \(lane): there are \(count)") }
    }

    /// How many operands a function may have at once: fewer where some may be vectors, which take two slots.
    static func operandLimit(_ signatures: Signatures, _ globals: [GlobalType], _ types: ModuleTypes) -> Int {
        let hasVectors =
            signatures.types.contains(.v128) || globals.contains { $0.value == .v128 } || types.storesVectors
        return hasVectors ? ImplementationLimits.operandsWithVectors : ImplementationLimits.operands
    }
}

extension ModuleTypes {
    /// Whether objects of some type hold vectors.
    fileprivate var storesVectors: Bool {
        (0..<count).contains { index in
            switch self[index].composite {
            case .function: false
            case .structure(let fields): fields.contains { $0.storage == .value(.v128) }
            case .array(let element): element.storage == .value(.v128)
            }
        }
    }
}
