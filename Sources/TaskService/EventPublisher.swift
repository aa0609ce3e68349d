package import EventLoop
internal import Glibc
package import Logging
internal import ShimAPI
package import SwiftProtobuf
internal import TTRPC

/// Tells containerd what happens to tasks: each event in the order in which it was published, the next when the one
/// before has arrived.
///
/// containerd may be restarted at any time: events wait, and it is tried again and again. (Several at once on one
/// connection would be faster but may change places: containerd takes each call in a thread of its own.)
package final class EventPublisher {
    /// How many events may wait; of more, the oldest are dropped.
    package static let queueLimit = 2048
    /// How often an event is offered that containerd refuses.
    static let attemptLimit = 5
    private static let timeout = Duration.seconds(5)
    private static let firstDelay = Duration.milliseconds(100)
    private static let longestDelay = Duration.seconds(2)

    private let loop: EventLoop
    private let path: String
    private let namespace: String
    private let log: Logger?
    /// How long a connection is kept without anything to say.
    private let idleTime: Duration

    /// Written ForwardRequests.
    private var queue: [[UInt8]] = []
    private var client: Client?
    private var isSending = false
    private var attempts = 0
    private var delay = firstDelay
    private var retry: LoopTimer?
    private var idle: LoopTimer?
    private var dropped = 0
    private var whenFlushed: [() -> Void] = []

    /// How many events have not arrived yet.
    package var waitingCount: Int { queue.count }

    /// Publishes to the socket at `address`, a path with or without `unix://` before it (TTRPC_ADDRESS); without an
    /// address nothing is published.
    package init(
        on loop: EventLoop, address: String, namespace: String, log: Logger?, idleTime: Duration = .seconds(5)
    ) {
        self.loop = loop
        path = address.hasPrefix("unix://") ? String(address.dropFirst("unix://".utf8.count)) : address
        self.namespace = namespace
        self.log = log
        self.idleTime = idleTime
    }

    deinit {
        retry?.cancel()
        idle?.cancel()
    }

    /// Publishes an event that happened now.
    package func publish(topic: String, _ event: some SwiftProtobuf.Message) {
        guard !path.isEmpty else { return }
        var request = EventForwardRequest()
        request.envelope.timestamp = .now
        request.envelope.namespace = namespace
        request.envelope.topic = topic
        // containerd wants the bare name, without a host before it.
        request.envelope.event.typeURL = type(of: event).protoMessageName
        do {
            request.envelope.event.value = try event.serializedBytes()
            queue.append(try request.serializedBytes())
        } catch {
            log?.error("event cannot be written", metadata: ["topic": "\(topic)", "error": "\(error)"])
            return
        }
        if queue.count > Self.queueLimit { dropOldest() }
        advance()
    }

    /// Calls `then` when all events have arrived, at the latest after a time.
    package func flush(within time: Duration, then: @escaping () -> Void) {
        guard !queue.isEmpty else { return loop.afterwards(then) }
        var isCalled = false
        let once = {
            if !isCalled { then() }
            isCalled = true
        }
        let limit = loop.schedule(after: time) { [weak self] in
            if let self { log?.warning("events are left unsent", metadata: ["count": "\(queue.count)"]) }
            once()
        }
        whenFlushed.append {
            limit.cancel()
            once()
        }
    }

    private func dropOldest() {
        // The first one may be on its way.
        queue.remove(at: isSending ? 1 : 0)
        dropped += 1
        if dropped == 1 {
            log?.error("too many events wait; the oldest are dropped", metadata: ["count": "\(queue.count)"])
        }
    }

    /// Sends the first event, unless one is on its way or a pause is not over.
    private func advance() {
        guard !isSending, retry == nil, let event = queue.first, let client = connected() else { return }
        idle?.cancel()
        isSending = true
        client.call(
            service: "containerd.services.events.ttrpc.v1.Events", method: "Forward", payload: event,
            timeout: Self.timeout, metadata: [("containerd-namespace-ttrpc", namespace)]
        ) { [weak self] result in
            self?.answered(result.map { _ in () })
        }
    }

    private func connected() -> Client? {
        if let client, client.isOpen { return client }
        do throws(TTRPCError) {
            client = try Client(on: loop, connectingTo: path)
        } catch {
            client = nil
            pause(because: "\(error)")
        }
        return client
    }

    private func answered(_ result: Result<Void, Status>) {
        isSending = false
        switch result {
        case .success:
            delay = Self.firstDelay
            removeFirst()
        case .failure(let status):
            failed(status)
        }
        if queue.isEmpty { becomeIdle() } else { advance() }
    }

    private func failed(_ status: Status) {
        if status.code == .deadlineExceeded { client?.close() }
        if client?.isOpen == true {
            // containerd is there and does not want it.
            attempts += 1
            guard attempts < Self.attemptLimit else {
                log?.error("event refused", metadata: ["error": "\(status)", "attempts": "\(attempts)"])
                return removeFirst()
            }
        } else {
            client = nil
        }
        pause(because: "\(status)")
    }

    private func removeFirst() {
        attempts = 0
        queue.removeFirst()
    }

    /// Waits before the next attempt, each time longer.
    private func pause(because reason: String) {
        if delay == Self.firstDelay { log?.warning("events wait for containerd", metadata: ["error": "\(reason)"]) }
        retry = loop.schedule(after: delay) { [weak self] in
            self?.retry = nil
            self?.advance()
        }
        delay = min(delay * 2, Self.longestDelay)
    }

    private func becomeIdle() {
        queue = []
        if dropped > 0 { log?.error("events were dropped", metadata: ["count": "\(dropped)"]) }
        dropped = 0
        let flushed = whenFlushed
        whenFlushed = []
        for body in flushed { body() }
        idle?.cancel()
        idle = loop.schedule(after: idleTime) { [weak self] in
            guard let self, queue.isEmpty else { return }
            client?.close()
            client = nil
        }
    }
}

extension Google_Protobuf_Timestamp {
    /// The present time.
    static var now: Google_Protobuf_Timestamp {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Google_Protobuf_Timestamp(seconds: Int64(time.tv_sec), nanos: Int32(time.tv_nsec))
    }
}
