import CLinux
import EventLoop
import FoundationEssentials
import Glibc
import LinuxSystem
import OCISpec
import ShimAPI
import SwiftProtobuf
import TTRPC
import TestSupport
import Testing

@testable import TaskService

/// The built shim program, called as containerd calls it, with us at the other end of its events.
final class ShimUnderTest {
    static let namespace = "wasmshim-tests"

    /// The program beside the test bundle; `nil`, said loudly, where it is not built or we may not make boxes.
    static let program: String? = {
        guard getuid() == 0 else {
            SharedFolder.skip("the shim", because: "only root can make boxes")
            return nil
        }
        let own = (try? readLink(at: "/proc/self/exe")) ?? ""
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? ""
        for path in [own, bundle] {
            guard let slash = path.lastIndex(of: "/") else { continue }
            let program = "\(path[..<slash])/containerd-shim-wasmshim-v1"
            if unsafe access(program, X_OK) == 0 { return program }
        }
        SharedFolder.skip("the shim", because: "containerd-shim-wasmshim-v1 is not built; run: swift build")
        return nil
    }()

    let folder: TestFolder
    let loop: EventLoop
    /// The events that arrived: topic, container, and for exits the process and status.
    private(set) var events: [String] = []
    private var sink: Server?
    private var clients: [String: Client] = [:]
    private var servers: Set<Int32> = []

    init() throws {
        folder = try TestFolder()
        loop = try EventLoop()
        sink = try Server(on: loop, listening: try listeningSocket(at: folder.path("e.sock"))) { [unowned self] call in
            if let request = try? EventForwardRequest(serializedBytes: call.payload) { note(request.envelope) }
            call.reply([])
        }
    }

    /// Ends what the test left.
    deinit {
        for server in servers { Glibc.kill(server, SIGKILL) }
    }

    private func note(_ envelope: EventEnvelope) {
        var line = envelope.topic
        if let exit = try? EventTaskExit(serializedBytes: envelope.event.value), envelope.topic == "/tasks/exit" {
            line += " \(exit.id) \(exit.exitStatus)"
        }
        events.append(line)
    }

    /// Makes a bundle with one module, `/app.wasm`.
    func makeBundle(
        _ id: String, module: [UInt8], arguments: [String] = ["/app.wasm"], annotations: [String: String]? = nil
    ) throws -> String {
        let spec = RuntimeSpec(
            process: ContainerProcessSpec(args: arguments), root: .init(path: "rootfs"), annotations: annotations,
            linux: LinuxSpec(
                namespaces: ["pid", "ipc", "uts", "mount"].map { .init(type: $0) },
                cgroupsPath: "/\(Self.namespace)/\(id)-\(getpid())"))
        try folder.write(module, to: "\(id)/rootfs/app.wasm")
        try folder.write(Document.encode(spec), to: "\(id)/config.json")
        return folder.path(id)
    }

    /// Runs the program with an action; what it wrote, and how it ended.
    func run(_ action: String, _ id: String) throws -> (output: [UInt8], end: ProcessEnd) {
        let pipe = try Pipe()
        var child = ChildProcess(
            path: try #require(Self.program),
            arguments: startArguments(id, action))
        child.environment = ["TTRPC_ADDRESS=\(folder.path("e.sock"))"]
        let null = try OwnedDescriptor(opening: "/dev/null", flags: O_RDWR)
        child.descriptors = [
            .init(null.rawValue, as: 0), .init(pipe.writeEnd.rawValue, as: 1), .init(pipe.writeEnd.rawValue, as: 2),
        ]
        let process = try child.start()
        let reading = pipe.takeReadEnd()
        // Ends only when nobody has the pipe any more: a server that kept it would hang us here.
        let output = try #require(try reading.readAll(limit: 1 << 16, name: "answer"))
        let end = try #require(try ProcessEnd(of: process, block: true))
        return (output, end)
    }

    /// Where the server of a container that is alone listens.
    func socketPath(of id: String) -> String {
        SocketAddress(
            containerd: folder.path("c.sock"), namespace: Self.namespace, group: id, folder: SocketAddress.defaultFolder
        ).path
    }

    /// Begins a `start`, and does not wait for it.
    func spawnStart(_ id: String, _ program: String) throws -> pid_t {
        var child = ChildProcess(path: program, arguments: startArguments(id, "start"))
        let null = try OwnedDescriptor(opening: "/dev/null", flags: O_RDWR)
        child.descriptors = (0...2).map { .init(null.rawValue, as: $0) }
        return try child.start()
    }

    /// Whether there is a socket at a path that nobody listens at.
    func isSocketDead(at path: String) -> Bool {
        unsafe access(path, F_OK) == 0 && !StartCommand.isAnswering(path)
    }

    /// Tells the server at a path, if there is one, to end.
    func shutDown(at path: String) throws {
        guard unsafe access(path, F_OK) == 0 else { return }
        clients[path] = try Client(on: loop, connectingTo: path)
        let _: Google_Protobuf_Empty = try call(path, "Shutdown", APIShutdownRequest.with { $0.id = path })
        #expect(try eventually { unsafe access(path, F_OK) != 0 })
    }

