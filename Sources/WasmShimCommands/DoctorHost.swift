internal import ContainerProcess
internal import Glibc
internal import LinuxSystem

/// What is installed on the machine, and whether it knows us.
struct DoctorHost {
    /// What stands before every absolute path.
    let root: String
    let programs: DoctorPrograms
    /// containerd's configuration.
    var configuration = "/etc/containerd/config.toml"

    init(root: String, programs: DoctorPrograms) {
        self.root = root
        self.programs = programs
    }

    /// What there is to say of it.
    var findings: [DoctorFinding] {
        let docker = programs.program("dockerd")
        return [containerd, runtimes] + dockerFindings(docker) + [shim, guest, configured]
            + (docker == nil ? [] : [dockerConfigured])
    }

    private var containerd: DoctorFinding {
        guard let program = programs.program("containerd") else {
            return DoctorFinding(
                .warning, "containerd is not installed",
                "wasm-shim run works without; for ctr and Kubernetes install containerd 1.6 or newer")
        }
        guard let version = program.version else {
            return DoctorFinding(root.isEmpty ? .warning : .ok, "containerd \(program.path)", advice(program))
        }
        if version.isAtLeast([1, 6]) { return DoctorFinding(.ok, "containerd \(version.text) \(program.path)") }
        return DoctorFinding(
            .problem, "containerd \(version.text) \(program.path)", "older than 1.6, the oldest that we know; update it"
        )
    }

    private func advice(_ program: DoctorPrograms.Program) -> String {
        root.isEmpty ? "it does not say its version; is it whole?" : ""
    }

    private var runtimes: DoctorFinding {
        let found = ["runc", "crun"].compactMap { name in
            programs.program(name).map { "\(name) \($0.version?.text ?? $0.path)" }
        }
        if !found.isEmpty { return DoctorFinding(.ok, found.joined(separator: ", ")) }
        return DoctorFinding(
            .warning, "neither runc nor crun is installed",
            "containers of native programs in a pod of ours need one of them; install runc")
    }

    private func dockerFindings(_ program: DoctorPrograms.Program?) -> [DoctorFinding] {
        guard let program else { return [DoctorFinding(.ok, "Docker is not installed")] }
        guard let version = program.version else {
            return [DoctorFinding(root.isEmpty ? .warning : .ok, "Docker \(program.path)", advice(program))]
        }
        if version.isAtLeast([23]) { return [DoctorFinding(.ok, "Docker \(version.text)")] }
        return [
            DoctorFinding(
                .warning, "Docker \(version.text)",
                "before 23 it takes no runtime by type; update it to use docker run --runtime \(InstallRuntime.name)")
        ]
    }

    private var shim: DoctorFinding {
        if let path = programs.path(of: InstallRuntime.shim) { return DoctorFinding(.ok, "\(path)") }
        return DoctorFinding(
            .problem, "\(InstallRuntime.shim) is not found",
            "containerd looks in \(programs.folders.joined(separator: ":")); run make install, or link it there")
    }

    private var guest: DoctorFinding {
        guard let shim = programs.path(of: InstallRuntime.shim) else {
            return DoctorFinding(
                .warning, "\(GuestProgram.fileName) is not looked for", "where it is depends on where the shim is")
        }
        // The shim looks beside the file that it is, not beside a link to it.
        var path = root + shim
        if let real = unsafe realpath(path, nil) {
            // SAFETY: realpath gave memory of ours, with a zero at its end; freed here and used nowhere else.
            path = unsafe String(cString: real)
            unsafe free(real)
        }
        do throws(ContainerError) {
            return DoctorFinding(.ok, try GuestProgram(besides: path, override: nil).path)
        } catch {
            return DoctorFinding(.problem, "\(GuestProgram.fileName) is not found", error.description)
        }
    }

    private var configured: DoctorFinding {
        let place = "\(root)\(configuration)"
        let containerd = InstallContainerd(root: root, configuration: configuration)
        if (try? containerd.isInstalled()) == true, (try? containerd.isPluginDisabled()) == true {
            return DoctorFinding(.warning, "\(place) has the runtime in vain", InstallContainerd.disabledAdvice)
        }
        return finding(place, option: "--containerd", use: "Kubernetes does not know the runtime; ctr does without") {
            () throws(InstallError) in
            try containerd.isInstalled()
        }
    }

    private var dockerConfigured: DoctorFinding {
        let docker = InstallDocker(root: root)
        let place = root + docker.configuration
        return finding(place, option: "--docker", use: "Docker does not know the runtime by its name") {
            () throws(InstallError) in
            try docker.isInstalled()
        }
    }

    private func finding(
        _ place: String, option: String, use: String, _ isInstalled: () throws(InstallError) -> Bool
    ) -> DoctorFinding {
        do throws(InstallError) {
            if try isInstalled() { return DoctorFinding(.ok, "\(place) has the runtime \(InstallRuntime.name)") }
            return DoctorFinding(
                .warning, "\(place) lacks the runtime \(InstallRuntime.name)", "\(use); wasm-shim install \(option)")
        } catch {
            return DoctorFinding(.problem, place, error.description)
        }
    }

    /// Has the shim start a container through its real socket, as containerd would.
    func selfTest() -> DoctorFinding {
        guard let path = programs.path(of: InstallRuntime.shim) else {
            return DoctorFinding(.problem, "no container could be tried", "the shim is not found")
        }
        let result: DoctorOutput
        do throws(SystemCallError) {
            result = try DoctorOutput(
                of: path, arguments: ["self-test"], environment: ["PATH=\(programs.folders.joined(separator: ":"))"],
                seconds: 30)
        } catch {
            return DoctorFinding(.problem, "no container could be tried", error.description)
        }
        let last = result.text.split(separator: "\n").last.map(String.init) ?? ""
        switch result.end {
        case .exited(0): return DoctorFinding(.ok, last.isEmpty ? "a container ran" : last)
        case nil:
            return DoctorFinding(
                .problem, "the trial container did not end within 30 seconds", "look at: \(path) self-test")
        default:
            return DoctorFinding(
                .problem, "the trial container failed", last.isEmpty ? "look at: \(path) self-test" : last)
        }
    }
}
