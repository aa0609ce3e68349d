internal import LinuxSystem

/// What a tool prints, gathered into larger writes.
final class ToolOutput {
    private let descriptor: Int32
    private var bytes: [UInt8] = []
    private var hasFailed = false
    private static let piece = 1 << 16

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// Prints text and an end of line.
    func line(_ text: String) {
        write(Array(text.utf8))
        write([0x0A])
    }

    /// Prints bytes.
    func write(_ more: [UInt8]) {
        bytes += more
        if bytes.count >= Self.piece { _ = flush() }
    }

    /// Writes what is left; whether everything so far could be written.
    func flush() -> Bool {
        let stream = OwnedDescriptor(owning: descriptor)
        do throws(SystemCallError) { try stream.writeAll(bytes, name: "standard output") } catch { hasFailed = true }
        _ = stream.release()
        bytes.removeAll(keepingCapacity: true)
        return !hasFailed
    }
}
