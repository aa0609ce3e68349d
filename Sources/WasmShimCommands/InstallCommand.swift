internal import ArgumentParser
internal import Glibc
internal import LinuxSystem

/// `wasm-shim install`: makes the runtime known to containerd and Docker.
struct InstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Make the runtime known to containerd and Docker.",
        discussion: """
            Shows what would change in their configurations, asks, and changes nothing else: every other byte of a \
            file stays as it is, and the file as it was stays beside it as FILE.bak. Without --containerd and \
            --docker it is done for those that are on this machine.

            Example:
              wasm-shim install --dry-run
              wasm-shim install --containerd --yes
            """)

    @Flag(help: "Add the runtime to containerd's configuration, for Kubernetes.")
    var containerd = false

    @Flag(help: "Add the runtime to Docker's configuration (Docker 23 and newer).")
    var docker = false

    @Flag(help: "Show the change and stop there.")
    var dryRun = false

    @Flag(help: "Do not ask.")
    var yes = false

    @Option(help: ArgumentHelp("containerd's configuration.", valueName: "PATH"))
    var config = "/etc/containerd/config.toml"

    @Option(help: ArgumentHelp("Take the machine whose files are below FOLDER, for packagers.", valueName: "FOLDER"))
    var root = ""

    init() {}

    func run() throws {
        let changes = try Failure.wrapping { () throws(InstallError) in try edits() }
        for edit in changes {
            print(edit.diff)
            if dryRun { continue }
            fflush(nil)
            try Failure.wrapping { () throws(InstallError) in try make(edit) }
        }
    }

    /// Makes a change that is wanted.
    private func make(_ edit: InstallEdit) throws(InstallError) {
        guard try Self.isWanted(edit, yes: yes, isTerminal: isatty(0) == 1, ask: { readLine() }) else {
            return CommandLineMain.report("\(edit.path): left as it was")
        }
        try InstallFile(edit.path).replace(edit.old, with: edit.new)
        let kept = edit.old == nil ? "" : "; as it was: \(edit.path).bak"
        CommandLineMain.report(
            "\(edit.path): written\(kept); now restart the service: systemctl restart \(edit.service)")
    }

    /// The changes that are needed.
    private func edits() throws(InstallError) -> [InstallEdit] {
        let takesAll = !containerd && !docker
        let hasContainerd = containerd || (takesAll && isHere("containerd", folder: "/etc/containerd"))
        let hasDocker = docker || (takesAll && isHere("dockerd", folder: "/etc/docker"))
        guard hasContainerd || hasDocker else { throw InstallError(.nothingFound, at: root.isEmpty ? "/" : root) }
        var edits: [InstallEdit] = []
        if hasContainerd {
            let containerd = InstallContainerd(root: root, configuration: config)
            let edit = try containerd.edit()
            if let edit { edits.append(edit) } else { reportPresent(in: root + config) }
            if try containerd.isPluginDisabled() {
                CommandLineMain.report("\(root + config): \(InstallContainerd.disabledAdvice)")
            }
        }
        if hasDocker {
            do throws(InstallError) {
                try checkDocker()
                let docker = InstallDocker(root: root)
                let edit = try docker.edit()
                if let edit { edits.append(edit) } else { reportPresent(in: root + docker.configuration) }
            } catch {
                // Nobody asked for Docker by name: what concerns containerd is done all the same.
                if docker || edits.isEmpty { throw error }
                CommandLineMain.report(error.description)
            }
        }
        return edits
    }

    private func reportPresent(in path: String) {
        CommandLineMain.report("\(path): the runtime \(InstallRuntime.name) is there already, nothing to do")
    }

    private func isHere(_ program: String, folder: String) -> Bool {
        (try? FileKind(at: root + folder)) == .folder
            || DoctorPrograms(root: root).path(of: program) != nil
    }

    /// An older Docker reads such a runtime as one without a program, and refuses to start.
    private func checkDocker() throws(InstallError) {
        guard root.isEmpty, let program = DoctorPrograms(root: root).program("dockerd"), let version = program.version,
            let major = version.major, major < 23
        else { return }
        throw InstallError(.dockerTooOld(version: version.text), at: program.path)
    }

    /// Asks, unless the answer was given.
    static func isWanted(
        _ edit: InstallEdit, yes: Bool, isTerminal: Bool, ask: () -> String?
    ) throws(InstallError) -> Bool {
        if yes { return true }
        guard isTerminal else { throw InstallError(.notConfirmed, at: edit.path) }
        CommandLineMain.report("write this to \(edit.path)? [y/N]")
        return ["y", "yes"].contains(ask()?.lowercased() ?? "")
    }
}
