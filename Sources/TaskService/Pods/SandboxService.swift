internal import EventLoop
internal import Glibc
internal import ShimAPI
internal import SwiftProtobuf
package import TTRPC

/// containerd's sandbox service, for a containerd 2 that leaves the pod's box to the shim.
package final class SandboxService {
    package static let name = "containerd.runtime.sandbox.v1.Sandbox"

    /// Called when a client asks for the end.
    package var whenShutDown: (() -> Void)?

    private let context: ShimContext
    private let bundle: String
    private var sandboxes: [String: PodSandbox] = [:]

    /// Whether there is no pod.
    package var isEmpty: Bool { sandboxes.isEmpty }

    package init(_ context: ShimContext, bundle: String) {
        self.context = context
        self.bundle = bundle
    }

    /// Answers a call of the service, now or later.
    package func answer(_ call: Call) {
        switch call.method {
        case "CreateSandbox":
            with(call) { (request: APICreateSandboxRequest) throws(TaskError) in try create(request, call) }
        case "StartSandbox":
            with(call) { (request: APIStartSandboxRequest) throws(TaskError) in try start(request, call) }
        case "Platform": call.reply(with: Self.platform)
        case "StopSandbox": with(call) { (request: APIStopSandboxRequest) throws(TaskError) in try stop(request, call) }
        case "WaitSandbox":
            with(call) { (request: APIWaitSandboxRequest) throws(TaskError) in
                try sandbox(request.sandboxID).process.wait { record in
                    call.reply(
                        with: APIWaitSandboxResponse.with {
                            $0.exitStatus = record.status
                            $0.exitedAt = record.time
                        })
                }
            }
        case "SandboxStatus":
            with(call) { (request: APISandboxStatusRequest) throws(TaskError) in try status(request, call) }
        case "PingSandbox":
            with(call) { (request: APIPingRequest) throws(TaskError) in
                _ = try sandbox(request.sandboxID)
                call.reply([])
            }
        case "ShutdownSandbox":
            with(call) { (request: APIShutdownSandboxRequest) throws(TaskError) in
                if let sandbox = sandboxes.removeValue(forKey: request.sandboxID) { sandbox.process.abandon() }
                call.reply([])
                context.loop.afterwards { [self] in whenShutDown?() }
            }
        default: call.fail(Status(.unimplemented, "\(call.service) has no method \(call.method)"))
        }
    }

    private func sandbox(_ id: String) throws(TaskError) -> PodSandbox {
        guard let sandbox = sandboxes[id] else { throw TaskError(.notCreated(id)) }
        return sandbox
    }

    /// Specifications of containers are written for Linux; their modules need not care.
    private static var platform: APIPlatformResponse {
        .with {
            $0.platform = .with {
                $0.os = "linux"
                #if arch(arm64)
                    $0.architecture = "arm64"
                #else
                    $0.architecture = "amd64"
                #endif
            }
        }
    }

    private func create(_ request: APICreateSandboxRequest, _ call: Call) throws(TaskError) {
        guard !request.sandboxID.isEmpty else { throw TaskError(.invalid("CreateSandbox: sandbox_id must be given")) }
        guard sandboxes[request.sandboxID] == nil else { throw TaskError(.exists("sandbox \(request.sandboxID)")) }
        sandboxes[request.sandboxID] = PodSandbox(
            id: request.sandboxID, bundle: request.bundlePath.isEmpty ? bundle : request.bundlePath,
            networkNamespace: request.netnsPath, context: context)
        call.reply([])
    }

    private func start(_ request: APIStartSandboxRequest, _ call: Call) throws(TaskError) {
        let sandbox = try sandbox(request.sandboxID)
        guard sandbox.process.process == 0 else {
            throw TaskError(.wrongState("start", state: sandbox.process.state.name, isPrecondition: true))
        }
        sandbox.start { result in
            switch result {
            case .success(let process):
                call.reply(
                    with: APIStartSandboxResponse.with {
                        $0.pid = UInt32(bitPattern: process)
                        if let time = sandbox.startedAt?.time { $0.createdAt = time }
                    })
            case .failure(let error):
                sandbox.giveUp()
                call.fail(Status(error))
            }
        }
    }

    private func stop(_ request: APIStopSandboxRequest, _ call: Call) throws(TaskError) {
        let sandbox = try sandbox(request.sandboxID)
        let process = sandbox.process
        guard process.isRunning else {
            sandbox.giveUp()
            return call.reply([])
        }
        let insist = context.loop.schedule(after: .seconds(Int64(min(request.timeoutSecs, 600)))) {
            try? process.signal(SIGKILL)
        }
        process.wait { _ in
            insist.cancel()
            call.reply([])
        }
        try process.signal(SIGTERM)
    }

    private func status(_ request: APISandboxStatusRequest, _ call: Call) throws(TaskError) {
        let sandbox = try sandbox(request.sandboxID)
        call.reply(
            with: APISandboxStatusResponse.with {
                $0.sandboxID = sandbox.id
                $0.pid = UInt32(bitPattern: sandbox.process.process)
                $0.state = sandbox.state.rawValue
                if let time = sandbox.startedAt?.time { $0.createdAt = time }
                if let exit = sandbox.process.state.exit { $0.exitedAt = exit.time }
            })
    }

    private func with<Request: Message>(_ call: Call, _ body: (Request) throws(TaskError) -> Void) {
        guard let request = try? Request(serializedBytes: call.payload) else {
            return call.fail(Status(.invalidArgument, "\(call.method): the request is no \(Request.protoMessageName)"))
        }
        do throws(TaskError) { try body(request) } catch { call.fail(Status(error)) }
    }
}
