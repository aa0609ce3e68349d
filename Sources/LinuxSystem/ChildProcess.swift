internal import CLinux
internal import Glibc

/// A program to be started in a process of its own, with nothing inherited that is not named here.
package struct ChildProcess: Sendable {
    /// A descriptor that the child gets, and the number it has there.
    package struct Inheritance: Equatable, Sendable {
        package var descriptor: Int32
        package var numberInChild: Int32

        package init(_ descriptor: Int32, as numberInChild: Int32? = nil) {
            self.descriptor = descriptor
            self.numberInChild = numberInChild ?? descriptor
        }
    }

    /// The program's path; nothing is searched for.
    package var path: String
    /// argv, the program's own name first.
    package var arguments: [String]
    /// `NAME=value`.
    package var environment: [String] = []
    /// What the child keeps besides the standard streams. A number given here may not be the source of a later one,
    /// unless the child `needsClone`.
    package var descriptors: [Inheritance] = []
    /// Signals that the child can receive although they are blocked here.
    package var unblockedSignals: [Int32] = []
    /// Whether the child leads a session of its own: no terminal, no signal that is sent to our group.
    package var leadsOwnSession = false
    /// CLONE_NEW… flags of namespaces that are made for the child.
    package var newNamespaces: UInt64 = 0
    /// An open folder of a control group of version 2 that the child begins its life in.
    package var controlGroupDescriptor: Int32?
    /// An open PID namespace that the child becomes a member of.
    package var pidNamespace: Int32?
    /// The folder that the child starts in, where that is not ours.
    package var workingFolder: String?

    package init(path: String, arguments: [String]) {
        self.path = path
        self.arguments = arguments
    }

    /// Whether what is asked for is more than posix_spawn(3) does: then this process must have no threads.
    package var needsClone: Bool {
        newNamespaces != 0 || controlGroupDescriptor != nil || pidNamespace != nil || workingFolder != nil
    }

    /// Starts the program; its process id. Everything not named in `descriptors` must be close-on-exec already.
    package func start() throws(SystemCallError) -> Int32 {
        let pairs = descriptors.flatMap { [$0.descriptor, $0.numberInChild] }
        return try systemCall("start \"\(path)\"") {
            // SAFETY: every pointer is valid during the call, which copies what it needs into the new process.
            unsafe withCStrings(arguments, environment) { arguments, environment in
                unsafe path.withCString { path in
                    unsafe pairs.withUnsafeBufferPointer { pairs in
                        unsafe unblockedSignals.withUnsafeBufferPointer { signals in
                            var plan = unsafe CLinux_spawn_plan(
                                path: path, arguments: arguments, environment: environment,
                                descriptors: pairs.baseAddress, descriptor_pairs: pairs.count / 2,
                                unblocked: signals.baseAddress, unblocked_count: signals.count,
                                new_session: leadsOwnSession ? 1 : 0)
                            return needsClone ? unsafe clone(&plan) : unsafe CLinux_spawn(&plan)
                        }
                    }
                }
            }
        }
    }

    @unsafe private func clone(_ program: UnsafePointer<CLinux_spawn_plan>) -> Int32 {
        func start(in folder: UnsafePointer<CChar>?) -> Int32 {
            // SAFETY: the plan and what it names are the caller's, who keeps them during the call.
            var plan = unsafe CLinux_clone_plan(
                program: program, new_namespaces: newNamespaces, control_group: controlGroupDescriptor ?? -1,
                pid_namespace: pidNamespace ?? -1, folder: folder)
            return unsafe CLinux_clone(&plan)
        }
        guard let workingFolder else { return start(in: nil) }
        return unsafe workingFolder.withCString { unsafe start(in: $0) }
    }

    /// Puts the program in this process's place; returns only by failing.
    ///
    /// Process id, terminal, signal dispositions and children stay. Only `descriptors` applies of the rest.
    package func replaceThisProcess() throws(SystemCallError) -> Never {
        for inheritance in descriptors {
            try inheritance.apply()
        }
        let code = unsafe withCStrings(arguments, environment) { arguments, environment in
            // SAFETY: both lists end with a null pointer and live until the call has failed.
            unsafe execve(path, arguments, environment)
            return CLinux_errno()
        }
        throw SystemCallError(operation: "start \"\(path)\"", code: code)
    }
}

extension ChildProcess.Inheritance {
    /// Makes the descriptor survive an `execve` under its number.
    fileprivate func apply() throws(SystemCallError) {
        if descriptor == numberInChild {
            try systemCall("keep descriptor \(descriptor)") { CLinux_fcntl(descriptor, F_SETFD, 0) }
        } else {
            try systemCall("keep descriptor \(descriptor) as \(numberInChild)") { dup2(descriptor, numberInChild) }
        }
    }
}

/// Lends two lists of strings as C has them: each ends with a null pointer.
@unsafe private func withCStrings<Result>(
    _ first: [String], _ second: [String],
    _ body: (
        UnsafePointer<UnsafeMutablePointer<CChar>?>, UnsafePointer<UnsafeMutablePointer<CChar>?>
    ) -> Result
) -> Result {
    // SAFETY: strdup gives each string memory of its own, freed below after the only use.
    let lists = unsafe [first, second].map { list in unsafe list.map { unsafe strdup($0) } + [nil] }
    defer { unsafe lists.joined().forEach { unsafe free($0) } }
    return unsafe lists[0].withUnsafeBufferPointer { first in
        unsafe lists[1].withUnsafeBufferPointer { second in
            unsafe first.baseAddress.flatMap { first in
                unsafe second.baseAddress.map { unsafe body(first, $0) }
            }
        }
    }!
}
