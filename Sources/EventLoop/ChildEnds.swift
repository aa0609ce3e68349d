internal import CLinux
internal import Glibc
package import LinuxSystem

/// The ends of child processes: each is told to who started it, and those of strangers (orphans that became ours) leave
/// no zombie.
package final class ChildEnds {
    private let loop: EventLoop
    private var handlers: [Int32: (ProcessEnd) -> Void] = [:]
    /// How many wait for the number of a process that is to become ours, and the ends of strangers meanwhile.
    private var adoptions = 0
    private var strangers: [(process: Int32, end: ProcessEnd)] = []
    /// The most ends of strangers that are remembered.
    private static let memory = 64

    /// Collects ends whenever the loop is told of SIGCHLD.
    package init(on loop: EventLoop) throws(SystemCallError) {
        self.loop = loop
        // Whoever started us may ignore it; then the kernel would keep no exit code.
        try systemCall("receive the end of child processes") { CLinux_restore_default(SIGCHLD) }
        try loop.watchSignals([SIGCHLD]) { [weak self] _ in self?.collect() }
    }

    /// Calls `handler` when the process has ended. To be called in the same handler of the loop that started the
    /// process, so that its end cannot have been collected before.
    package func expect(_ process: Int32, _ handler: @escaping (ProcessEnd) -> Void) { handlers[process] = handler }

    /// From now until `endAdoption` ends of strangers are remembered: one of them may be of the process whose number
    /// somebody is about to tell us. There may be several at once.
    package func beginAdoption() { adoptions += 1 }

    /// Whoever called `beginAdoption` waits no longer.
    package func endAdoption() {
        adoptions -= 1
        if adoptions == 0 { strangers = [] }
    }

    /// Calls `handler` when a process that somebody else has started, and that has become ours, has ended. To be called
    /// between `beginAdoption` and `endAdoption`: if it has ended meanwhile, `handler` is called after the present one.
    package func adopt(_ process: Int32, _ handler: @escaping (ProcessEnd) -> Void) {
        guard let index = strangers.firstIndex(where: { $0.process == process }) else {
            return expect(process, handler)
        }
        let end = strangers.remove(at: index).end
        loop.afterwards { handler(end) }
    }

    private func collect() {
        var status: Int32 = 0
        while case let process = unsafe CLinux_reap(&status), process > 0 {
            let end = ProcessEnd(waitStatus: status)
            if let handler = handlers.removeValue(forKey: process) {
                handler(end)
            } else if adoptions > 0 {
                if strangers.count == Self.memory { strangers.removeFirst() }
                strangers.append((process, end))
            }
        }
    }
}
