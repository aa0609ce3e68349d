/// A function translated to the interpreter's instructions (specs/bytecode.md): numbers only, no addresses.
///
/// Before it can run, `wasm_link` puts handlers' addresses where instruction numbers are.
package struct FunctionCode: Sendable {
    /// Instruction numbers and operands, one 64-bit word each or more.
    package var words: [UInt64]
    /// Slots of the frame that the code may touch, with the headers of the calls it makes.
    package var frameSlots: Int
    /// Slots after the frame's header that must be zero at entry.
    package var zeroedSlots: Int
    /// What catches exceptions: innermost first, and in the order in which clauses are tried.
    package var clauses: [Clause]
    /// For each instruction the word it starts at and the byte of the module it came from; in order of words.
    /// Empty unless asked for.
    package var sourceMap: [(word: Int, byte: Int)]
}

extension FunctionCode {
    /// One catch clause of a guarded block: `wasm_clause` in numbers.
    package struct Clause: Equatable, Sendable {
        /// The words that it guards.
        package var words: Range<Int>
        /// The word to go on from; for a delegation, the number of the clause to try next.
        package var target: Int
        package var catches: Catches
        /// Where the values go.
        package var baseSlot: Int
        /// Where the exception itself goes, if it is wanted.
        package var referenceSlot: Int?

        /// What a clause is for.
        package enum Catches: Equatable, Sendable {
            case tag(Int)
            case all
            /// Nothing: what is thrown here is an outer block's.
            case delegated
        }
    }
}

extension [ValueType] {
    /// Slots that values of these types take.
    package var slotCount: Int { reduce(0) { $0 + $1.slotCount } }
}

extension ValueType {
    /// Slots that a value takes.
    package var slotCount: Int { self == .v128 ? 2 : 1 }
}

/// Where the parts of a function's frame are, as its type alone decides: callers need no more.
package struct FrameShape: Equatable, Sendable {
    package let parameterSlots: Int
    package let resultSlots: Int

    package init(_ type: FunctionType) {
        parameterSlots = type.parameters.slotCount
        resultSlots = type.results.slotCount
    }

    /// The first of the header's three words: after the parameters, or the results that take their place.
    package var headerSlot: Int { max(parameterSlots, resultSlots) }

    /// Words in a header: return address, caller's frame, caller's instance.
    package static let headerSlots = 3
}
