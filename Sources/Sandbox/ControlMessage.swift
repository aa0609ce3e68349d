/// What the guest process and its starter say to each other on the control socket; one packet is one message.
///
/// The guest says `needsMappings` (only with a user namespace of its own), then exactly one of `ready`, `native` and
/// `failed`; before `ready` comes `linearMemory`, if the module has one. The starter answers `mapped` and, when the container is started, `start`; the guest then closes the socket.
/// A starter that closes it earlier has given the guest up, and the guest ends.
package enum ControlMessage: Equatable, Sendable {
    /// Guest: the user namespace exists; write its mappings.
    case needsMappings
    /// Starter: they are written.
    case mapped
    /// Guest: at this address of its own it keeps how many bytes its linear memory has, a 64-bit number.
    case linearMemory(sizeAt: UInt64)
    /// Guest: in the box, the module checked and linked; waiting for `start`.
    case ready
    /// Guest: the program at this path of the root is no module but one for the machine itself (ELF, or a script). The
    /// guest ends.
    case native(path: String)
    /// Guest: could not get ready, and why; `code` is the exit code it ends with (125, 126 or 127).
    case failed(code: Int32, message: String)
    /// Starter: run.
    case start

    /// The longest packet, in bytes; a longer message is cut.
    package static let sizeLimit = 4096

    /// As a packet: a letter, then the text.
    package var packet: [UInt8] {
        let whole: [UInt8] =
            switch self {
            case .needsMappings: Array("U".utf8)
            case .mapped: Array("M".utf8)
            case .linearMemory(let address):
                Array("L".utf8) + (0..<8).map { UInt8(truncatingIfNeeded: address >> ($0 * 8)) }
            case .ready: Array("R".utf8)
            case .native(let path): Array("N\(path)".utf8)
            case .failed(let code, let message):
                Array("E".utf8) + [UInt8(truncatingIfNeeded: code)] + Array(message.utf8)
            case .start: Array("S".utf8)
            }
        return Array(whole.prefix(Self.sizeLimit))
    }

    /// Reads a packet; `nil` for what is none of ours.
    package init?(packet: [UInt8]) {
        guard let letter = packet.first else { return nil }
        let rest = packet.dropFirst()
        switch (letter, rest.count) {
        case (UInt8(ascii: "U"), 0): self = .needsMappings
        case (UInt8(ascii: "M"), 0): self = .mapped
        case (UInt8(ascii: "L"), 8):
            self = .linearMemory(sizeAt: rest.reversed().reduce(0) { $0 << 8 | UInt64($1) })
        case (UInt8(ascii: "R"), 0): self = .ready
        case (UInt8(ascii: "S"), 0): self = .start
        case (UInt8(ascii: "N"), _): self = .native(path: String(decoding: rest, as: UTF8.self))
        case (UInt8(ascii: "E"), 1...):
            self = .failed(
                code: Int32(rest[rest.startIndex]), message: String(decoding: rest.dropFirst(), as: UTF8.self))
        default: return nil
        }
    }
}
