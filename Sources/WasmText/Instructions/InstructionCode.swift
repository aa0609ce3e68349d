/// An instruction without its name: how it is written in the binary format.
struct InstructionCode {
    /// 0, or the byte before `opcode`: FB, FC, FD or FE.
    let prefix: UInt8
    /// The opcode's byte, or the number behind the prefix.
    let opcode: UInt16
    let immediates: Immediates
    /// Of an access to memory, the binary logarithm of how many bytes it touches.
    let naturalAlignment: UInt8

    /// Appends prefix and opcode.
    @inline(__always)
    func writeOpcode(to bytes: inout [UInt8]) {
        if prefix == 0 {
            bytes.append(UInt8(truncatingIfNeeded: opcode))
        } else {
            bytes.append(prefix)
            bytes.appendUnsigned(UInt64(opcode))
        }
    }
}
