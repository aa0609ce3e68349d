/// A constant expression: core, 3.4.14. Mostly one instruction; with extended constants a short sequence.
package struct ConstantExpression: Sendable {
    package enum Instruction: Sendable {
        /// A number's bits.
        case number(UInt64)
        case nullReference
        case function(Int)
        case global(Int)
        case add32, subtract32, multiply32
        case add64, subtract64, multiply64
    }

    package var instructions: [Instruction]

    /// The value's bits. `global` and `function` give those of a global and of a reference to a function.
    ///
    /// Validation has seen that operands are there and types fit.
    package func value(global: (Int) -> UInt64, function: (Int) -> UInt64) -> UInt64 {
        var stack: [UInt64] = []
        func combine(_ operation: (UInt64, UInt64) -> UInt64) {
            let right = stack.removeLast()
            let left = stack.removeLast()
            stack.append(operation(left, right))
        }
        func combine32(_ operation: (UInt32, UInt32) -> UInt32) {
            combine { UInt64(operation(UInt32(truncatingIfNeeded: $0), UInt32(truncatingIfNeeded: $1))) }
        }
        for instruction in instructions {
            switch instruction {
            case .number(let bits): stack.append(bits)
            case .nullReference: stack.append(0)
            case .function(let index): stack.append(function(index))
            case .global(let index): stack.append(global(index))
            case .add32: combine32(&+)
            case .subtract32: combine32(&-)
            case .multiply32: combine32(&*)
            case .add64: combine(&+)
            case .subtract64: combine(&-)
            case .multiply64: combine(&*)
            }
        }
        return stack[0]
    }
}
