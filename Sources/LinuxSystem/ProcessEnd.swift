internal import CLinux
internal import Glibc

/// How a process ended.
package enum ProcessEnd: Equatable, Sendable {
    case exited(code: Int32)
    case killed(signal: Int32)

    /// Waits for the end of a child process; `nil` when it has not ended and `block` is false.
    package init?(of process: Int32, block: Bool) throws(SystemCallError) {
        var status: Int32 = 0
        let ended = try systemCall("wait for process \(process)") {
            unsafe waitpid(process, &status, block ? 0 : WNOHANG)
        }
        guard ended == process else { return nil }
        self.init(waitStatus: status)
    }

    /// Reads what wait(2) gives.
    package init(waitStatus status: Int32) {
        let signal = status & 0x7F
        self = signal == 0 ? .exited(code: (status >> 8) & 0xFF) : .killed(signal: signal)
    }

    /// What a shell calls this end: the exit code, or 128 and the signal's number.
    package var shellStatus: Int32 {
        switch self {
        case .exited(let code): code
        case .killed(let signal): 128 + signal
        }
    }

    /// Ends this process in the same way, so that whoever waits for it sees no difference.
    package func endThisProcess() -> Never {
        if case .killed(let signal) = self {
            // One core file is enough: the other process has written it, if it was wanted.
            _ = CLinux_forbid_core_file()
            _ = CLinux_restore_default(signal)
            kill(getpid(), signal)
        }
        // Also for the first process of a PID namespace, which its own signals do not end.
        exit(shellStatus)
    }
}
