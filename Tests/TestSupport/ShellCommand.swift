internal import FoundationEssentials
internal import LinuxSystem

/// Runs a shell command and waits; its exit code, or 128 and the number of the signal that ended it.
///
/// Not system(3): that ignores SIGINT and SIGQUIT in the whole process meanwhile, and what other tests start then
/// inherits it.
package func shell(_ command: String) -> Int32 {
    var child = ChildProcess(path: "/bin/sh", arguments: ["sh", "-c", command])
    child.environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
    // Threads that run tests may block signals.
    child.unblockedSignals = Array(1...31)
    do throws(SystemCallError) {
        return try ProcessEnd(of: child.start(), block: true)?.shellStatus ?? 127
    } catch {
        return 127
    }
}

/// Whether a program can be found by the shell.
package func isInstalled(_ program: String) -> Bool { shell("command -v \(program) >/dev/null 2>&1") == 0 }

/// A command word for the shell that means exactly `text`.
package func quoted(_ text: String) -> String {
    "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
}
