/// The exit codes of `wasm-shim` itself; every other one is the guest's own (specs/errors.md).
enum ExitCode: Int32, CaseIterable, Sendable {
    /// The command line is wrong (sysexits.h, EX_USAGE).
    case usage = 64
    /// We could not do our part, or the input is damaged.
    case failed = 125
    /// What was named is there, and it is nothing that we can run.
    case notRunnable = 126
    /// What was named is not there.
    case notFound = 127
    /// The guest trapped, as a program that the kernel aborts: 128 and SIGABRT.
    case trapped = 134
}
