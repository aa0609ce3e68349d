import LinuxSystem

/// A pipe that a guest reads, open as long as anybody holds it.
final class InputPipe {
    let pipe: Pipe

    init() throws { pipe = try Pipe() }

    /// Lets the reader have a byte.
    func fill(with byte: UInt8 = 1) throws { try pipe.writeEnd.writeAll([byte], name: "pipe") }
}
