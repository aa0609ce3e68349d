/// A constant expression: core, 3.4.14. Mostly one instruction; with extended constants a short sequence.
///
/// Types are numbers of the module's hierarchy. Conversions between external and internal references are not written: both
/// have the same bits.
package struct ConstantExpression: Sendable {
    package enum Instruction: Sendable {
        /// A number's bits.
        case number(UInt64)
        /// A vector's bits, the lower half first.
        case vector(UInt64, UInt64)
        case nullReference
        case function(Int)
        case global(Int)
        case add32, subtract32, multiply32
        case add64, subtract64, multiply64
        case i31
        case structure(Int), defaultStructure(Int)
        case array(Int), defaultArray(Int), fixedArray(Int, count: Int)
    }

    package var instructions: [Instruction]
}
