internal import ContainerProcess
internal import EventLoop
internal import Glibc
internal import Logging
internal import OCISpec
internal import Sandbox
internal import ShimAPI
internal import SwiftProtobuf
internal import TTRPC

/// Create, Start, Delete, Exec, Kill, Wait, Shutdown.
extension TaskService {
    func create(_ request: APICreateTaskRequest, _ call: Call) throws(TaskError) {
        guard !request.id.isEmpty, !request.bundle.isEmpty else {
            throw TaskError(.invalid("Create: id and bundle must be given"))
        }
        guard containers[request.id] == nil else { throw TaskError(.exists("container \(request.id)")) }
        guard request.checkpoint.isEmpty else {
            throw TaskError(.unsupported("a wasm container cannot be restored from a checkpoint yet; create it anew"))
        }
        var options = defaultOptions
        if request.hasOptions {
            var notes: [String] = []
            options = ShimOptions(request.options, notes: &notes)
            for note in notes {
                context.log.warning("runtime options", metadata: ["container": "\(request.id)", "note": "\(note)"])
            }
        }
        let paths = StreamPaths(
            stdin: request.stdin, stdout: request.stdout, stderr: request.stderr, hasTerminal: request.terminal)
        let container = try TaskContainer(
            id: request.id, bundle: request.bundle, layers: request.rootfs.map(SandboxRoot.Mount.init), paths: paths,
            options: options, context: context)
        // From now on the name is taken, so a second request for it cannot interfere.
        containers[request.id] = container
        container.turn.take()
        container.create { [self] result in
            container.turn.end()
            switch result {
            case .failure(let error):
                containers[request.id] = nil
                refuse(call, error)
            case .success(let process):
                context.events.publish(
                    topic: "/tasks/create",
                    EventTaskCreate.with {
                        $0.containerID = request.id
                        $0.bundle = request.bundle
                        $0.rootfs = request.rootfs
                        $0.io = .with {
                            $0.stdin = request.stdin
                            $0.stdout = request.stdout
                            $0.stderr = request.stderr
                            $0.terminal = request.terminal
                        }
                        $0.pid = UInt32(bitPattern: process)
                    })
                call.reply(with: APICreateTaskResponse.with { $0.pid = UInt32(bitPattern: process) })
            }
        }
    }

    func start(_ request: APIStartRequest, _ call: Call) throws(TaskError) {
        let container = try container(request.id)
        let answer: (Result<Int32, TaskError>) -> Void = { [self] result in
            switch result {
            case .success(let process):
                call.reply(with: APIStartResponse.with { $0.pid = UInt32(bitPattern: process) })
            case .failure(let error): refuse(call, error)
            }
        }
        if !request.execID.isEmpty { return container.startExec(request.execID, then: answer) }
        guard !container.turn.isTaken else { throw TaskError(.wrongState("start", state: "busy")) }
        container.startInitial { [self] result in
            if case .success(let process) = result {
                context.events.publish(
                    topic: "/tasks/start",
                    EventTaskStart.with {
                        $0.containerID = request.id
                        $0.pid = UInt32(bitPattern: process)
                    })
            }
            answer(result)
        }
    }

    func delete(_ request: APIDeleteRequest, _ call: Call) throws(TaskError) {
        let container = try container(request.id)
        let process = try container.process(request.execID)
        // containerd asks for this while its Create or Start is under way when the client of that has gone, and never again.
        for turn in [container.turn, process.turn] where turn.isTaken {
            return turn.whenFree { [self] in
                do throws(TaskError) { try delete(request, call) } catch { refuse(call, error) }
            }
        }
        try process.state.checkDelete()
        if !request.execID.isEmpty {
            if process.state.exit == nil { process.discard() }
            container.execs[request.execID] = nil
            container.execSpecs[request.execID] = nil
            return call.reply(with: Self.deletion(of: process))
        }
        container.turn.take()
        container.remove { [self] in
            containers[request.id] = nil
            container.turn.end()
            let response = Self.deletion(of: process)
            context.events.publish(
                topic: "/tasks/delete",
                EventTaskDelete.with {
                    $0.containerID = request.id
                    $0.pid = response.pid
                    $0.exitStatus = response.exitStatus
                    $0.exitedAt = response.exitedAt
                })
            call.reply(with: response)
        }
    }

    private static func deletion(of process: TaskProcess) -> APIDeleteResponse {
        .with {
            $0.pid = UInt32(bitPattern: process.process)
            guard let exit = process.state.exit else { return }
            $0.exitStatus = exit.status
            $0.exitedAt = exit.time
        }
    }

    func exec(_ request: APIExecProcessRequest, _ call: Call) throws(TaskError) {
        let container = try container(request.id)
        guard !request.execID.isEmpty else { throw TaskError(.invalid("Exec: exec_id must be given")) }
        let specification: ContainerProcessSpec
        do throws(SpecError) {
            specification = try Document.decode(from: Array(request.spec.value))
        } catch {
            throw TaskError(.invalid("Exec: the process \(request.execID.debugDescription): \(error)"))
        }
        var process = specification
        process.terminal = request.terminal
        try container.addExec(
            request.execID, process,
            paths: StreamPaths(
                stdin: request.stdin, stdout: request.stdout, stderr: request.stderr, hasTerminal: request.terminal))
        context.events.publish(
            topic: "/tasks/exec-added",
            EventTaskExecAdded.with {
                $0.containerID = request.id
                $0.execID = request.execID
            })
        call.reply([])
    }

    func kill(_ request: APIKillRequest, _ call: Call) throws(TaskError) {
        let container = try container(request.id)
        guard let number = Int32(exactly: request.signal), (0...64).contains(number) else {
            throw TaskError(.invalid("there is no signal \(request.signal)"))
        }
        try container.kill(request.execID, signal: number, all: request.all) { [self] result in
            switch result {
            case .success: call.reply([])
            case .failure(let error): refuse(call, error)
            }
        }
    }

    func wait(_ request: APIWaitRequest, _ call: Call) throws(TaskError) {
        try container(request.id).process(request.execID).wait(isInterested: { call.isOpen }) { record in
            call.reply(
                with: APIWaitResponse.with {
                    $0.exitStatus = record.status
                    $0.exitedAt = record.time
                })
        }
    }

    func shutdown(_ call: Call) {
        call.reply([])
        // While there are containers it means nothing (shim contract, "Services and methods").
        if containers.isEmpty { context.loop.afterwards { [self] in whenShutDown?() } }
    }
}

extension SandboxRoot.Mount {
    /// From containerd's description of a mount of the root file system; the target is a folder in it.
    fileprivate init(_ mount: APIMount) {
        let options = MountOptions(mount.options)
        self.init(
            type: options.isBind ? "bind" : mount.type, source: mount.source,
            destination: mount.target.isEmpty ? "/" : mount.target,
            flags: options.flags & ~(MountOptions.bind | MountOptions.recursive), data: options.data,
            isRecursive: options.isRecursive)
    }
}
