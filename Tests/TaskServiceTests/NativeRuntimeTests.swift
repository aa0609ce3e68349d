import LinuxSystem
import TestSupport
import Testing

@testable import TaskService

@Suite("NativeRuntime")
struct NativeRuntimeTests {
    private static func find(
        _ name: String, root: String = "", systemd: Bool = false, among programs: [String]
    ) throws(TaskError) -> NativeRuntime {
        var options = ShimOptions()
        options.binaryName = name
        options.root = root
        options.systemdCgroup = systemd
        return try NativeRuntime(options, namespace: "ns1", searchPath: "/one:relative:/two") { programs.contains($0) }
    }

    @Test(
        "NAT-1: the runtime that the options name is taken, else runc, else crun, in the order of PATH",
        arguments: [
            ("", ["/two/crun", "/two/runc"], "/two/runc"),
            ("", ["/two/runc", "/one/runc"], "/one/runc"),
            ("", ["/one/crun"], "/one/crun"),
            ("youki", ["/one/runc", "/two/youki"], "/two/youki"),
            ("/opt/runc", ["/one/runc", "/opt/runc"], "/opt/runc"),
        ])
    func order(name: String, programs: [String], found: String) throws {
        #expect(try Self.find(name, among: programs).program == found)
    }

    @Test(
        "NAT-1: a runtime that is named and not there is an error, whatever else is", arguments: ["youki", "/opt/runc"])
    func missing(name: String) {
        let error = #expect(throws: TaskError.self) { try Self.find(name, among: ["/one/runc", "relative/runc"]) }
        #expect(error?.description.contains(name) == true)
        #expect(throws: TaskError.self) { try Self.find("", among: ["relative/runc"]) }
    }

    @Test("NAT-2: its state is in a folder of the namespace, below the option Root or one of ours")
    func stateFolder() throws {
        let ours = try Self.find("", among: ["/one/runc"])
        #expect(ours.stateFolder == "/run/containerd/wasmshim-native/ns1")
        let theirs = try Self.find("", root: "/run/r", systemd: true, among: ["/one/runc"])
        #expect(theirs.stateFolder == "/run/r/ns1")
        let command = theirs.command(["start", "c1"], log: "/b/log", searchPath: "/bin")
        #expect(command.path == "/one/runc")
        #expect(
            command.arguments == [
                "/one/runc", "--root", "/run/r/ns1", "--log", "/b/log", "--log-format", "json", "--systemd-cgroup",
                "start", "c1",
            ])
        #expect(command.environment == ["PATH=/bin"])
        #expect(!ours.command([], log: "/l", searchPath: "/bin").arguments.contains("--systemd-cgroup"))
    }

    @Test(
        "NAT-3: the reason of a failure is the last error of the runtime's log",
        arguments: [
            (
                #"{"level":"warning","msg":"w","time":"t"}"# + "\n" + #"{"level":"error","msg":"no \"x\"","time":"t"}"#
                    + "\n", #"no "x""#
            ),
            (#"{"level":"error","msg":"first"}"# + "\n" + #"{"level":"info","msg":"later"}"# + "\n", "first"),
            (#"{"level":"warning","msg":"only"}"# + "\n", "only"),
            ("runtime: out of memory\n", "runtime: out of memory\n"),
            ("", nil),
        ] as [(String, String?)])
    func reason(log: String, reason: String?) { #expect(NativeLog(Array(log.utf8)).reason == reason) }

    @Test("NAT-4: the bundle names the runtime for whoever cleans up; anything else in that file names none")
    func record() throws {
        let folder = try TestFolder()
        let runtime = NativeRuntime(program: "/one/runc", stateFolder: "/run/r/ns1", usesSystemd: true)
        #expect(NativeRecord(inBundle: folder.path) == nil)
        try NativeRecord(runtime).write(toBundle: folder.path)
        #expect(NativeRecord(inBundle: folder.path)?.runtime == runtime)
        for text in ["", "runc\n/r\n\n", "/runc\nr\n\n", "/runc\n/r\n", "/runc\n/r\n\nmore\n"] {
            try folder.write(text, to: NativeRecord.fileName)
            #expect(NativeRecord(inBundle: folder.path) == nil, "\(text)")
        }
        NativeRecord.remove(fromBundle: folder.path)
        #expect(try folder.names().isEmpty)
    }

    @Test("NAT-5: what is mounted at a folder and below it is unmounted the deepest and the last first, nothing else")
    func mountPoints() {
        let lines = [
            "22 27 0:21 / /proc rw,relatime - proc proc rw",
            "30 27 0:50 / /b/rootfs rw - overlay overlay rw",
            "31 30 0:51 / /b/rootfs/dev rw shared:1 - tmpfs tmpfs rw",
            "32 31 0:52 / /b/rootfs/dev/pts rw - devpts devpts rw",
            "33 27 0:53 / /b/rootfs2 rw - tmpfs tmpfs rw",
            "34 30 0:54 / /b/rootfs/a\\040b\\134 rw - tmpfs tmpfs rw",
            "35 27 0:55 / /b rw - tmpfs tmpfs rw",
            "36 30 0:56 / /b/rootfs rw - tmpfs tmpfs rw",
            "short line",
        ]
        let info = Array(lines.joined(separator: "\n").utf8)
        #expect(
            HostMounts.points(atOrBelow: "/b/rootfs", in: info) == [
                "/b/rootfs/dev/pts", "/b/rootfs/a b\\", "/b/rootfs/dev", "/b/rootfs", "/b/rootfs",
            ])
        #expect(HostMounts.points(atOrBelow: "/b/rootfs/a b\\", in: info) == ["/b/rootfs/a b\\"])
        #expect(HostMounts.points(atOrBelow: "/c", in: info).isEmpty)
    }
}
