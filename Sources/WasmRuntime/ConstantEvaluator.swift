internal import CWasmInterpreter
internal import WasmModule

/// Evaluates constant expressions (core, 4.5.4). Validation has seen that operands are there and types fit.
struct ConstantEvaluator {
    /// A global's value, and a reference to a function.
    let global: (Int) -> Value
    let function: (Int) -> Value
    let objects: ObjectMaker
    /// The store's number of each of the module's types, by the module's own number.
    let typeNumbers: [Int]

    /// Throws `RuntimeError` when there is no memory for an object.
    func value(of expression: ConstantExpression) throws(RuntimeError) -> Value {
        var stack: [Value] = []
        for instruction in expression.instructions { try evaluate(instruction, &stack) }
        return stack.last ?? Value(0)
    }

    private func evaluate(
        _ instruction: ConstantExpression.Instruction, _ stack: inout [Value]
    ) throws(RuntimeError) {
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
        case .i31: stack.append(Value(UInt64(UInt32(truncatingIfNeeded: stack.removeLast().low) << 1 | 1)))
        case .structure(let type):
            guard case .structure(let fields) = objects.store.types[typeNumbers[type]].composite else { return }
            let values = Array(stack.suffix(fields.count))
            stack.removeLast(fields.count)
            try push(objects.structure(typeNumbers[type], values), &stack)
        case .defaultStructure(let type): try push(objects.structure(typeNumbers[type], nil), &stack)
        case .array(let type):
            let count = UInt32(truncatingIfNeeded: stack.removeLast().low)
            try push(objects.array(typeNumbers[type], of: stack.removeLast(), count: count), &stack)
        case .defaultArray(let type):
            let count = UInt32(truncatingIfNeeded: stack.removeLast().low)
            try push(objects.array(typeNumbers[type], count: count), &stack)
        case .fixedArray(let type, let count):
            let values = Array(stack.suffix(count))
            stack.removeLast(count)
            try push(objects.array(typeNumbers[type], values), &stack)
        }
    }

    private func push(_ object: Value?, _ stack: inout [Value]) throws(RuntimeError) {
        guard let object else { throw RuntimeError(.trap(Trap(reason: Trap.reason(WASM_TRAP_OUT_OF_MEMORY)))) }
        stack.append(object)
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
