import CLinux
import LinuxSystem

/// A terminal whose user is the test.
final class Terminal {
    private let user: OwnedDescriptor
    /// The end that a program has.
    let end: OwnedDescriptor

    init() throws {
        let number = try systemCall("make a terminal") { CLinux_open_terminal() }
        user = OwnedDescriptor(owning: number)
        end = OwnedDescriptor(owning: try systemCall("open the terminal") { CLinux_terminal_peer(number) })
    }

    /// Presses a key.
    func type(_ key: UInt8) throws { try user.writeAll([key], name: "terminal") }
}
