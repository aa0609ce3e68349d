internal import FoundationEssentials
internal import GuestLaunch
internal import Sandbox
internal import SwiftProtobuf
internal import TTRPC

/// Inputs to begin with: what real clients sent, and what our own programs say to each other.
package enum FuzzSeeds {
    /// Inputs of our own for every target.
    package static var own: [[UInt8]] {
        var seeds: [[UInt8]] = FuzzTarget.all.indices.map { [UInt8($0)] }
        let plan = LaunchPlan(
            moduleDescriptor: 5, moduleName: "m.wasm", arguments: ["m.wasm", "a"], environment: ["A=1"],
            preopens: [.init(descriptor: 6, guestPath: "/", isReadOnly: true)], parentProcess: 258)
        for plan in [plan, boxedPlan] {
            if let bytes = try? plan.encoded() { seeds.append(input(for: "plan", bytes)) }
        }
        let messages: [ControlMessage] = [
            .needsMappings, .mapped, .ready, .start, .native(path: "/bin/sh"),
            .failed(code: 126, message: "no"), .linearMemory(sizeAt: 0x1234_5678_9ABC),
        ]
        seeds += messages.map { input(for: "control", $0.packet) }
        // A message with strings in its first fields, whatever they mean to the target.
        let fields: [UInt8] = [0x0A, 2, 0x69, 0x64, 0x12, 1, 0x65, 0x18, 9, 0x20, 1, 0x52, 4, 0x0A, 2, 0x74, 0x75]
        seeds += FuzzTarget.all.map { input(for: $0.name, fields) }
        let small = Frame.bytes(.request, stream: 1, payload: [0x0A, 1, 0x73, 0x12, 1, 0x6D])
        let response = Frame.bytes(.response, stream: 2, payload: [])
        seeds.append(input(for: "frames", [3] + small + response + small))
        return seeds
    }

    /// A plan with a box, and something in each of its lists.
    private static var boxedPlan: LaunchPlan {
        var root = SandboxRoot(path: "/bundle/rootfs")
        let mount = SandboxRoot.Mount(
            type: "proc", source: "proc", destination: "/proc", flags: 14, data: "hidepid=2", isRecursive: true)
        root.layers = [mount]
        root.mounts = [mount, mount]
        var box = SandboxPlan(
            controlDescriptor: 4, root: .assembled(root),
            program: .module(candidates: ["/bin/app", "/app"], allowsTools: true))
        box.controlGroupFiles = ["/sys/fs/cgroup/pids/a/tasks"]
        box.oomScoreAdjustment = -5
        box.joins = [SandboxPlan.Join(kind: 0x4000_0000, path: "/proc/42/ns/net")]
        box.newNamespaces = 0x2_0000
        box.hostname = "host"
        box.settings = [SandboxPlan.Setting(path: "net/ipv4/ip_forward", value: "1")]
        box.limits = [SandboxPlan.Limit(resource: 7, soft: 1024, hard: 4096)]
        box.furtherGroups = [1, 2]
        box.capabilities.bounding = 0xFF
        return LaunchPlan(moduleDescriptor: -1, moduleName: "m.wasm", arguments: ["m.wasm"], sandbox: box)
    }

    /// Inputs made of the requests that were recorded in a folder of traces.
    package static func recorded(in folder: String) -> [[UInt8]] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        var seeds: Set<[UInt8]> = []
        for name in names.sorted() where name.hasSuffix(".trace.jsonl") {
            guard let content = FileManager.default.contents(atPath: "\(folder)/\(name)") else { continue }
            for line in content.split(separator: UInt8(ascii: "\n")) {
                guard let request = request(in: line) else { continue }
                seeds.insert(input(for: "frames", [7] + Frame.bytes(.request, stream: 1, payload: request)))
                seeds.insert(input(for: "Request", request))
                guard let envelope = try? EnvelopeRequest(serializedBytes: request) else { continue }
                seeds.insert(input(for: envelope.method, [UInt8](envelope.payload)))
            }
        }
        return seeds.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private static func input(for name: String, _ bytes: [UInt8]) -> [UInt8] {
        [FuzzTarget.selector(of: name) ?? 0] + bytes
    }

    private struct Line: Decodable { var raw_hex: String? }

    private static func request(in line: Data) -> [UInt8]? {
        guard let digits = (try? JSONDecoder().decode(Line.self, from: line))?.raw_hex else { return nil }
        let values = digits.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        return stride(from: 0, to: values.count - 1, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }
}
