import ControlGroup
import LinuxSystem
import TestSupport
import Testing

@testable import WasmShimCommands

@Suite("doctor")
struct DoctorTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    @discardableResult
    private func program(_ name: String, _ script: String, in place: String = "usr/bin") throws -> String {
        try folder.makeFolder(place)
        let path = folder.path("\(place)/\(name)")
        // Written by another process: a child that a test starts meanwhile would hold our descriptor, and the kernel
        // starts no file that is open for writing.
        let text = quoted("#!/bin/sh\n\(script)\n")
        #expect(shell("printf %s \(text) >\(quoted(path)) && chmod 755 \(quoted(path))") == 0)
        return path
    }

    /// A machine whose programs are run, and whose configuration is below the folder.
    private var host: DoctorHost {
        var host = DoctorHost(
            root: "",
            programs: DoctorPrograms(root: "", folders: [folder.path("usr/local/bin"), folder.path("usr/bin")]))
        host.configuration = folder.path("config.toml")
        return host
    }

    private func kernel(
        release: String = "6.1.0-9-amd64", namespaces: Set<String> = ["mnt", "pid", "net", "ipc", "uts", "user"],
        hasCalls: Bool = true, landlock: Int = 3, fileSystems: String = "nodev\toverlay\n\text4\n", users: Int? = 1000
    ) -> DoctorKernel {
        DoctorKernel(
            release: release, namespaces: namespaces, hasOpenat2: hasCalls, hasClone3: hasCalls, hasPidfd: hasCalls,
            hasSeccomp: hasCalls, landlockVersion: landlock, fileSystems: fileSystems, userNamespaces: users)
    }

    @Test("DOC-1: a finding is one line: how bad, what, and what to do")
    func line() {
        #expect(DoctorFinding(.ok, "kernel 6.1").line == "ok       kernel 6.1")
        #expect(DoctorFinding(.problem, "no \u{1B}[31m", "why\nand").line == "problem  no  [31m  (why and)")
        #expect(DoctorFinding(.warning, "a", "b").line == "warning  a  (b)")
    }

    @Test("DOC-2: a kernel with everything is ok, and what it lacks is told")
    func kernels() {
        #expect(kernel().findings.allSatisfy { $0.level == .ok && $0.advice.isEmpty })
        func levels(_ kernel: DoctorKernel) -> [DoctorFinding.Level] {
            kernel.findings.filter { $0.level != .ok }.map(\.level)
        }
        #expect(levels(kernel(release: "5.9.16")) == [.problem])
        #expect(levels(kernel(release: "5.10.0")) == [])
        #expect(levels(kernel(release: "strange")) == [.warning])
        #expect(levels(kernel(namespaces: ["mnt", "user"])) == [.problem])
        #expect(levels(kernel(hasCalls: false)) == [.problem, .problem, .problem, .warning])
        #expect(levels(kernel(landlock: 0)) == [.warning])
        #expect(levels(kernel(fileSystems: "nodev\toverlayfoo\n")) == [.warning])
        #expect(levels(kernel(users: 0)) == [.warning])
        #expect((kernel(hasCalls: false).findings.filter { $0.level != .ok }).allSatisfy { !$0.advice.isEmpty })
    }

    @Test("DOC-2: the running kernel is asked")
    func runningKernel() throws {
        let kernel = DoctorKernel.running()
        #expect(try kernel.release == text(of: "/proc/sys/kernel/osrelease").dropLast())
        // What these tests themselves could not run without.
        #expect(kernel.hasOpenat2 && kernel.hasClone3 && kernel.hasPidfd)
        #expect(kernel.namespaces.contains("mnt"))
    }

    @Test("DOC-3: control groups without a controller that limits need are a warning that names it")
    func controlGroups() {
        let all = ["cpu", "cpuacct", "memory", "pids", "freezer"]
        #expect(DoctorControlGroups(version: .v1, controllers: all).findings.map(\.level) == [.ok])
        #expect(
            DoctorControlGroups(version: .v2, controllers: ["cpu", "memory", "pids"]).findings.map(\.level) == [.ok])
        let lacking = DoctorControlGroups(version: .v1, controllers: ["cpu", "cpuacct", "pids"]).findings
        #expect(lacking.map(\.level) == [.warning])
        #expect(lacking.first?.what == "control groups of version 1 without memory, freezer")
    }

    @Test(
        "DOC-4: programs say their versions in their own ways",
        arguments: [
            ("containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1+deb12u3", "1.6.20~ds1", [1, 6, 20]),
            ("containerd github.com/containerd/containerd/v2 v2.1.0 061792f0", "2.1.0", [2, 1, 0]),
            ("runc version 1.1.5+ds1\nspec: 1.0.2-dev", "1.1.5+ds1", [1, 1, 5]),
            ("crun version 1.8.1\ncommit: f8a0", "1.8.1", [1, 8, 1]),
            ("Docker version 20.10.24+dfsg1, build 5d6db84", "20.10.24+dfsg1", [20, 10, 24]),
        ])
    func versions(output: String, text: String, numbers: [Int]) throws {
        let version = try #require(DoctorVersion(in: output))
        #expect(version.text == text)
        #expect(version.numbers == numbers)
        #expect(DoctorVersion(in: "no version here 12") == nil)
    }

    @Test("DOC-4: versions are compared by numbers")
    func comparison() throws {
        let version = try #require(DoctorVersion(in: "1.10"))
        #expect(version.isAtLeast([1, 6]) && version.isAtLeast([1, 10, 0]) && !version.isAtLeast([1, 10, 1]))
        #expect(!version.isAtLeast([2]))
    }

    @Test("DOC-4, DOC-5, DOC-6: a machine with everything has no problem")
    func whole() throws {
        try program("containerd", "echo containerd x v2.1.0 y")
        try program("runc", "echo runc version 1.2.3")
        try program(
            InstallRuntime.shim, "[ \"$1\" = self-test ] && echo 'a container ran in 12 ms'", in: "usr/local/bin")
        try program("wasm-shim-guest", "", in: "usr/local/libexec")
        try folder.write(
            "version = 3\n[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.wasmshim]\n"
                + "runtime_type = 'io.containerd.wasmshim.v1'\n", to: "config.toml")
        let findings = host.findings
        #expect(findings.allSatisfy { $0.level == .ok }, "\(findings.map(\.line))")
        #expect(findings.map(\.what).contains("containerd 2.1.0 \(folder.path("usr/bin/containerd"))"))
        #expect(findings.map(\.what).contains("runc 1.2.3"))
        #expect(findings.map(\.what).contains("Docker is not installed"))
        #expect(host.selfTest() == DoctorFinding(.ok, "a container ran in 12 ms"))
    }

    @Test("DOC-4, DOC-5, DOC-6: what is missing, old or broken is told with what to do")
    func lacking() throws {
        try program("containerd", "echo containerd x 1.5.9 y")
        try program("dockerd", "echo Docker version 20.10.24, build x")
        try folder.write("version = [\n", to: "config.toml")
        let findings = host.findings
        func level(_ part: String) -> DoctorFinding.Level? { findings.first { $0.what.contains(part) }?.level }
        #expect(level("containerd 1.5.9") == .problem)
        #expect(level("neither runc nor crun") == .warning)
        #expect(level("Docker 20.10.24") == .warning)
        #expect(level("containerd-shim-wasmshim-v1 is not found") == .problem)
        #expect(level("config.toml") == .problem)
        #expect(level("wasm-shim-guest") == .warning)
        #expect(findings.filter { $0.level != .ok }.allSatisfy { !$0.advice.isEmpty })
        #expect(host.selfTest().level == .problem)
    }

    @Test("DOC-6: a runtime that nobody reads is a warning")
    func inVain() throws {
        try folder.write(
            "disabled_plugins = ['cri']\n[plugins.cri.containerd.runtimes.wasmshim]\n"
                + "runtime_type = 'io.containerd.wasmshim.v1'\n", to: "config.toml")
        let finding = host.findings.first { $0.what.contains("config.toml") }
        #expect(finding?.level == .warning && finding?.what.hasSuffix("in vain") == true)
    }

    @Test("DOC-5: the guest program is looked for beside the file that a link to the shim leads to")
    func guest() throws {
        try program(InstallRuntime.shim, "", in: "opt/wasm/bin")
        try folder.makeFolder("usr/bin")
        try folder.link("usr/bin/\(InstallRuntime.shim)", to: "../../opt/wasm/bin/\(InstallRuntime.shim)")
        #expect(host.findings.contains { $0.level == .problem && $0.what == "wasm-shim-guest is not found" })
        let guest = try program("wasm-shim-guest", "", in: "opt/wasm/libexec")
        #expect(host.findings.contains { $0.level == .ok && $0.what.hasSuffix("opt/wasm/libexec/wasm-shim-guest") })
        #expect(shell("chmod 644 \(quoted(guest))") == 0)
        #expect(host.findings.contains { $0.level == .problem && $0.what == "wasm-shim-guest is not found" })
    }

    @Test("DOC-7: the trial container's failure is told in the shim's last line")
    func failedTrial() throws {
        try program(InstallRuntime.shim, "echo first; echo 'no memory controller' >&2; exit 3")
        #expect(host.selfTest() == DoctorFinding(.problem, "the trial container failed", "no memory controller"))
    }

    @Test("DOC-8: a program that does not end is killed when its time is up, with all that it started")
    func timeLimit() throws {
        let path = try program("slow", "echo begun; sleep 300 & echo $! >\(quoted(folder.path("pid"))); wait")
        let output = try DoctorOutput(of: path, arguments: [], environment: ["PATH=/usr/bin:/bin"], seconds: 1)
        #expect(output.end == nil)
        #expect(output.text == "begun\n")
        let process = try text(of: folder.path("pid")).dropLast()
        // Gone, or dead and not yet collected by whoever gets orphans here.
        let isDead = "[ ! -e /proc/\(process) ] || grep -q '^State:.Z' /proc/\(process)/status"
        #expect(shell("for i in 1 2 3 4 5 6 7 8 9; do \(isDead) && exit 0; sleep 0.1; done; exit 1") == 0)
    }

    @Test("DOC-8: a program that leaves another behind with its output open is not waited for longer than itself")
    func leftBehind() throws {
        let path = try program("quick", "sleep 5 & echo done; exit 4")
        let output = try DoctorOutput(of: path, arguments: [], environment: ["PATH=/usr/bin:/bin"], seconds: 4)
        #expect(output.end == .exited(code: 4))
        #expect(output.text == "done\n")
    }

    @Test("DOC-9: below --root files are looked at and nothing is run")
    func otherRoot() throws {
        try program("containerd", "touch \(quoted(folder.path("ran")))")
        let findings = DoctorHost(root: folder.path, programs: DoctorPrograms(root: folder.path)).findings
        #expect(findings.contains { $0 == DoctorFinding(.ok, "containerd /usr/bin/containerd") })
        #expect(!exists(folder.path("ran")))
    }
}
