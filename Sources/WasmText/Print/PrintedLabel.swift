/// A block that is open while a function is printed.
struct PrintedLabel {
    let name: [UInt8]?
    /// The opcode that it began with, or that of its last `else`, `catch` or `catch_all`.
    private var opcode: UInt8

    /// A block that an instruction with this opcode begins.
    init(_ name: [UInt8]?, opcode: UInt8) {
        self.name = name
        self.opcode = opcode
    }

    /// Goes on with a part of the block, or ends a `try` with `delegate`; `false` where the block has none such here.
    mutating func takes(_ part: Immediates) -> Bool {
        switch (part, opcode) {
        case (.else, 0x04): opcode = 0x05
        case (.catch, 0x06), (.catch, 0x07): opcode = 0x07
        case (.catchAll, 0x06), (.catchAll, 0x07): opcode = 0x19
        case (.delegate, 0x06): break
        default: return false
        }
        return true
    }
}
