internal import WasmModule

/// Evaluates constant expressions (core, 4.5.4). Validation has seen that operands are there and types fit.
struct ConstantEvaluator {
    /// A global's value, and a reference to a function.
    let global: (Int) -> Value
    let function: (Int) -> Value

    func value(of expression: ConstantExpression) -> Value {
        var stack: [Value] = []
        for instruction in expression.instructions { evaluate(instruction, &stack) }
        return stack.last ?? Value(0)
    }

    private func evaluate(_ instruction: ConstantExpression.Instruction, _ stack: inout [Value]) {
        switch instruction {
        case .number(let bits): stack.append(Value(bits))
        case .vector(let low, let high): stack.append(Value(low, high: high))
        case .nullReference: stack.append(Value(0))
        case .function(let index): stack.append(function(index))
        case .global(let index): stack.append(global(index))
        case .add32: combine32(&stack, &+)
        case .subtract32: combine32(&stack, &-)
        case .multiply32: combine32(&stack, &*)
        case .add64: combine(&stack, &+)
        case .subtract64: combine(&stack, &-)
        case .multiply64: combine(&stack, &*)
        case .i31, .structure, .defaultStructure, .array, .defaultArray, .fixedArray: break
        }
    }

    private func combine(_ stack: inout [Value], _ operation: (UInt64, UInt64) -> UInt64) {
        let right = stack.removeLast().low
        let left = stack.removeLast().low
        stack.append(Value(operation(left, right)))
    }

    private func combine32(_ stack: inout [Value], _ operation: (UInt32, UInt32) -> UInt32) {
        combine(&stack) { UInt64(operation(UInt32(truncatingIfNeeded: $0), UInt32(truncatingIfNeeded: $1))) }
    }
}
