internal import ControlGroup
internal import Glibc
internal import OCISpec
internal import ShimAPI
internal import SwiftProtobuf
internal import TTRPC

/// State, Pids, Pause, Resume, Stats, Update, ResizePty, CloseIO, Checkpoint, Connect.
extension TaskService {
    func state(_ request: APIStateRequest, _ call: Call) throws(TaskError) {
        let container = try container(request.id)
        let process = try container.process(request.execID)
        call.reply(
            with: APIStateResponse.with {
                $0.id = container.id
                $0.bundle = container.bundle
                $0.pid = UInt32(bitPattern: process.process)
                $0.status = Self.status(of: process.state)
                $0.stdin = process.paths.stdin
                $0.stdout = process.paths.stdout
                $0.stderr = process.paths.stderr
                $0.terminal = process.paths.hasTerminal
                $0.execID = process.execID
                guard let exit = process.state.exit else { return }
                $0.exitStatus = exit.status
                $0.exitedAt = exit.time
            })
    }

    private static func status(of state: ProcessState) -> APIStatus {
        switch state {
        case .created: .created
        case .running: .running
        case .pausing: .pausing
        case .paused: .paused
        case .stopped: .stopped
        }
    }

    /// A restarted containerd asks this to find out whether the container lives, so it names the processes that there are
    /// whatever the control group says.
    func pids(_ request: APIPidsRequest, _ call: Call) throws(TaskError) {
        let container = try container(request.id)
        var names: [Int32: String] = [:]
        for process in [container.initial] + container.execs.values
        where process.process > 0 && process.state.exit == nil {
            names[process.process] = process.execID
        }
        for process in (try? container.group.processes()) ?? [] where names[process] == nil { names[process] = "" }
        var response = APIPidsResponse()
        for (process, execID) in names.sorted(by: { $0.key < $1.key }) {
            var entry = APIProcessInfo()
            entry.pid = UInt32(bitPattern: process)
            if !execID.isEmpty {
                var details = Google_Protobuf_Any()
                details.typeURL = "containerd.runc.v1.ProcessDetails"
                details.value = (try? APIProcessDetails.with { $0.execID = execID }.serializedBytes()) ?? details.value
                entry.info = details
            }
            response.processes.append(entry)
        }
        call.reply(with: response)
    }

    func pause(_ request: APIPauseRequest, _ call: Call) throws(TaskError) {
        let container = try container(request.id)
        try container.pause { [self] result in
            switch result {
            case .success:
                context.events.publish(topic: "/tasks/paused", EventTaskPaused.with { $0.containerID = request.id })
                call.reply([])
            case .failure(let error): refuse(call, error)
            }
        }
    }

    func resume(_ request: APIResumeRequest, _ call: Call) throws(TaskError) {
        let container = try container(request.id)
        try container.resume()
        context.events.publish(topic: "/tasks/resumed", EventTaskResumed.with { $0.containerID = request.id })
        call.reply([])
    }

    func stats(_ request: APIStatsRequest, _ call: Call) throws(TaskError) {
        let container = try container(request.id)
        let stats: ControlGroupStats
        do throws(ControlGroupError) { stats = try container.group.stats() } catch { throw TaskError(error) }
        let any = try Google_Protobuf_Any(stats, linearMemory: container.initial.linearMemory)
        call.reply(with: APIStatsResponse.with { $0.stats = any })
    }

    func update(_ request: APIUpdateTaskRequest, _ call: Call) throws(TaskError) {
        let container = try container(request.id)
        try container.initial.state.checkUpdate()
        let resources: LinuxResources
        do throws(SpecError) {
            resources = try Document.decode(from: Array(request.resources.value))
        } catch {
            throw TaskError(.invalid("Update: the resources: \(error)"))
        }
        do throws(ControlGroupError) { try container.group.apply(resources) } catch { throw TaskError(error) }
        call.reply([])
    }

    func resize(_ request: APIResizePtyRequest, _ call: Call) throws(TaskError) {
        try container(request.id).process(request.execID).resize(width: request.width, height: request.height)
        call.reply([])
    }

    func closeIO(_ request: APICloseIORequest, _ call: Call) throws(TaskError) {
        let process = try container(request.id).process(request.execID)
        if request.stdin { process.closeInput() }
        call.reply([])
    }

    func checkpoint(_ request: APICheckpointTaskRequest, _ call: Call) throws(TaskError) {
        _ = try container(request.id)
        throw TaskError(
            .unsupported("checkpoints of wasm containers are not implemented yet; stop the container instead"))
    }

    /// Succeeds without a container as well: clients ask it whether we are alive.
    func connect(_ request: APIConnectRequest, _ call: Call) {
        let process = containers[request.id]?.initial.process ?? 0
        call.reply(
            with: APIConnectResponse.with {
                $0.shimPid = UInt32(bitPattern: getpid())
                $0.taskPid = UInt32(bitPattern: process)
                $0.version = Self.version
            })
    }
}
