internal import CLinux
package import LinuxSystem

/// Signals, and children's ends, as events.
extension EventLoop {
    /// Calls `handler` with each of the given signals that comes; they do nothing else any more in this process, and
    /// are blocked: a child must be given them back (`ChildProcess.unblockedSignals`).
    package func watchSignals(_ numbers: [Int32], _ handler: @escaping (Int32) -> Void) throws(SystemCallError) {
        // SAFETY: the array lives during the call, which copies the numbers.
        let descriptor: Int32 = try systemCall("receive signals") {
            unsafe numbers.withUnsafeBufferPointer { buffer in
                unsafe buffer.baseAddress.map { unsafe CLinux_signal_descriptor($0, buffer.count) } ?? -1
            }
        }
        try watch(descriptor, for: .readable) { _ in
            while case let number = CLinux_next_signal(descriptor), number != 0 { handler(number) }
        }
    }
}
