internal import ContainerProcess
internal import EventLoop
internal import Logging
internal import OCISpec
internal import Sandbox
internal import ShimAPI
internal import SwiftProtobuf
package import TTRPC

/// containerd's task service, versions 2 and 3, over the containers of one shim server.
///
/// Every method decides from values, acts, and answers; what takes time answers later from another event of the loop.
package final class TaskService {
    /// The names under which the service is called; the messages are the same.
    package static let names = ["containerd.task.v2.Task", "containerd.task.v3.Task"]

    /// What Connect says of us: the version of the task API.
    package static let version = "3"

    let context: ShimContext
    package internal(set) var containers: [String: TaskContainer] = [:] {
        didSet { if containers.isEmpty { whenEmptied?() } }
    }
    /// Called when the last container is gone.
    package var whenEmptied: (() -> Void)?
    /// Called when a client asks for the end of the server and no container is left.
    package var whenShutDown: (() -> Void)?
    /// Options that `start` was given, for a Create that brings none.
    package var defaultOptions = ShimOptions()

    package init(_ context: ShimContext) { self.context = context }

    /// Answers a call of the service, now or later.
    package func answer(_ call: Call) {
        context.log.debug("call", metadata: ["method": "\(call.method)"])
        switch call.method {
        case "Create": with(call) { (request: APICreateTaskRequest) throws(TaskError) in try create(request, call) }
        case "Start": with(call) { (request: APIStartRequest) throws(TaskError) in try start(request, call) }
        case "Delete": with(call) { (request: APIDeleteRequest) throws(TaskError) in try delete(request, call) }
        case "Exec": with(call) { (request: APIExecProcessRequest) throws(TaskError) in try exec(request, call) }
        case "State": with(call) { (request: APIStateRequest) throws(TaskError) in try state(request, call) }
        case "Kill": with(call) { (request: APIKillRequest) throws(TaskError) in try kill(request, call) }
        case "Wait": with(call) { (request: APIWaitRequest) throws(TaskError) in try wait(request, call) }
        case "Pids": with(call) { (request: APIPidsRequest) throws(TaskError) in try pids(request, call) }
        case "Pause": with(call) { (request: APIPauseRequest) throws(TaskError) in try pause(request, call) }
        case "Resume": with(call) { (request: APIResumeRequest) throws(TaskError) in try resume(request, call) }
        case "Stats": with(call) { (request: APIStatsRequest) throws(TaskError) in try stats(request, call) }
        case "Update": with(call) { (request: APIUpdateTaskRequest) throws(TaskError) in try update(request, call) }
        case "ResizePty": with(call) { (request: APIResizePtyRequest) throws(TaskError) in try resize(request, call) }
        case "CloseIO": with(call) { (request: APICloseIORequest) throws(TaskError) in try closeIO(request, call) }
        case "Checkpoint":
            with(call) { (request: APICheckpointTaskRequest) throws(TaskError) in try checkpoint(request, call) }
        case "Connect": with(call) { (request: APIConnectRequest) throws(TaskError) in connect(request, call) }
        case "Shutdown": with(call) { (request: APIShutdownRequest) throws(TaskError) in shutdown(call) }
        default: call.fail(Status(.unimplemented, "\(call.service) has no method \(call.method)"))
        }
    }

    /// The container of a name.
    func container(_ id: String) throws(TaskError) -> TaskContainer {
        guard let container = containers[id] else { throw TaskError(.notCreated(id)) }
        return container
    }

    /// Decodes the request and does what is asked; an error is the answer.
    func with<Request: Message>(_ call: Call, _ body: (Request) throws(TaskError) -> Void) {
        guard let request = try? Request(serializedBytes: call.payload) else {
            return call.fail(Status(.invalidArgument, "\(call.method): the request is no \(Request.protoMessageName)"))
        }
        do throws(TaskError) {
            try body(request)
        } catch {
            refuse(call, error)
        }
    }

    /// Answers with an error, and says so in the log where somebody may have to act.
    func refuse(_ call: Call, _ error: TaskError) {
        if case .failed(let reason) = error.problem {
            context.log.error("request failed", metadata: ["method": "\(call.method)", "reason": "\(reason)"])
        }
        call.fail(Status(error))
    }
}

extension Call {
    /// Answers with a message.
    func reply(with message: some Message) {
        guard let bytes: [UInt8] = try? message.serializedBytes() else {
            return fail(Status(.internal, "\(method): the answer cannot be encoded"))
        }
        reply(bytes)
    }
}