    private func startArguments(_ id: String, _ action: String) -> [String] {
        [
            "containerd-shim-wasmshim-v1", "-namespace", Self.namespace, "-address", folder.path("c.sock"), "-id", id,
            "-bundle", folder.path(id), action,
        ]
    }

    /// `start`, and a connection to what it answers.
    func start(_ id: String) throws {
        let (output, end) = try run("start", id)
        let address = String(decoding: output, as: UTF8.self)
        try #require(end == .exited(code: 0) && address.hasPrefix("unix://"), "start answered \(address)")
        clients[id] = try Client(on: loop, connectingTo: String(address.dropFirst("unix://".count)))
        let connection: APIConnectResponse = try call(id, "Connect", APIConnectRequest.with { $0.id = id })
        servers.insert(Int32(bitPattern: connection.shimPid))
    }

    /// `start`, Create and Start.
    func startContainer(_ id: String, module: [UInt8], annotations: [String: String]? = nil) throws {
        let bundle = try makeBundle(id, module: module, annotations: annotations)
        try start(id)
        let _: APICreateTaskResponse = try call(id, "Create", Self.creation(id, bundle))
        let _: APIStartResponse = try call(id, "Start", APIStartRequest.with { $0.id = id })
    }

    static func creation(_ id: String, _ bundle: String) -> APICreateTaskRequest {
        .with {
            $0.id = id
            $0.bundle = bundle
        }
    }

    /// The server of a container.
    func server(of id: String) throws -> Int32 {
        let connection: APIConnectResponse = try call(id, "Connect", APIConnectRequest.with { $0.id = id })
        return Int32(bitPattern: connection.shimPid)
    }

    func state(of id: String, exec: String = "") throws -> APIStateResponse {
        try call(
            id, "State",
            APIStateRequest.with {
                $0.id = id
                $0.execID = exec
            })
    }

    func kill(_ id: String, _ signal: Int32) throws {
        let _: Google_Protobuf_Empty = try call(
            id, "Kill",
            APIKillRequest.with {
                $0.id = id
                $0.signal = UInt32(signal)
            })
    }

    func wait(for id: String, exec: String = "") throws -> UInt32 {
        let response: APIWaitResponse = try call(
            id, "Wait",
            APIWaitRequest.with {
                $0.id = id
                $0.execID = exec
            })
        return response.exitStatus
    }

    func addExec(_ id: String, _ exec: String, _ arguments: [String], stdout: String = "") throws {
        let specification = try Document.encode(ContainerProcessSpec(args: arguments))
        let _: Google_Protobuf_Empty = try call(
            id, "Exec",
            APIExecProcessRequest.with {
                $0.id = id
                $0.execID = exec
                $0.stdout = stdout
                $0.spec = .with { $0.value = Data(specification) }
            })
    }

    func startExec(_ id: String, _ exec: String) throws -> APIStartResponse {
        try call(
            id, "Start",
            APIStartRequest.with {
                $0.id = id
                $0.execID = exec
            })
    }

    /// Delete and Shutdown.
    func finish(_ id: String) throws {
        let _: APIDeleteResponse = try call(id, "Delete", APIDeleteRequest.with { $0.id = id })
        let _: Google_Protobuf_Empty = try call(id, "Shutdown", APIShutdownRequest.with { $0.id = id })
    }

    /// Makes calls one right after the other, and waits for all the answers; how each ended.
    func callAtOnce(
        _ id: String, _ calls: [(method: String, request: any Message)], service: String = "containerd.task.v2.Task"
    ) throws -> [StatusCode] {
        let client = try #require(clients[id])
        var codes = [StatusCode?](repeating: nil, count: calls.count)
        for (index, call) in calls.enumerated() {
            client.call(
                service: service, method: call.method, payload: try call.request.serializedBytes(),
                timeout: .seconds(20), metadata: []
            ) { [loop] result in
                switch result {
                case .success: codes[index] = .ok
                case .failure(let status): codes[index] = status.code
                }
                if !codes.contains(nil) { loop.stop() }
            }
        }
        try loop.run()
        return codes.compactMap { $0 }
    }

    /// Makes a call of the container's server and waits for the answer; throws the Status of a refusal.
    func call<Response: Message>(
        _ id: String, _ method: String, _ request: some Message, service: String = "containerd.task.v2.Task"
    ) throws -> Response {
        let client = try #require(clients[id])
        var outcome: Result<[UInt8], Status>?
        client.call(
            service: service, method: method, payload: try request.serializedBytes(),
            timeout: .seconds(20), metadata: []
        ) { [loop] result in
            outcome = result
            loop.stop()
        }
        try loop.run()
        return try Response(serializedBytes: #require(outcome).get())
    }

    /// Lets events come in until something holds, at most ten seconds.
    func eventually(_ isTrue: @escaping () -> Bool) throws -> Bool {
        for _ in 0..<1000 where !isTrue() {
            loop.schedule(after: .milliseconds(10)) { [loop] in loop.stop() }
            try loop.run()
        }
        return isTrue()
    }
}

/// Whether there is a process of this number that is no zombie.
func isAlive(_ process: Int32) -> Bool { ProcessRecord(of: process) != nil }
