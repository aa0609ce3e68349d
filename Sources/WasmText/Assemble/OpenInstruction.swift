/// An instruction whose end has not come yet, written in either of the text format's two ways.
struct OpenInstruction {
    /// How it was begun, and how far it is.
    enum Kind {
        /// A folded instruction, in which operands stand.
        case operands
        /// A folded `block`, `loop` or `try_table`, in which instructions stand.
        case foldedBlock
        /// A folded `if` before its `(then`, before its `(else`, and behind that.
        case foldedIf, foldedThen, foldedElse
        /// A folded `try` before its `(do`, among its clauses, behind its last, and behind `(delegate`.
        case foldedTry, foldedDo, foldedCatchAll, foldedDelegate
        /// One of the parts of the two: instructions in parentheses.
        case clause
        /// Unfolded ones, up to their `end`.
        case block, `if`, `else`, `try`, `catch`, catchAll
    }

    var kind: Kind
    /// Where its own code begins in what is pending.
    var pendingStart = 0
    /// The label that it will have.
    var label: UInt32?
    var branchHint: UInt8?
    /// Of a folded `try`, how many there were behind its body.
    var clauses = 0

    /// Whether it ends with `end`.
    var isUnfolded: Bool {
        switch kind {
        case .block, .if, .else, .try, .catch, .catchAll: true
        default: false
        }
    }

    /// Whether unfolded instructions may stand in it.
    var holdsInstructions: Bool { isUnfolded || kind == .foldedBlock || kind == .clause }
}
