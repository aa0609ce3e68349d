internal import Glibc

/// Runs a shell command and waits; its exit code. For tools that tests compare with, never for our own programs.
package func shell(_ command: String) -> Int32 {
    // SAFETY: the command is a string that lives through the call.
    let status = unsafe system(command)
    return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + (status & 0x7F)
}

/// Whether a program can be found by the shell.
package func isInstalled(_ program: String) -> Bool { shell("command -v \(program) >/dev/null 2>&1") == 0 }

/// A command word for the shell that means exactly `text`.
package func quoted(_ text: String) -> String {
    "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
}
