import OCIBundle
import OCISpec
import Sandbox
import Testing

@testable import ContainerProcess

/// From a container's configuration to its box.
@Suite("Box of a configuration")
struct BoxPlanTests {
    /// The box of a configuration with these members of `linux`, and what is said of it.
    private func box(
        linux: String = "{}", mounts: String = "[]", process: String = "", hooks: String = "{}"
    ) throws -> (SandboxRoot?, SandboxPlan, SandboxPlan.Notes) {
        let text = """
            {"ociVersion":"1.1.0","process":{"cwd":"/","args":["a"]\(process)},"root":{"path":"rootfs"},
            "mounts":\(mounts),"hooks":\(hooks),"linux":\(linux)}
            """
        let spec: RuntimeSpec = try Document.decode(from: Array(text.utf8))
        var notes = SandboxPlan.Notes()
        let plan = try SandboxPlan(
            for: spec, bundle: "/b", layers: [], program: .pause, controlDescriptor: 4, notes: &notes)
        guard case .assembled(let root) = plan.root else { return (nil, plan, notes) }
        return (root, plan, notes)
    }

    @Test(
        "SBX-23: a kernel setting is one of a namespace of the container's own",
        arguments: [
            ("vm.stat_interval", "network", false), ("kernel.core_pattern", "ipc", false),
            ("net.ipv4.ip_forward", "ipc", false), ("kernel.shmmax", "network", false),
            ("kernel.hostname", "network", false), ("net/ipv4/ip_forward", "uts", false),
            ("net.ipv4.ip_forward", "network", true), ("net/ipv4/conf/eth0.1/forwarding", "network", true),
            ("kernel.shmmax", "ipc", true), ("kernel.sem", "ipc", true), ("fs.mqueue.msg_max", "ipc", true),
            ("kernel.domainname", "uts", true),
        ])
    func settings(name: String, namespace: String, isAllowed: Bool) throws {
        let linux = #"{"namespaces":[{"type":"\#(namespace)"}],"sysctl":{"\#(name)":"1"}}"#
        if isAllowed {
            #expect(try box(linux: linux).1.settings.count == 1)
        } else {
            let error = #expect(throws: BundleError.self) { try box(linux: linux) }
            #expect(error?.description.contains("sysctl \"\(name)\" belongs to") == true)
        }
    }

    @Test("SBX-23: two namespaces of a kind, and a mount namespace of others, are refused")
    func namespaces() throws {
        let twice = #"{"namespaces":[{"type":"network"},{"type":"network","path":"/proc/1/ns/net"}]}"#
        #expect(
            #expect(throws: BundleError.self) { try box(linux: twice) }?.description
                .contains("there are two network namespaces") == true)
        let joined = #"{"namespaces":[{"type":"mount","path":"/proc/1/ns/mnt"}]}"#
        #expect(
            #expect(throws: BundleError.self) { try box(linux: joined) }?.description
                .contains("a mount namespace cannot be joined") == true)
        #expect(try box(linux: #"{"namespaces":[{"type":"mount"},{"type":"ipc"}]}"#).1.joins.isEmpty)
    }

    @Test("SBX-23: mounts with other user numbers are refused")
    func mappedMounts() {
        for more in [
            #""options":["rbind","idmap"]"#, #""options":["bind","ridmap"]"#,
            #""options":["bind"],"uidMappings":[{"containerID":0,"hostID":9,"size":1}]"#,
            #""options":["bind"],"gidMappings":[{"containerID":0,"hostID":9,"size":1}]"#,
        ] {
            let mounts = #"[{"destination":"/d","source":"/s","type":"bind",\#(more)}]"#
            #expect(throws: BundleError.self) { try box(mounts: mounts) }
        }
    }

    @Test("SBX-23: the kernel's own file systems are passed over, others that would have something in them are refused")
    func mountTypes() throws {
        let (root, _, notes) = try box(mounts: #"[{"destination":"/proc","type":"proc","source":"proc"}]"#)
        #expect(root?.mounts.isEmpty == true)
        #expect(notes.unused == ["/proc (proc)"])
        for type in [#""type":"nfs","#, #""type":"overlay","#, ""] {
            #expect(throws: BundleError.self) { try box(mounts: #"[{"destination":"/d",\#(type)"source":"x"}]"#) }
        }
    }

    @Test("SBX-3: restrictions that are asked for with everything below are the mount's")
    func recursiveOptions() throws {
        let mounts =
            #"[{"destination":"/d","source":"/s","options":["rbind","rro","rnosuid","rnoexec","nosymfollow"]}]"#
        let mount = try #require(try box(mounts: mounts).0?.mounts.first)
        #expect(mount.flags == 1 | 2 | 8 | 256)
        #expect(mount.isRecursive)
        #expect(mount.data == "")
    }

    @Test("SBX-21: paths of /proc and /sys are not masked, for a box has none")
    func masks() throws {
        let linux = #"{"maskedPaths":["/proc/kcore","/etc/secret","/sys"],"readonlyPaths":["/proc/sys","/usr"]}"#
        let root = try #require(try box(linux: linux).0)
        #expect(root.masked == ["/etc/secret"])
        #expect(root.readOnlyPaths == ["/usr"])
    }

    @Test("SBX-7: a tmpfs on /dev gets devices, however the configuration spells it")
    func deviceFolder() throws {
        for path in ["/dev", "/dev/", "//dev/."] {
            let root = try box(mounts: #"[{"destination":"\#(path)","type":"tmpfs","source":"tmpfs"}]"#).0
            #expect(root?.hasDevices == true, "\(path)")
        }
        #expect(try box(mounts: #"[{"destination":"/dev","source":"/x","options":["bind"]}]"#).0?.hasDevices == false)
    }

    @Test("SBX-23: what would confine the process further and is not done is told")
    func unenforced() throws {
        let notes = try box(
            linux:
                #"{"seccomp":{"defaultAction":"SCMP_ACT_KILL"},"devices":[{"path":"/dev/x"}],"personality":{"domain":"LINUX32"}}"#,
            process: #","apparmorProfile":"p","selinuxLabel":"l""#,
            hooks: #"{"createContainer":[{"path":"/bin/x"}],"startContainer":[{"path":"/bin/x"}]}"#
        ).2
        #expect(
            notes.unenforced == [
                "linux.seccomp", "linux.personality", "process.apparmorProfile", "process.selinuxLabel",
                "hooks.createContainer", "hooks.startContainer",
            ])
        #expect(notes.unused == ["linux.devices"])
        #expect(try box().2 == SandboxPlan.Notes())
    }
}
