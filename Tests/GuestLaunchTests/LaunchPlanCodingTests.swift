import LinuxSystem
import Sandbox
import Testing

@testable import GuestLaunch

@Suite("LaunchPlan coding")
struct LaunchPlanCodingTests {
    static let plain = LaunchPlan(moduleDescriptor: 4, moduleName: "hello.wasm", arguments: ["hello.wasm"])

    static let full: LaunchPlan = {
        var plan = LaunchPlan(
            moduleDescriptor: 17, moduleName: "image:v1", function: "démarrer",
            arguments: ["app", "", "two words", "é\n世"],
            environment: ["A=1", "EMPTY=", "=odd"],
            preopens: [
                .init(descriptor: 5, guestPath: ".", isReadOnly: false),
                .init(descriptor: 2_147_483_647, guestPath: "/data", isReadOnly: true),
            ],
            parentProcess: 4711, isVerbose: true)
        plan.preopens[0].placeInRoot = "/work"
        plan.preopens[1].file = "settings.json"
        plan.preloads = [.init(name: "plugin", descriptor: 6, file: "plugin.wasm")]
        plan.invocation = ["1", "-2.5"]
        plan.tracesCalls = true
        plan.profileDescriptor = 9
        return plan
    }()

    /// Every field of a box has a value that is not its default, and every list an element.
    static let boxed: LaunchPlan = {
        var root = SandboxRoot(path: "/run/bundle/rootfs")
        root.layers = [.init(type: "overlay", source: "overlay", destination: "/", data: "lowerdir=/a:/b")]
        root.mounts = [
            .init(type: "bind", source: "/host", destination: "/data", flags: 1 << 40 | 1, isRecursive: true)
        ]
        root.masked = ["/etc/secret"]
        root.readOnlyPaths = ["/usr", "/opt"]
        root.isReadOnly = true
        root.hasDevices = false
        var sandbox = SandboxPlan(
            controlDescriptor: 4, root: .assembled(root),
            program: .module(candidates: ["/app.wasm", "app"], allowsTools: true))
        sandbox.controlGroupFiles = ["/sys/fs/cgroup/memory/x/tasks"]
        sandbox.oomScoreAdjustment = -998
        sandbox.hasTerminal = true
        sandbox.joins = [.init(kind: 0x4000_0000, path: "/proc/1/ns/net")]
        sandbox.newNamespaces = 0x2_0000
        sandbox.hostname = "host"
        sandbox.domainname = ""
        sandbox.settings = [.init(path: "net/core/somaxconn", value: "128")]
        sandbox.workingFolder = "/srv"
        sandbox.limits = [.init(resource: 7, soft: 1024, hard: .max)]
        sandbox.umask = 0o077
        sandbox.user = 1
        sandbox.group = 2
        sandbox.furtherGroups = [3, .max]
        sandbox.capabilities.bounding = 1 << 40
        sandbox.capabilities.effective = 2
        sandbox.capabilities.inheritable = 4
        sandbox.capabilities.permitted = 8
        sandbox.capabilities.ambient = 16
        sandbox.forbidsNewPrivileges = false
        return LaunchPlan(
            moduleDescriptor: -1, moduleName: "app", arguments: ["app"], parentProcess: 17, sandbox: sandbox)
    }()

    /// The other choices, and nothing that may be absent.
    static let paused = LaunchPlan(
        moduleDescriptor: -1, moduleName: "pause", arguments: [],
        sandbox: SandboxPlan(controlDescriptor: 4, root: .joined, program: .pause))

    @Test("LAUNCH-1: a plan written and read back is the same plan", arguments: [plain, full, boxed, paused])
    func roundTrip(plan: LaunchPlan) throws {
        #expect(try LaunchPlan(decoding: plan.encoded()) == plan)
    }

