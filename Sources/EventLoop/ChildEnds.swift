internal import CLinux
internal import Glibc
package import LinuxSystem

/// The ends of child processes: each is told to who started it, and those of strangers (orphans that became ours) leave
/// no zombie.
package final class ChildEnds {
    private var handlers: [Int32: (ProcessEnd) -> Void] = [:]

    /// Collects ends whenever the loop is told of SIGCHLD.
    package init(on loop: EventLoop) throws(SystemCallError) {
        // Whoever started us may ignore it; then the kernel would keep no exit code.
        try systemCall("receive the end of child processes") { CLinux_restore_default(SIGCHLD) }
        try loop.watchSignals([SIGCHLD]) { [weak self] _ in self?.collect() }
    }

    /// Calls `handler` when the process has ended. To be called in the same handler of the loop that started the
    /// process, so that its end cannot have been collected before.
    package func expect(_ process: Int32, _ handler: @escaping (ProcessEnd) -> Void) { handlers[process] = handler }

    private func collect() {
        var status: Int32 = 0
        while case let process = unsafe CLinux_reap(&status), process > 0 {
            handlers.removeValue(forKey: process)?(ProcessEnd(waitStatus: status))
        }
    }
}
