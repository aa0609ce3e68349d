internal import CLinux
internal import Glibc
internal import LinuxSystem

/// What is still to be sent on a connection, in order.
struct Outbox {
    private var frames: [[UInt8]] = []
    /// Which of the frames is next, and how much of it has gone.
    private var first = 0
    private var sent = 0
    /// How much waits, in bytes of memory.
    private(set) var size = 0

    /// What an array costs besides its bytes.
    private static let overhead = 64

    var isEmpty: Bool { first == frames.count }

    mutating func append(_ frame: [UInt8]) {
        frames.append(frame)
        size += frame.count + Self.overhead
    }

    /// Sends as much as the socket takes; throws when it takes nothing ever more.
    mutating func flush(to descriptor: Int32) throws(SystemCallError) {
        while first < frames.count {
            let frame = frames[first]
            let from = sent
            // SAFETY: the kernel reads what lies between `from` and the array's end, during the call.
            let count = unsafe frame.withUnsafeBytes { bytes in
                unsafe bytes.baseAddress.map { unsafe CLinux_send(descriptor, $0 + from, frame.count - from) } ?? 0
            }
            guard count >= 0 else {
                let code = CLinux_errno()
                if code == EINTR { continue }
                if code == EAGAIN { return }
                throw SystemCallError(operation: "send", code: code)
            }
            sent += count
            if sent == frame.count { removeFirst() }
        }
        // Nothing is kept of a time when much was waiting.
        self = Outbox()
    }

    private mutating func removeFirst() {
        size -= frames[first].count + Self.overhead
        frames[first] = []
        first += 1
        sent = 0
        if first >= 64, first * 2 >= frames.count {
            frames.removeFirst(first)
            first = 0
        }
    }
}