    @Test("LAUNCH-1: the bytes are those that the page describes")
    func bytes() throws {
        var plan = LaunchPlan(
            moduleDescriptor: 5, moduleName: "m", function: "f", arguments: ["a"], environment: [],
            preopens: [.init(descriptor: 6, guestPath: "/", isReadOnly: true, placeInRoot: "/", file: "f")],
            parentProcess: 258)
        plan.preloads = [.init(name: "n", descriptor: 7, file: "p")]
        plan.invocation = ["1"]
        #expect(
            try plan.encoded() == [
                0x57, 0x53, 0x4C, 0x50, 5, 0, 0, 0, 5, 0, 0, 0,
                1, 0, 0, 0, 0x6D, 1, 0, 0, 0, 0x66,
                1, 0, 0, 0, 1, 0, 0, 0, 0x61,
                0, 0, 0, 0,
                1, 0, 0, 0, 6, 0, 0, 0, 1, 0, 0, 0, 0x2F, 1, 1, 1, 0, 0, 0, 0x2F, 1, 1, 0, 0, 0, 0x66,
                1, 0, 0, 0, 1, 0, 0, 0, 0x6E, 7, 0, 0, 0, 1, 0, 0, 0, 0x70,
                1, 1, 0, 0, 0, 1, 0, 0, 0, 0x31,
                2, 1, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0,
            ])
    }

    @Test("LAUNCH-2: a plan that is cut anywhere is refused", arguments: [full, boxed])
    func everyPrefix(plan: LaunchPlan) throws {
        let bytes = try plan.encoded()
        for length in 0..<bytes.count {
            #expect(throws: LaunchPlanError.self, "\(length) bytes") {
                try LaunchPlan(decoding: Array(bytes[..<length]))
            }
        }
    }

    @Test("LAUNCH-2: a plan with any one byte changed gives a plan or an error", arguments: [full, boxed])
    func everyByteChanged(plan: LaunchPlan) throws {
        let bytes = try plan.encoded()
        var refused = 0
        for index in bytes.indices {
            for value: UInt8 in [0x00, 0x01, 0x7F, 0x80, 0xFF] where bytes[index] != value {
                var changed = bytes
                changed[index] = value
                do {
                    #expect(try LaunchPlan(decoding: changed) != plan)
                } catch {
                    refused += 1
                }
            }
        }
        #expect(refused > bytes.count / 2)
    }

    @Test("LAUNCH-2: a count of elements that cannot be there is refused where it stands")
    func hugeCount() throws {
        var bytes = try Self.plain.encoded()
        let count = 4 + 4 + 4 + (4 + 10) + (4 + 6)
        #expect(bytes[count] == 1)
        bytes.replaceSubrange(count..<count + 4, with: [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(throws: LaunchPlanError(.unexpectedEnd, at: count)) { try LaunchPlan(decoding: bytes) }
    }

    @Test("LAUNCH-2: bytes after the last field are refused")
    func trailing() throws {
        let bytes = try Self.plain.encoded()
        #expect(throws: LaunchPlanError(.trailingBytes, at: bytes.count)) { try LaunchPlan(decoding: bytes + [0]) }
    }

    @Test("LAUNCH-2: a negative descriptor is refused")
    func negativeDescriptor() throws {
        var bytes = try Self.plain.encoded()
        bytes[11] = 0x80
        #expect(throws: LaunchPlanError(.invalidValue, at: 8)) { try LaunchPlan(decoding: bytes) }
    }

    @Test("LAUNCH-15: only a guest that gets a box may be given no module")
    func noModule() throws {
        var plan = Self.boxed
        plan.sandbox = nil
        #expect(throws: LaunchPlanError(.invalidValue, at: 8)) { try plan.encoded() }
        var bytes = try Self.plain.encoded()
        bytes.replaceSubrange(8..<12, with: [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(throws: LaunchPlanError(.invalidValue, at: 8)) { try LaunchPlan(decoding: bytes) }
    }

    @Test("LAUNCH-2: bytes over the limit are refused, not read")
    func tooLong() {
        let bytes = [UInt8](repeating: 0, count: LaunchPlan.sizeLimit + 1)
        #expect(throws: LaunchPlanError(.tooLong(limit: LaunchPlan.sizeLimit), at: LaunchPlan.sizeLimit)) {
            try LaunchPlan(decoding: bytes)
        }
        var plan = Self.plain
        plan.arguments = [String(repeating: "x", count: LaunchPlan.sizeLimit)]
        #expect(throws: LaunchPlanError(.tooLong(limit: LaunchPlan.sizeLimit), at: LaunchPlan.sizeLimit)) {
            try plan.encoded()
        }
    }

    @Test("LAUNCH-3: a plan of another version is refused by its version")
    func version() throws {
        var bytes = try Self.plain.encoded()
        bytes[4] = 1
        #expect(throws: LaunchPlanError(.version(1), at: 4)) { try LaunchPlan(decoding: bytes) }
    }

    @Test("LAUNCH-4: a string with a zero byte is neither written nor read")
    func zeroByte() throws {
        var plan = Self.plain
        plan.arguments = ["a\0b"]
        #expect(throws: LaunchPlanError.self) { try plan.encoded() }
        var bytes = try Self.plain.encoded()
        let name = 4 + 4 + 4 + 4
        #expect(bytes[name] == UInt8(ascii: "h"))
        bytes[name] = 0
        #expect(throws: LaunchPlanError(.invalidString, at: name)) { try LaunchPlan(decoding: bytes) }
    }

    @Test("LAUNCH-2: a string that is not UTF-8 is refused")
    func invalidText() throws {
        var bytes = try Self.plain.encoded()
        bytes[16] = 0xFF
        #expect(throws: LaunchPlanError(.invalidString, at: 16)) { try LaunchPlan(decoding: bytes) }
    }

    @Test("LAUNCH-5: a sealed plan is read from offset 0 to its end")
    func sealed() throws {
        let file = try Self.full.sealed()
        let bytes = try #require(try file.readAll(limit: LaunchPlan.sizeLimit, name: "plan"))
        #expect(try LaunchPlan(decoding: bytes) == Self.full)
    }
}
