internal import CLinux
package import ContainerProcess
internal import EventLoop
internal import Glibc
package import GuestLaunch
internal import LinuxSystem
internal import Logging
internal import Sandbox

/// One process of a container: its first, or one that was added.
package final class TaskProcess {
    /// Empty for the container's first process.
    package let execID: String
    package let paths: StreamPaths
    package private(set) var state: ProcessState = .created
    /// 0 before there is a process.
    package private(set) var process: Int32 = 0
    /// Called once, when the process has ended, what it wrote is delivered, and nobody has been told yet.
    package var whenEnded: ((ExitRecord) -> Void)?

    /// The Start that is under way.
    let turn: Turn

    private let context: ShimContext
    private var streams: ProcessStreams?
    private var control: ControlChannel?
    private var waiters: [Waiter] = []
    private var isInputClosed = false
    /// What is to be called once the guest has said whether it is ready.
    private var readiness: ((Result<Readiness, TaskError>) -> Void)? {
        didSet { if readiness == nil { patience?.cancel() } }
    }
    private var patience: LoopTimer?
    /// How long a guest may get ready: reading and checking a module takes seconds at the very most.
    private static let preparationTime = Duration.seconds(120)
    private var end: ProcessEnd?
    private var isEndHeld = false
    private var heldEnd: ProcessEnd?

    /// What a guest says at the end of its preparations.
    package enum Readiness: Equatable {
        case ready
        /// Its program is one for the machine itself.
        case native(path: String)
    }

    package init(execID: String, paths: StreamPaths, context: ShimContext) {
        self.execID = execID
        self.paths = paths
        self.context = context
        turn = Turn(on: context.loop)
    }

    /// Whether there is a process that has not been seen to end.
    package var isRunning: Bool { process > 0 && state != .created && state.exit == nil }

    // MARK: Becoming

    /// Opens the standard streams; `then` is called when a process can be started with them.
    package func openStreams(
        container: String, owner: StreamOwner?, then: @escaping (Result<ProcessStreams, TaskError>) -> Void
    ) {
        do throws(StreamError) {
            let streams = try ProcessStreams(
                paths, on: context.loop, children: context.children, container: container,
                namespace: context.namespace, owner: owner, unblocking: context.heldSignals)
            self.streams = streams
            streams.whenReady { result in
                switch result {
                case .success: then(.success(streams))
                case .failure(let error): then(.failure(TaskError(error)))
                }
            }
        } catch {
            then(.failure(TaskError(error)))
        }
    }

    /// Starts a guest in its box; `then` is called when it is ready to run, or why it will never be.
    package func startGuest(
        _ plan: LaunchPlan, in pidNamespace: BoxedGuest.PIDNamespace, controlGroup: Int32?, streams: ProcessStreams,
        then: @escaping (Result<Readiness, TaskError>) -> Void
    ) {
        let descriptors = streams.childDescriptors
        do {
            let guest = try BoxedGuest(
                starting: plan, program: context.guestProgram,
                streams: .init(input: descriptors.input, output: descriptors.output, error: descriptors.error),
                pidNamespace: pidNamespace, controlGroup: controlGroup, unblocking: context.heldSignals)
            readiness = then
            let process = guest.process
            self.process = process
            context.children.expect(process) { [self] end in collect(end) }
            patience = context.loop.schedule(after: Self.preparationTime) { [weak self] in self?.losePatience() }
            control = try ControlChannel(on: context.loop, guest.takeControl()) { [unowned self] message in
                receive(message)
            }
        } catch let error as ContainerError {
            then(.failure(TaskError(error)))
        } catch {
            readiness = nil
            kill()
            then(.failure(TaskError(.failed("the guest's control socket: \(error)"))))
        }
    }

    /// Takes over a process that somebody else has started with these streams, between the `beginAdoption` and the
    /// `endAdoption` of `ChildEnds`.
    package func adopt(_ process: Int32, streams: ProcessStreams) {
        self.process = process
        streams.childHasStarted()
        context.children.adopt(process) { [self] end in collect(end) }
    }

    /// Gives up the guest whose program is none of ours. The streams stay, for the process that comes in its place; `then`
    /// is called when the guest is gone.
    package func giveGuestUp(then: @escaping () -> Void) {
        whenProcessIsGone = nil
        control?.close()
        control = nil
        let guest = process
        process = 0
        if end != nil {
            end = nil
            return context.loop.afterwards(then)
        }
        Glibc.kill(guest, SIGKILL)
        context.children.expect(guest) { _ in then() }
    }

    private func receive(_ message: ControlMessage?) {
        switch message {
        case .ready:
            // Not before: a program that is none of ours gets the same streams, and their readers must not see an end.
            streams?.childHasStarted()
            finishReadiness(.success(.ready))
        case .native(let path): finishReadiness(.success(.native(path: path)))
        case .failed(_, let reason): finishReadiness(.failure(TaskError(.failed(reason))))
        case .needsMappings: giveMappings()
        case .linearMemory(let address): memorySizeAddress = address
        case .mapped, .start, nil:
            // It has ended, or is of no use: its end says more.
            control?.close()
            kill()
        }
    }

    /// Where the guest keeps the size of its linear memory, in its own address space.
    private var memorySizeAddress: UInt64?

    /// The bytes of linear memory that the guest has now, and has had at most: it never shrinks. `nil` where that cannot
    /// be known.
    package var linearMemory: UInt64? {
        guard let memorySizeAddress, process > 0, !isGone else { return nil }
        var size: UInt64 = 0
        // SAFETY: the kernel writes at most the eight bytes of `size`; the other process says what it likes.
        guard unsafe CLinux_read_other_memory(process, memorySizeAddress, &size, 8) == 8 else { return nil }
        return size
    }

    /// The user and group numbers of a user namespace that the guest has made for itself.
    package var mappings: UserMappings?

    private func giveMappings() {
        guard !isGone else { return }
        guard let mappings else {
            return finishReadiness(
                .failure(TaskError(.failed("the guest asks for user mappings that nobody announced"))))
        }
        do throws(SystemCallError) {
            try mappings.write(for: process)
            control?.send(.mapped)
        } catch {
            finishReadiness(.failure(TaskError(.failed("the user namespace's mappings: \(error)"))))
        }
    }

    private func finishReadiness(_ result: Result<Readiness, TaskError>) {
        let then = readiness
        readiness = nil
        then?(result)
    }

    private func losePatience() {
        let limit = Self.preparationTime.components.seconds
        kill()
        finishReadiness(
            .failure(
                TaskError(
                    .failed(
                        "the guest process was not ready within \(limit) seconds; is a file system of its root or its mounts unresponsive?"
                    ))))
    }

    private func fail(with end: ProcessEnd) {
        let how =
            switch end {
            case .exited(let code): "ended with code \(code)"
            case .killed(let signal): "was ended by signal \(signal)"
            }
        finishReadiness(.failure(TaskError(.failed("the guest process \(how) before it was ready"))))
    }

    // MARK: Running

    /// Lets a guest that is ready run.
    package func start() throws(TaskError) {
        try state.start()
        // Only now: a client that saw its end of input taken before it has our answer to Create could not tell us that
        // the end has come.
        let input: Int32?
        do throws(StreamError) { input = try streams?.openInput() } catch {
            context.log.warning("no standard input", metadata: ["reason": "\(error)"])
            input = nil
        }
        if let takeInput, let input {
            takeInput(OwnedDescriptor(owning: input))
        } else {
            control?.send(.start, with: input)
            if let input { close(input) }
        }
        if isInputClosed { streams?.closeInput() }
        control?.close()
        control = nil
    }

    /// Who takes the client's input, where that is no guest.
    var takeInput: ((consuming OwnedDescriptor) -> Void)?

    /// What is to be called once Start is done, one way or the other.
    private var startAnswer: ((Result<Int32, TaskError>) -> Void)?

    /// Takes the turn for a Start; `then` is called once, whatever becomes of the process.
    func beginStart(then: @escaping (Result<Int32, TaskError>) -> Void) {
        turn.take()
        startAnswer = then
    }

    /// Answers the Start that is under way, if it was not answered yet.
    func finishStart(_ result: Result<Int32, TaskError>) {
        guard let then = startAnswer else { return }
        startAnswer = nil
        turn.end()
        then(result)
    }

    /// Gives a guest up that is getting ready or waits: it is killed, and its end is news for those alone who wait for it, or
    /// for it to get ready.
    package func abandon(with status: UInt32 = 128 + UInt32(SIGKILL)) {
        whenEnded = nil
        finishReadiness(.failure(TaskError(.finished)))
        control?.close()
        control = nil
        kill()
        streams?.close()
        streams = nil
        settle(ExitRecord(nowWith: status)) {}
        finishStart(.failure(TaskError(.finished)))
    }

    /// Whether the process has ended and its number may be another's, told or not.
    package var isGone: Bool { end != nil || heldEnd != nil }

    /// Ends the process, if there is one.
    package func kill() {
        if process > 0, !isGone { Glibc.kill(process, SIGKILL) }
    }

    /// Sends a signal.
    package func signal(_ number: Int32) throws(TaskError) {
        try state.checkKill()
        guard process > 0 else {
            throw TaskError(.wrongState("signal", state: "created", isPrecondition: true))
        }
        guard !isGone else { throw TaskError(.finished) }
        do throws(SystemCallError) {
            try systemCall("send signal \(number) to process \(process)") { Glibc.kill(process, number) }
        } catch {
            throw TaskError(error.code == ESRCH ? .finished : .failed(error.description))
        }
    }

    package func beginPause() throws(TaskError) { try state.beginPause() }
    package func finishPause() -> Bool { state.finishPause() }
    package func abandonPause() { state.abandonPause() }
    package func resume() throws(TaskError) { try state.resume() }

    package func resize(width: UInt32, height: UInt32) throws(TaskError) {
        // Clients ask for it regardless.
        guard paths.hasTerminal else { return }
        do throws(StreamError) { try streams?.resize(width: width, height: height) } catch { throw TaskError(error) }
    }

    /// No more input will come. It may be said before the process is started.
    package func closeInput() {
        isInputClosed = true
        streams?.closeInput()
    }

    // MARK: Ending

    /// Somebody who wants to know of the end, as long as `isInterested`.
    private struct Waiter {
        let isInterested: () -> Bool
        let body: (ExitRecord) -> Void
    }

    /// How many there are when those are looked for who have lost interest.
    private var nextSweep = 16

    /// Calls `body` with the end: at once if there was one. Those who lost interest meanwhile (a client that is gone) are
    /// forgotten when there have come to be twice as many.
    package func wait(isInterested: @escaping () -> Bool = { true }, _ body: @escaping (ExitRecord) -> Void) {
        if let record = state.exit { return body(record) }
        if waiters.count >= nextSweep {
            waiters.removeAll { !$0.isInterested() }
            nextSweep = max(16, waiters.count * 2)
        }
        waiters.append(Waiter(isInterested: isInterested, body: body))
    }

    /// Keeps the process's end to ourselves until `releaseEnd`: first something else has to be told.
    package func holdEnd() { isEndHeld = true }

    package func releaseEnd() {
        isEndHeld = false
        guard let end = heldEnd else { return }
        context.loop.afterwards { [self] in collect(end) }
    }

    private func collect(_ end: ProcessEnd) {
        guard !isEndHeld else { return heldEnd = end }
        self.end = end
        heldEnd = nil
        let record = ExitRecord(end)
        // Its last words may still be on the socket.
        if readiness != nil { control?.drain() }
        // They may have been that another takes its place.
        guard self.end != nil else { return }
        if readiness != nil { fail(with: end) }
        control?.close()
        control = nil
        let isGone = whenProcessIsGone
        whenProcessIsGone = nil
        isGone?(record)
        guard let streams else { return finish(record) }
        streams.processHasEnded { [self] in finish(record) }
    }

    /// Called at once when the process is gone, before its output is delivered.
    package var whenProcessIsGone: ((ExitRecord) -> Void)?

    private func finish(_ record: ExitRecord) {
        streams = nil
        let then = whenEnded
        whenEnded = nil
        then?(record)
    }

    /// Marks the end and tells everyone who waits for it; `tell` comes first.
    package func settle(_ record: ExitRecord, tell: () -> Void) {
        guard state.end(record) else { return }
        tell()
        let bodies = waiters
        waiters = []
        for waiter in bodies { waiter.body(record) }
    }

    /// An exec that never ran is gone.
    package func discard() {
        streams?.close()
        streams = nil
        settle(ExitRecord(nowWith: 0)) {}
    }
}
