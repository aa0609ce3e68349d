internal import CLinux
internal import EventLoop
internal import Glibc
internal import LinuxSystem
internal import OCISpec
internal import ShimAPI
internal import SwiftProtobuf
internal import TTRPC

/// `self-test`: does what containerd does, from `start` to `delete`, with a module of a few bytes. `wasm-shim doctor`
/// runs it; what it prints is one line.
struct SelfTest {
    /// A module that asks to exit with code 42: `proc_exit(42)`.
    private static let module: [UInt8] =
        [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00]
        + [0x01, 0x08, 0x02, 0x60, 0x01, 0x7F, 0x00, 0x60, 0x00, 0x00]
        + [0x02, 0x24, 0x01, 0x16] + Array("wasi_snapshot_preview1".utf8) + [0x09] + Array("proc_exit".utf8) + [
            0x00, 0x00,
        ]
        + [0x03, 0x02, 0x01, 0x01, 0x05, 0x03, 0x01, 0x00, 0x01]
        + [0x07, 0x13, 0x02, 0x06] + Array("memory".utf8) + [0x02, 0x00, 0x06] + Array("_start".utf8) + [0x00, 0x01]
        + [0x0A, 0x08, 0x01, 0x06, 0x00, 0x41, 0x2A, 0x10, 0x00, 0x0B]

    private static let expectedStatus: UInt32 = 42

    func run() throws(ShimError) {
        let id = "wasmshim-self-test-\(getpid())"
        let folder = "/run/\(id)"
        let begin = CLinux_monotonic_time()
        try prepare(folder)
        defer { try? removeFolder(at: folder) }
        let socket = try start(id, folder)
        let status = try talk(to: socket, id: id, folder: folder)
        guard status == Self.expectedStatus else {
            throw ShimError(
                .selfTest("the module ended with \(status) instead of \(Self.expectedStatus); see \(folder)"))
        }
        _ = try output(of: ["delete"], id, folder)
        let microseconds = (CLinux_monotonic_time() - begin) / 1000
        ShimProgram.write(
            Array("a module ran through start, create, start, wait and delete in \(microseconds) µs\n".utf8))
    }

    private func prepare(_ folder: String) throws(ShimError) {
        let spec = RuntimeSpec(
            process: ContainerProcessSpec(args: ["/self-test.wasm"]), root: .init(path: "rootfs"),
            linux: LinuxSpec(namespaces: ["pid", "ipc", "uts", "mount"].map { .init(type: $0) }))
        let text: [UInt8]
        do throws(SpecError) { text = try Document.encode(spec) } catch { throw ShimError(.selfTest("\(error)")) }
        try ShimError.wrapping { () throws(SystemCallError) in
            try makeFolder(at: folder, mode: 0o700)
            try makeFolder(at: "\(folder)/rootfs", mode: 0o755)
            for (name, bytes) in [("config.json", text), ("rootfs/self-test.wasm", Self.module)] {
                let path = "\(folder)/\(name)"
                try OwnedDescriptor(opening: path, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o644)
                    .writeAll(bytes, name: path)
            }
        }
    }

    /// Runs this program as containerd would; what it writes.
    private func output(of action: [String], _ id: String, _ folder: String) throws(ShimError) -> [UInt8] {
        try ShimError.wrapping { () throws(SystemCallError) in
            let pipe = try Pipe()
            var child = ChildProcess(
                path: "/proc/self/exe",
                arguments: [
                    "containerd-shim-wasmshim-v1", "-namespace", "wasmshim", "-address", folder, "-id", id, "-bundle",
                    folder,
                ] + action)
            child.descriptors = [.init(pipe.writeEnd.rawValue, as: 1)]
            if let guest = ShimProgram.environment("WASM_SHIM_GUEST") {
                child.environment = ["WASM_SHIM_GUEST=\(guest)"]
            }
            let process = try child.start()
            let reading = pipe.takeReadEnd()
            let bytes = try reading.readAll(limit: 1 << 16, name: "the shim's answer") ?? []
            _ = try ProcessEnd(of: process, block: true)
            return bytes
        }
    }

    private func start(_ id: String, _ folder: String) throws(ShimError) -> String {
        let answer = String(decoding: try output(of: ["start"], id, folder), as: UTF8.self)
        guard answer.hasPrefix("unix://") else {
            throw ShimError(.selfTest("start answered \(answer.debugDescription) instead of a socket's address"))
        }
        return String(answer.dropFirst("unix://".count))
    }

    /// Create, Start, Wait, Delete, Shutdown; the module's exit status.
    private func talk(to socket: String, id: String, folder: String) throws(ShimError) -> UInt32 {
        var outcome: Result<UInt32, Status> = .failure(Status(.deadlineExceeded, "no answer within 10 seconds"))
        let loop = try ShimError.wrapping { () throws(SystemCallError) in try EventLoop() }
        let client: Client
        do throws(TTRPCError) { client = try Client(on: loop, connectingTo: socket) } catch {
            throw ShimError(.socket(error))
        }
        func call(_ method: String, _ message: some Message, then: @escaping ([UInt8]) -> Void) {
            client.call(
                service: TaskService.names[0], method: method, payload: (try? message.serializedBytes()) ?? [],
                timeout: .seconds(10), metadata: []
            ) { result in
                switch result {
                case .success(let bytes): then(bytes)
                case .failure(let status):
                    outcome = .failure(Status(status.code, "\(method): \(status.message)"))
                    loop.stop()
                }
            }
        }
        call(
            "Create",
            APICreateTaskRequest.with {
                $0.id = id; $0.bundle = folder
            }
        ) { _ in
            call("Start", APIStartRequest.with { $0.id = id }) { _ in
                call("Wait", APIWaitRequest.with { $0.id = id }) { bytes in
                    let status = (try? APIWaitResponse(serializedBytes: bytes))?.exitStatus ?? 255
                    call("Delete", APIDeleteRequest.with { $0.id = id }) { _ in
                        call("Shutdown", APIShutdownRequest.with { $0.id = id }) { _ in
                            outcome = .success(status)
                            loop.stop()
                        }
                    }
                }
            }
        }
        loop.schedule(after: .seconds(10)) { loop.stop() }
        try ShimError.wrapping { () throws(SystemCallError) in try loop.run() }
        do { return try outcome.get() } catch { throw ShimError(.selfTest("\(error.message)")) }
    }
}
