internal import CLinux
internal import Glibc
internal import LinuxSystem
internal import Synchronization

/// The pipe that log lines go into. Whoever reads it may be slow, absent or new: no line ever waits for it, and what it
/// cannot take is gone.
///
/// SIGPIPE has to be ignored in the process.
final class ShimLogFifo: Sendable {
    private let path: String
    private let file = Mutex<OwnedDescriptor?>(nil)

    init(path: String) { self.path = path }

    /// Writes a line if somebody reads and there is room; whether it did.
    @discardableResult
    func write(_ line: ShimLogLine) -> Bool {
        file.withLock { file in
            if file == nil { file = opened() }
            guard let number = file?.rawValue else { return false }
            // SAFETY: the kernel reads as many bytes as the array has, during the call.
            let count = unsafe line.bytes.withUnsafeBytes { bytes in
                unsafe Glibc.write(number, bytes.baseAddress, bytes.count)
            }
            // The reader has gone; the next line looks for another one.
            if count < 0, CLinux_errno() != EAGAIN { file = nil }
            return count == line.bytes.count
        }
    }

    /// `nil` while nobody has the pipe open for reading.
    private func opened() -> OwnedDescriptor? {
        try? OwnedDescriptor(opening: path, flags: O_WRONLY | O_NONBLOCK | O_APPEND)
    }
}
