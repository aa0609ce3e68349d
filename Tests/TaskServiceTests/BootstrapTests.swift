import FoundationEssentials
import ShimAPI
import SwiftProtobuf
import Testing

@testable import TaskService

@Suite struct BootstrapTests {
    private static let address = SocketAddress(containerd: "/c.sock", namespace: "ns", group: "x")

    private static func options() throws -> Google_Protobuf_Any {
        try .with {
            $0.typeURL = "containerd.runc.v1.Options"
            $0.value = try RuncOptions.with { $0.binaryName = "crun" }.serializedBytes()
        }
    }

    private static func parameters(id: String = "x", namespace: String = "ns") throws -> [UInt8] {
        let options = try options()
        return try BootstrapParams.with {
            $0.instanceID = id
            $0.namespace = namespace
            $0.logLevel = -4
            $0.containerdTtrpcAddress = "/c.sock.ttrpc"
            $0.socketDir = "/other"
            $0.extensions = [.with { $0.value = options }]
        }.serializedBytes()
    }

    private static func read(_ input: [UInt8], _ environment: [String: String] = [:]) -> Bootstrap {
        Bootstrap(input: input, id: "x", namespace: "ns") { environment[$0] }
    }

    @Test("SHIM-12: containerd 2.3's parameters are known by being about this container, and answered in kind")
    func parametersOfNewest() throws {
        let bootstrap = Self.read(try Self.parameters(), ["TTRPC_ADDRESS": "/old", "MAX_SHIM_VERSION": "2"])
        #expect(bootstrap.answer == .message)
        #expect(bootstrap.ttrpcAddress == "/c.sock.ttrpc")
        #expect(bootstrap.socketFolder == "/other")
        #expect(bootstrap.isDebug)
        #expect(bootstrap.options.typeURL == "containerd.runc.v1.Options")
        let result = try BootstrapResult(serializedBytes: bootstrap.output(for: Self.address))
        #expect(result.version == 3)
        #expect(result.address == Self.address.url)
        #expect(result.protocol == "ttrpc")
    }

    @Test("SHIM-12: what is about another container is read as options")
    func parametersOfAnother() throws {
        #expect(Self.read(try Self.parameters(id: "y")).answer == .plain)
        #expect(Self.read(try Self.parameters(namespace: "other")).answer == .plain)
    }

    @Test("SHIM-13: containerd 1.7 to 2.2 get JSON of version 2, and their options are read")
    func middle() throws {
        let bootstrap = Self.read(
            try Self.options().serializedBytes(), ["TTRPC_ADDRESS": "/t", "MAX_SHIM_VERSION": "2"])
        #expect(bootstrap.answer == .json)
        #expect(bootstrap.ttrpcAddress == "/t")
        #expect(bootstrap.options.typeURL == "containerd.runc.v1.Options")
        #expect(
            String(decoding: bootstrap.output(for: Self.address), as: UTF8.self)
                == #"{"version":2,"address":"\#(Self.address.url)","protocol":"ttrpc"}"#)
    }

    @Test("SHIM-14: containerd 1.6 gets the bare address")
    func oldest() throws {
        let bootstrap = Self.read([], ["TTRPC_ADDRESS": "/t"])
        #expect(bootstrap.answer == .plain)
        #expect(bootstrap.output(for: Self.address) == Array(Self.address.url.utf8))
    }

    @Test("SHIM-12: bytes that are nothing of the kind do no harm")
    func garbage() {
        for length in 0..<64 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ length) }
            #expect(Self.read(bytes).answer == .plain)
        }
    }
}

@Suite struct ShimOptionsTests {
    private static func generic(_ text: String) throws -> Google_Protobuf_Any {
        try .with {
            $0.typeURL = "runtimeoptions.v1.Options"
            $0.value = try RuncGenericOptions.with { $0.configBody = Data(text.utf8) }.serializedBytes()
        }
    }

    @Test("SHIM-15: options come as runc's type")
    func runc() throws {
        var notes: [String] = []
        let any = try Google_Protobuf_Any.with {
            $0.typeURL = "type.googleapis.com/containerd.runc.v1.Options"
            $0.value = try RuncOptions.with {
                $0.binaryName = "crun"
                $0.root = "/r"
                $0.systemdCgroup = true
                $0.shimCgroup = "/shims"
                $0.ioUid = 5
                $0.ioGid = 6
            }.serializedBytes()
        }
        let options = ShimOptions(any, notes: &notes)
        #expect(options.binaryName == "crun")
        #expect(options.root == "/r")
        #expect(options.systemdCgroup)
        #expect(options.shimCgroup == "/shims")
        #expect(options.ioUser == 5)
        #expect(options.ioGroup == 6)
        #expect(notes.isEmpty)
    }

    @Test("SHIM-16: options come as TOML, and names that are not known are told and ignored")
    func toml() throws {
        var notes: [String] = []
        let options = ShimOptions(
            try Self.generic(
                """
                # a comment
                BinaryName = "/usr/bin/crun"   # another
                SystemdCgroup = true
                IoUid = 1000
                Colour = "blue"
                nonsense
                IoGid = "many"
                """), notes: &notes)
        #expect(options.binaryName == "/usr/bin/crun")
        #expect(options.systemdCgroup)
        #expect(options.ioUser == 1000)
        #expect(options.ioGroup == 0)
        #expect(notes.count == 3)
    }

    @Test("SHIM-16: a type that is not known, or a value that cannot be read, changes nothing and is told")
    func unknown() throws {
        var notes: [String] = []
        #expect(ShimOptions(.with { $0.typeURL = "some.Options" }, notes: &notes) == ShimOptions())
        #expect(
            ShimOptions(
                .with {
                    $0.typeURL = "containerd.runc.v1.Options"
                    $0.value = Data([0xFF, 0xFF])
                }, notes: &notes) == ShimOptions())
        #expect(notes.count == 2)
        #expect(ShimOptions(Google_Protobuf_Any(), notes: &notes) == ShimOptions())
        #expect(notes.count == 2)
    }
}
