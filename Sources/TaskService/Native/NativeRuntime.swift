internal import Glibc
package import LinuxSystem

/// The program that runs containers whose own program is for the machine itself: `runc`, or one that is called as it is.
package struct NativeRuntime: Equatable, Sendable {
    /// Absolute.
    package let program: String
    /// Where it keeps the state of its containers, a folder for each.
    package let stateFolder: String
    /// Whether it asks systemd for control groups.
    package let usesSystemd: Bool

    /// Where the states of all namespaces are, unless the options say something else.
    package static let standardFolder = "/run/containerd/wasmshim-native"
    /// What is searched where the environment does not say.
    package static let standardSearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    package init(program: String, stateFolder: String, usesSystemd: Bool = false) {
        self.program = program
        self.stateFolder = stateFolder
        self.usesSystemd = usesSystemd
    }

    /// Finds the runtime: the one that the options name, else `runc`, else `crun`. One that is named and not there is an
    /// error, since the others may be configured for something else.
    package init(
        _ options: ShimOptions, namespace: String, searchPath: String, isProgram: (String) -> Bool = Self.isProgram
    ) throws(TaskError) {
        let names = options.binaryName.isEmpty ? ["runc", "crun"] : [options.binaryName]
        let folders = searchPath.split(separator: ":").filter { $0.hasPrefix("/") }
        let candidates = names.flatMap { name in
            name.hasPrefix("/") ? [name] : folders.map { "\($0)/\(name)" }
        }
        guard let program = candidates.first(where: isProgram) else {
            let wanted = names.count == 1 ? "no \(names[0])" : "neither \(names.joined(separator: " nor "))"
            throw TaskError(
                .failed(
                    "it is a program for the machine itself, and for those there is \(wanted) on PATH; install runc, or "
                        + "name another by the runtime's option BinaryName"))
        }
        self.init(
            program: program, stateFolder: "\(options.root.isEmpty ? Self.standardFolder : options.root)/\(namespace)",
            usesSystemd: options.systemdCgroup)
    }

    /// Whether a path is a file that we may execute.
    package static func isProgram(_ path: String) -> Bool {
        unsafe access(path, X_OK) == 0 && (try? FileKind(at: path)) == .regularFile
    }

    /// How it is called; what goes wrong it writes to the file `log`, as JSON.
    package func command(_ arguments: [String], log: String, searchPath: String) -> ChildProcess {
        var all = [program, "--root", stateFolder, "--log", log, "--log-format", "json"]
        if usesSystemd { all.append("--systemd-cgroup") }
        var child = ChildProcess(path: program, arguments: all + arguments)
        child.environment = ["PATH=\(searchPath)"]
        return child
    }
}
