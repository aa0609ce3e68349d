internal import CLinux
internal import Glibc
package import LinuxSystem

/// One thread that waits for everything at once, and calls whoever is concerned.
///
/// The shim has no other thread: what it does itself takes microseconds, and what takes longer happens in child
/// processes whose ends are events as well. So there are no locks, and no order of events to reason about but this one.
/// Handlers may watch, forget and schedule as they like; they must not block.
package final class EventLoop {
    /// What a descriptor is watched for. Errors and hang-ups are told in any case.
    package struct Readiness: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let readable = Readiness(rawValue: 1)
        package static let writable = Readiness(rawValue: 2)
        /// Out-of-band news, as files of the kernel's own file systems have it.
        package static let urgent = Readiness(rawValue: 4)
        /// The other end is gone, or the descriptor has failed.
        package static let hangup = Readiness(rawValue: 8)
    }

    private final class Watch {
        let descriptor: Int32
        let handler: (Readiness) -> Void
        var isForgotten = false

        init(_ descriptor: Int32, _ handler: @escaping (Readiness) -> Void) {
            self.descriptor = descriptor
            self.handler = handler
        }
    }

    private let epoll: OwnedDescriptor
    private var watches: [Int32: Watch] = [:]
    private var timers = TimerQueue()
    private var deferred: [() -> Void] = []
    private var isRunning = false
    /// Called once whenever nothing has happened for `idleTime`.
    package var whenIdle: (() -> Void)?
    /// How long nothing must have happened, in milliseconds.
    package var idleTime: Int32 = 1000

    package init() throws(SystemCallError) {
        epoll = OwnedDescriptor(owning: try systemCall("make an epoll descriptor") { CLinux_epoll_create() })
    }

    /// Calls `handler` whenever the descriptor is ready, until it is forgotten. The caller keeps owning it, and forgets
    /// it before closing it.
    package func watch(
        _ descriptor: Int32, for readiness: Readiness, _ handler: @escaping (Readiness) -> Void
    ) throws(SystemCallError) {
        let number = epoll.rawValue
        try systemCall("watch descriptor \(descriptor)") {
            CLinux_epoll_watch(number, descriptor, Self.events(for: readiness), 1)
        }
        watches[descriptor] = Watch(descriptor, handler)
    }

    /// Changes what a watched descriptor is watched for.
    package func change(_ descriptor: Int32, to readiness: Readiness) throws(SystemCallError) {
        let number = epoll.rawValue
        try systemCall("watch descriptor \(descriptor)") {
            CLinux_epoll_watch(number, descriptor, Self.events(for: readiness), 0)
        }
    }

    /// Stops watching; events that were found already are not told any more.
    package func forget(_ descriptor: Int32) {
        guard let watch = watches.removeValue(forKey: descriptor) else { return }
        watch.isForgotten = true
        _ = CLinux_epoll_forget(epoll.rawValue, descriptor)
    }

    /// Calls `body` once, after a time; `LoopTimer.cancel` prevents it.
    @discardableResult
    package func schedule(after delay: Duration, _ body: @escaping () -> Void) -> LoopTimer {
        let (time, overflow) = CLinux_monotonic_time().addingReportingOverflow(delay.wholeNanoseconds)
        return timers.add(at: overflow ? (delay < .zero ? .min : .max) : time, body)
    }

    /// Calls `body` when the present handler has returned.
    package func afterwards(_ body: @escaping () -> Void) { deferred.append(body) }

    /// Waits and calls until `stop`.
    package func run() throws(SystemCallError) {
        isRunning = true
        var hasBeenBusy = true
        while isRunning {
            runDeferred()
            guard isRunning else { return }
            let happened = try step(idle: hasBeenBusy && whenIdle != nil ? idleTime : -1)
            if happened {
                hasBeenBusy = true
            } else if hasBeenBusy {
                hasBeenBusy = false
                whenIdle?()
            }
        }
    }

    /// Makes `run` return once the present handler has.
    package func stop() { isRunning = false }

    private func runDeferred() {
        while !deferred.isEmpty {
            let bodies = deferred
            deferred = []
            for body in bodies { body() }
        }
    }

    /// Waits once; whether anything happened.
    private func step(idle: Int32) throws(SystemCallError) -> Bool {
        var found = [CLinux_event](repeating: CLinux_event(), count: 64)
        let untilTimer = timers.milliseconds(from: CLinux_monotonic_time())
        let wait = untilTimer < 0 ? idle : (idle < 0 ? untilTimer : min(idle, untilTimer))
        let number = epoll.rawValue
        let count: Int32 = try systemCall("wait for events") {
            // SAFETY: the kernel fills at most as many entries as the array has.
            unsafe found.withUnsafeMutableBufferPointer { buffer in
                unsafe buffer.baseAddress.map { unsafe CLinux_epoll_wait(number, $0, 64, wait) } ?? 0
            }
        }
        // Looked up before anything is called: a number that a handler closes and opens again is another descriptor.
        let calls = found.prefix(Int(count)).compactMap { event in
            watches[event.descriptor].map { ($0, Self.readiness(of: event.events)) }
        }
        // What a handler that stops the loop leaves unread is found again by the next `run`.
        for (watch, readiness) in calls where isRunning && !watch.isForgotten {
            watch.handler(readiness)
            runDeferred()
        }
        var hasFired = false
        // The time is taken once: timers that schedule timers at once leave descriptors their turn.
        let now = CLinux_monotonic_time()
        while isRunning, let body = timers.due(at: now) {
            hasFired = true
            body()
            runDeferred()
        }
        return count > 0 || hasFired
    }

    private static func events(for readiness: Readiness) -> UInt32 {
        var events: UInt32 = 0
        if readiness.contains(.readable) { events |= UInt32(CLINUX_READABLE) }
        if readiness.contains(.writable) { events |= UInt32(CLINUX_WRITABLE) }
        if readiness.contains(.urgent) { events |= UInt32(CLINUX_PRIORITY) }
        return events
    }

    private static func readiness(of events: UInt32) -> Readiness {
        var readiness: Readiness = []
        if events & UInt32(CLINUX_READABLE) != 0 { readiness.insert(.readable) }
        if events & UInt32(CLINUX_WRITABLE) != 0 { readiness.insert(.writable) }
        if events & UInt32(CLINUX_PRIORITY) != 0 { readiness.insert(.urgent) }
        if events & UInt32(CLINUX_HANGUP | CLINUX_ERROR) != 0 { readiness.insert(.hangup) }
        return readiness
    }
}
