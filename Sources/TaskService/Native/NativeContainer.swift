internal import ControlGroup
internal import EventLoop
internal import Glibc
internal import LinuxSystem
internal import Logging
package import OCISpec

/// A container whose program is one for the machine: a native runtime makes and starts it, and its processes become
/// ours, so that all the rest of their lives is as it is for guests.
package final class NativeContainer {
    private let runtime: NativeRuntime
    private let context: ShimContext
    private let id: String
    private let bundle: String
    /// How many runs there were: each has files of its own.
    private var runs = 0
    private var hasState = false

    /// Finds the runtime.
    init(for container: TaskContainer) throws(TaskError) {
        runtime = try NativeRuntime(
            container.options, namespace: container.context.namespace, searchPath: NativeRun.searchPath)
        context = container.context
        id = container.id
        bundle = container.bundle
    }

    // MARK: Creating

    /// Makes the container that `container` describes; its guest has been given up.
    func create(
        _ container: TaskContainer, streams: ProcessStreams, then: @escaping (Result<Int32, TaskError>) -> Void,
        fail: @escaping (TaskError) -> Void
    ) {
        container.stopWatchingOOM()
        // The runtime makes a group of its own at the same path, and may insist that there is none.
        leave(container.group, after: .milliseconds(1), left: 14) { [self] result in
            do throws(TaskError) {
                try result.get()
                do throws(SystemCallError) { try makeFolders(at: runtime.stateFolder, mode: 0o700) } catch {
                    throw TaskError(error)
                }
                try NativeRecord(runtime).write(toBundle: bundle)
                try HostMounts.mount(container.layers, at: "\(bundle)/rootfs")
            } catch {
                NativeRecord.remove(fromBundle: bundle)
                return fail(error)
            }
            hasState = true
            container.initial.whenProcessIsGone = { _ in container.initialIsGone() }
            launch(["create", "--bundle", bundle], container.initial, streams) { [self] result in
                do throws(TaskError) {
                    try result.get()
                    try container.ownGroupAtPath()
                    container.watchOOM()
                    container.finishCreation(then)
                } catch { remove { fail(error) } }
            }
        }
    }

    /// Removes a group that a process is about to leave.
    private func leave(
        _ group: ControlGroup, after delay: Duration, left: Int, then: @escaping (Result<Void, TaskError>) -> Void
    ) {
        do throws(ControlGroupError) {
            if try group.remove() { return then(.success(())) }
        } catch { return then(.failure(TaskError(error))) }
        guard left > 0 else {
            return then(.failure(TaskError(.failed("control group \(group.path): still busy after some seconds"))))
        }
        context.loop.schedule(after: delay) { [self] in leave(group, after: delay * 2, left: left - 1, then: then) }
    }

    // MARK: Starting

    /// Lets the first process run.
    func start(_ container: TaskContainer, then: @escaping (Result<Int32, TaskError>) -> Void) {
        let initial = container.initial
        guard initial.state == .created else {
            return then(.failure(TaskError(.wrongState("start", state: initial.state.name))))
        }
        container.turn.take()
        // The process may be over before the runtime is; its end is told after its beginning.
        initial.holdEnd()
        run(["start", id]) { result in
            container.turn.end()
            do throws(TaskError) {
                try result.get()
                try initial.start()
                then(.success(initial.process))
            } catch { then(.failure(error)) }
            initial.releaseEnd()
        }
    }

    /// Starts a further process.
    package func exec(
        _ process: ContainerProcessSpec, streams: ProcessStreams, of container: TaskContainer, exec: TaskProcess,
        then: @escaping (Result<Int32, TaskError>) -> Void, fail: @escaping (TaskError) -> Void
    ) {
        // It is started once.
        container.execSpecs[exec.execID] = nil
        let file = "\(bundle)/native-process-\(runs).json"
        do {
            let document = try OwnedDescriptor(
                opening: file, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
            try document.writeAll(Document.encode(process), name: file)
        } catch { return fail(TaskError(.failed("\(error)"))) }
        launch(["exec", "--process", file, "--detach"], exec, streams) { result in
            unsafe unlink(file)
            switch result {
            case .success: container.runExec(exec, then: then, fail: fail)
            case .failure(let error): fail(error)
            }
        }
    }

    /// Has the runtime make a process, which becomes that of `process`.
    private func launch(
        _ arguments: [String], _ process: TaskProcess, _ streams: ProcessStreams,
        then: @escaping (Result<Void, TaskError>) -> Void
    ) {
        let number = runs
        let pidFile = "\(bundle)/native-\(number).pid"
        var all = arguments + ["--pid-file", pidFile]
        var given = streams.childDescriptors
        let input: NativeInput?
        let console: ConsoleSocket?
        do throws(SystemCallError) {
            input = streams.hasInput ? try NativeInput(on: context.loop) : nil
            if let input { given.input = input.childDescriptor }
            console = process.paths.hasTerminal ? try ConsoleSocket() : nil
            if let console { all += ["--console-socket", console.path] }
        } catch { return then(.failure(TaskError(error))) }
        // With a terminal of its own the process has no use for another.
        let descriptors = console == nil ? [given.input, given.output, given.error] : []
        context.children.beginAdoption()
        run(all + [id], streams: descriptors) { [self] result in
            defer {
                context.children.endAdoption()
                unsafe unlink(pidFile)
            }
            do throws(TaskError) {
                try result.get()
                let number = try Self.process(in: pidFile)
                if let console {
                    do throws(TaskError) { try Self.takeTerminal(from: console, for: streams) } catch {
                        // The runtime has left the process to us: it is given up as ours.
                        process.adopt(number, streams: streams)
                        throw error
                    }
                }
                if let input {
                    input.childHasStarted()
                    process.takeInput = { fifo in input.take(from: fifo) }
                    let isGone = process.whenProcessIsGone
                    process.whenProcessIsGone = { record in
                        input.stop()
                        isGone?(record)
                    }
                }
                process.adopt(number, streams: streams)
                then(.success(()))
            } catch { then(.failure(error)) }
        }
    }

    private static func process(in file: String) throws(TaskError) -> Int32 {
        let bytes: [UInt8]?
        do throws(SystemCallError) {
            bytes = try OwnedDescriptor(opening: file, flags: O_RDONLY | O_NOFOLLOW).readAll(limit: 64, name: file)
        } catch { throw TaskError(error) }
        let text = String(decoding: bytes ?? [], as: UTF8.self).filter { !$0.isWhitespace }
        guard let number = Int32(text), number > 1 else {
            throw TaskError(.failed("\(file): the runtime has left no process number there"))
        }
        return number
    }

    private static func takeTerminal(
        from socket: ConsoleSocket, for streams: ProcessStreams
    ) throws(TaskError) {
        let terminal: OwnedDescriptor
        do throws(SystemCallError) { terminal = try socket.receive() } catch { throw TaskError(error) }
        do throws(StreamError) { try streams.replaceTerminal(by: terminal) } catch { throw TaskError(error) }
    }

    // MARK: Removing

    /// Removes everything that the runtime has of the container, and what is mounted for it.
    package func remove(then: @escaping () -> Void) {
        let finish = { [self] in
            HostMounts.unmountAll(below: "\(bundle)/rootfs")
            NativeRecord.remove(fromBundle: bundle)
            // Gone with the namespace's last container.
            unsafe rmdir(runtime.stateFolder)
            then()
        }
        guard hasState else { return finish() }
        hasState = false
        run(["delete", "--force", id]) { [self] result in
            if case .failure(let error) = result {
                context.log.warning(
                    "the native runtime leaves something", metadata: ["container": "\(id)", "reason": "\(error)"])
            }
            finish()
        }
    }

    private func run(
        _ arguments: [String], streams: [Int32] = [], then: @escaping (Result<Void, TaskError>) -> Void
    ) {
        runs += 1
        NativeRun(runtime: runtime, context: context, log: "\(bundle)/native-\(runs).log")
            .start(arguments, streams: streams, then: then)
    }
}

extension TaskContainer {
    /// Goes on with a native runtime where the guest has found that its program is none of ours.
    func createNative(
        _ path: String, streams: ProcessStreams, then: @escaping (Result<Int32, TaskError>) -> Void,
        fail: @escaping (TaskError) -> Void
    ) {
        context.log.info("native program", metadata: ["container": "\(id)", "program": "\(path)"])
        initial.giveGuestUp { [self] in
            do throws(TaskError) {
                let native = try NativeContainer(for: self)
                self.native = native
                native.create(self, streams: streams, then: then, fail: fail)
            } catch { fail(TaskError(.failed("\(path): \(error)"))) }
        }
    }
}
