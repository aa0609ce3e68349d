internal import ContainerProcess
internal import ControlGroup
internal import EventLoop
internal import Glibc
internal import LinuxSystem
internal import Logging
package import OCISpec
internal import ShimAPI
internal import SwiftProtobuf

/// Becoming, running and ending.
extension TaskContainer {
    /// Makes the control group and the first process, which waits in its box; `then` gets its process id. A failure
    /// leaves nothing behind.
    package func create(then: @escaping (Result<Int32, TaskError>) -> Void) {
        let fail: (TaskError) -> Void = { [self] error in
            initial.abandon()
            ProcessRecord.remove(fromBundle: bundle)
            removeGroup()
            then(.failure(error))
        }
        do throws(TaskError) { try makeGroup() } catch { return fail(error) }
        initial.openStreams(container: id, owner: streamOwner) { [self] result in
            do throws(TaskError) {
                let streams = try result.get()
                let (plan, pidNamespace) = try initialPlan()
                let folder = try openGroupFolder()
                initial.mappings = UserMappings(of: spec)
                initial.whenProcessIsGone = { [self] _ in initialIsGone() }
                initial.startGuest(
                    plan, in: pidNamespace, controlGroup: folder, streams: streams
                ) { [self] result in
                    switch result {
                    case .success(.ready):
                        tellNotes()
                        runCreationHooks { [self] result in
                            switch result {
                            case .success: finishCreation(then)
                            case .failure(let error): fail(error)
                            }
                        }
                    case .success(.native(let path)): createNative(path, streams: streams, then: then, fail: fail)
                    case .failure(let error): fail(explained(error))
                    }
                }
                if let folder { close(folder) }
            } catch {
                fail(error)
            }
        }
    }

    /// A failure of a guest, with the kernel's reason where it ended the guest for its memory.
    private func explained(_ error: TaskError) -> TaskError {
        reportOOM()
        guard oomKills > 0 else { return error }
        return TaskError(
            .failed(
                "\(error); the kernel ended it because the container's memory limit (linux.resources.memory.limit) was reached"
            ))
    }

    /// The group's folder as a descriptor that the caller closes; `nil` on version 1, where guests enter by themselves.
    private func openGroupFolder() throws(TaskError) -> Int32? {
        do throws(ControlGroupError) {
            guard let folder = try group.openFolder() else { return nil }
            return folder.release()
        } catch { throw TaskError(error) }
    }

    func finishCreation(_ then: (Result<Int32, TaskError>) -> Void) {
        do throws(SystemCallError) {
            if !initial.isGone { try ProcessRecord(of: initial.process)?.write(toBundle: bundle) }
        } catch {
            context.log.warning("cannot record the process", metadata: ["container": "\(id)", "reason": "\(error)"])
        }
        initial.whenEnded = { [self] record in initialHasEnded(record) }
        then(.success(initial.process))
    }

    /// Announces a further process.
    package func addExec(_ execID: String, _ process: ContainerProcessSpec, paths: StreamPaths) throws(TaskError) {
        try initial.state.checkExec()
        guard execs[execID] == nil else { throw TaskError(.exists("exec \(execID)")) }
        let exec = TaskProcess(execID: execID, paths: paths, context: context)
        execs[execID] = exec
        execSpecs[execID] = process
    }

    /// Starts a further process; `then` gets its process id once it runs.
    package func startExec(_ execID: String, then: @escaping (Result<Int32, TaskError>) -> Void) {
        do throws(TaskError) {
            try initial.state.checkExec()
            guard !initial.isGone else { throw TaskError(.initStopped) }
            let exec = try process(execID)
            guard exec.state == .created, !exec.turn.isTaken, let specification = execSpecs[execID] else {
                throw TaskError(.wrongState("start", state: exec.turn.isTaken ? "starting" : exec.state.name))
            }
            exec.beginStart(then: then)
            let then: (Result<Int32, TaskError>) -> Void = { exec.finishStart($0) }
            let fail: (TaskError) -> Void = { error in
                exec.finishStart(.failure(error))
                exec.abandon(with: 127)
            }
            exec.openStreams(container: id, owner: streamOwner) { [self] result in
                do throws(TaskError) {
                    let streams = try result.get()
                    // That may have taken a while.
                    guard exec.state == .created, !initial.isGone else { throw TaskError(.initStopped) }
                    if let native {
                        return native.exec(
                            specification, streams: streams, of: self, exec: exec, then: then, fail: fail)
                    }
                    let plan = try execPlan(specification)
                    let folder = try openGroupFolder()
                    exec.startGuest(
                        plan, in: .joined(path: "/proc/\(initial.process)/ns/pid"), controlGroup: folder,
                        streams: streams
                    ) { [self] result in
                        switch result {
                        case .success(.ready): runExec(exec, then: then, fail: fail)
                        case .success(.native(let path)):
                            fail(
                                TaskError(
                                    .failed(
                                        "\(path) is a program for the machine itself; a wasm container runs modules only"
                                    )))
                        case .failure(let error): fail(explained(error))
                        }
                    }
                    if let folder { close(folder) }
                } catch {
                    fail(error)
                }
            }
        } catch {
            then(.failure(error))
        }
    }

    func runExec(
        _ exec: TaskProcess, then: (Result<Int32, TaskError>) -> Void, fail: (TaskError) -> Void
    ) {
        // Its end could not be told before that of the first process any more.
        guard !initial.isGone else { return fail(TaskError(.initStopped)) }
        do throws(TaskError) { try exec.start() } catch { return fail(error) }
        exec.whenEnded = { [self] record in execHasEnded(exec, record) }
        context.events.publish(
            topic: "/tasks/exec-started",
            EventTaskExecStarted.with {
                $0.containerID = id
                $0.execID = exec.execID
                $0.pid = UInt32(bitPattern: exec.process)
            })
        then(.success(exec.process))
    }

    // MARK: Ending

    private func execHasEnded(_ exec: TaskProcess, _ record: ExitRecord) {
        exec.settle(record) { publishExit(of: exec, record) }
        endIfNothingRuns()
    }

    /// The first process is gone: nothing may go on without it.
    func initialIsGone() {
        reportOOM()
        for exec in execs.values {
            if exec.turn.isTaken { exec.abandon() } else { exec.kill() }
        }
        killGroup()
    }

    private func initialHasEnded(_ record: ExitRecord) {
        initialEnd = record
        endIfNothingRuns()
    }

    /// The first process's end is the last to be told (shim contract, "Events").
    private func endIfNothingRuns() {
        guard let record = initialEnd, !execs.values.contains(where: { $0.isRunning }) else { return }
        initial.settle(record) { publishExit(of: initial, record) }
    }

    private func publishExit(of process: TaskProcess, _ record: ExitRecord) {
        context.log.info(
            "process ended",
            metadata: [
                "container": "\(id)", "exec": "\(process.execID)", "pid": "\(process.process)",
                "status": "\(record.status)",
            ])
        context.events.publish(
            topic: "/tasks/exit",
            EventTaskExit.with {
                $0.containerID = id
                $0.id = process.execID.isEmpty ? id : process.execID
                $0.pid = UInt32(bitPattern: process.process)
                $0.exitStatus = record.status
                $0.exitedAt = record.time
            })
    }
}
