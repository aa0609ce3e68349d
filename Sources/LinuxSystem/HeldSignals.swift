internal import CLinux
internal import Glibc

/// Signals that stay pending, instead of acting, until somebody asks for the next one.
///
/// They stay blocked in this thread; a child process is started with them in `ChildProcess.unblockedSignals`.
package struct HeldSignals: Sendable {
    /// A signal that came.
    package struct Received: Equatable, Sendable {
        package let number: Int32
        /// Whether the kernel sent it by itself, as it does for a terminal's keys: to the whole foreground group.
        package let isFromKernel: Bool
    }

    /// Which signals are held.
    package let numbers: [Int32]

    /// Holds the given signals from now on.
    package init(_ numbers: [Int32]) throws(SystemCallError) {
        self.numbers = numbers
        // SAFETY: the array lives during the call, which copies the numbers.
        try systemCall("block signals") {
            unsafe numbers.withUnsafeBufferPointer { buffer in
                unsafe buffer.baseAddress.map { unsafe CLinux_block($0, buffer.count) } ?? 0
            }
        }
    }

    /// Waits for one of them.
    package func next() throws(SystemCallError) -> Received {
        var isFromKernel: Int32 = 0
        // SAFETY: as in `init`.
        let number: Int32 = try systemCall("wait for a signal") {
            unsafe numbers.withUnsafeBufferPointer { buffer in
                unsafe buffer.baseAddress.map { unsafe CLinux_wait_for_signal($0, buffer.count, &isFromKernel) } ?? 0
            }
        }
        return Received(number: number, isFromKernel: isFromKernel != 0)
    }
}
