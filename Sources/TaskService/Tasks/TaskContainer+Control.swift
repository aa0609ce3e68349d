internal import ControlGroup
internal import EventLoop
internal import Glibc
internal import Logging

/// What can be done to a container that exists.
extension TaskContainer {
    /// Lets the first process run; `then` gets its process id.
    func startInitial(then: @escaping (Result<Int32, TaskError>) -> Void) {
        if let native { return native.start(self, then: then) }
        do throws(TaskError) {
            try initial.start()
            runStartHooks { [self] in then(.success(initial.process)) }
        } catch {
            then(.failure(error))
        }
    }

    /// Sends a signal to one process, or to all there are. A frozen container is thawed by what must end it.
    func kill(
        _ execID: String, signal: Int32, all: Bool, then: (Result<Void, TaskError>) -> Void
    ) throws(TaskError) {
        let process = try process(execID)
        try process.state.checkKill()
        guard !process.isGone else { throw TaskError(.finished) }
        if all, execID.isEmpty {
            for member in (try? group.processes()) ?? [] where member != process.process { Glibc.kill(member, signal) }
        }
        try process.signal(signal)
        if signal == SIGKILL, initial.state == .paused || initial.state == .pausing {
            do throws(ControlGroupError) { try group.thaw() } catch { throw TaskError(error) }
        }
        then(.success(()))
    }

    /// Freezes every process; `then` is called when the kernel has done so.
    func pause(then: @escaping (Result<Void, TaskError>) -> Void) throws(TaskError) {
        try initial.beginPause()
        do throws(ControlGroupError) { try group.freeze() } catch {
            initial.abandonPause()
            throw TaskError(error)
        }
        awaitFreezer(polls: 0, then: then)
    }

    private func awaitFreezer(polls: Int, then: @escaping (Result<Void, TaskError>) -> Void) {
        guard initial.state == .pausing else {
            return then(.failure(TaskError(.wrongState("pause", state: initial.state.name))))
        }
        let isFrozen: Bool
        do throws(ControlGroupError) { isFrozen = try group.isFrozen() } catch {
            initial.abandonPause()
            try? group.thaw()
            return then(.failure(TaskError(error)))
        }
        if isFrozen {
            _ = initial.finishPause()
            return then(.success(()))
        }
        guard polls < 200 else {
            initial.abandonPause()
            try? group.thaw()
            return then(
                .failure(TaskError(.failed("the freezer did not finish within 2 seconds; the container runs on"))))
        }
        context.loop.schedule(after: .milliseconds(polls < 10 ? 1 : 10)) { [self] in
            awaitFreezer(polls: polls + 1, then: then)
        }
    }

    func resume() throws(TaskError) {
        try initial.resume()
        do throws(ControlGroupError) { try group.thaw() } catch {
            try initial.beginPause()
            _ = initial.finishPause()
            throw TaskError(error)
        }
    }

    /// Removes everything of a container that has ended or never ran; `then` is called when it is gone.
    func remove(then: @escaping () -> Void) {
        let finish: () -> Void = { [self] in
            for exec in execs.values where exec.state.exit == nil { exec.abandon() }
            execs = [:]
            ProcessRecord.remove(fromBundle: bundle)
            let next: () -> Void = { [self] in
                removeGroup()
                runRemovalHooks(then: then)
            }
            if let native { native.remove(then: next) } else { next() }
        }
        if initial.state.exit != nil { return finish() }
        // Created and never started: it ends now.
        initial.wait { _ in finish() }
        do throws(TaskError) { try initial.signal(SIGKILL) } catch {
            context.log.debug("nothing to kill", metadata: ["container": "\(id)", "reason": "\(error)"])
        }
    }
}
