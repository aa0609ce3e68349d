internal import ArgumentParser
internal import Glibc
internal import OCISpec

/// `wasm-shim doctor`: looks at the machine and says what to do.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check whether this machine can run containers with us.",
        discussion: """
            One line for each thing that was looked at: ok, warning or problem, what was found, and what to do. The \
            last is a container that the shim runs as containerd would have it. Ends with 0 when there is no problem, \
            else with 1. Needs root for all of it.

            Example:
              sudo wasm-shim doctor
              sudo wasm-shim doctor --json
            """)

    @Flag(help: "Write JSON instead of lines.")
    var json = false

    @Option(help: ArgumentHelp("containerd's configuration.", valueName: "PATH"))
    var config = "/etc/containerd/config.toml"

    @Option(
        help: ArgumentHelp(
            "Look at the files below FOLDER instead of this machine, and run nothing, for packagers.",
            valueName: "FOLDER"))
    var root = ""

    init() {}

    func run() throws {
        let findings = findings()
        if json {
            let bytes = try Failure.wrapping { () throws(InstallError) in
                do throws(SpecError) {
                    return try Document.encode(findings)
                } catch {
                    throw InstallError(.document(error), at: "--json")
                }
            }
            print(String(decoding: bytes, as: UTF8.self))
        } else {
            for finding in findings { print(finding.line) }
        }
        if findings.contains(where: { $0.level == .problem }) {
            fflush(nil)
            Glibc.exit(1)
        }
    }

    /// Everything that there is to say.
    func findings() -> [DoctorFinding] {
        var host = DoctorHost(root: root, programs: DoctorPrograms(root: root))
        host.configuration = config
        guard root.isEmpty else { return host.findings }
        var findings = DoctorKernel.running().findings + DoctorControlGroups.findings() + host.findings
        if geteuid() != 0 {
            findings.append(
                DoctorFinding(.warning, "no container was tried", "that needs root; run sudo wasm-shim doctor"))
        } else {
            findings.append(host.selfTest())
        }
        return findings
    }
}
