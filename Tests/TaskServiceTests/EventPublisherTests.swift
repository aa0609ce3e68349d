import EventLoop
import Logging
import ShimAPI
import SwiftProtobuf
import Synchronization
import TTRPC
import TestSupport
import Testing

@testable import TaskService

@Suite("EventPublisher")
struct EventPublisherTests {
    /// A containerd that can be started and stopped.
    final class Trial {
        let loop: EventLoop
        let folder: TestFolder
        let lines = LogLines()
        var server: Server?
        var calls: [(call: Call, envelope: EventEnvelope)] = []
        var answer: (Call) -> Void = { $0.reply([]) }

        var path: String { folder.path("containerd.sock.ttrpc") }
        /// The containers of the events that came, in order.
        var containers: [String] {
            calls.compactMap { try? EventTaskStart(serializedBytes: $0.envelope.event.value).containerID }
        }

        init() throws {
            loop = try EventLoop()
            folder = try TestFolder()
        }

        func start() throws {
            _ = shell("rm -f \(quoted(path))")
            server = try Server(on: loop, listening: listeningSocket(at: path)) { [unowned self] call in
                guard let request = try? EventForwardRequest(serializedBytes: call.payload) else {
                    Issue.record("no ForwardRequest")
                    return
                }
                calls.append((call, request.envelope))
                answer(call)
            }
        }

        func stop() throws {
            var isStopped = false
            server?.finish { isStopped = true }
            try run("stopped") { isStopped }
            server = nil
        }

        func publisher(idleTime: Duration = .seconds(5)) -> EventPublisher {
            EventPublisher(
                on: loop, address: path, namespace: "k8s.io", log: Logger(label: "test") { [lines] _ in lines },
                idleTime: idleTime)
        }

        func run(_ what: Comment, until isSo: @escaping () -> Bool) throws {
            let limit = loop.schedule(after: .seconds(20)) { [loop] in loop.stop() }
            var isRunning = true
            func look() {
                if isSo() { loop.stop() } else if isRunning { loop.schedule(after: .milliseconds(1), look) }
            }
            look()
            if !isSo() { try loop.run() }
            isRunning = false
            limit.cancel()
            #expect(isSo(), what)
        }
    }

    /// A log that keeps its lines.
    final class LogLines: LogHandler {
        private let kept = Mutex<[String]>([])
        var lines: [String] { kept.withLock { $0 } }
        var logLevel: Logger.Level {
            get { .debug }
            set {}
        }
        var metadata: Logger.Metadata {
            get { [:] }
            set {}
        }
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { nil }
            set {}
        }
        func log(event: LogEvent) { kept.withLock { $0.append("\(event.message)") } }
    }

    static func start(_ container: String) -> EventTaskStart {
        var event = EventTaskStart()
        event.containerID = container
        event.pid = 7
        return event
    }

    @Test("EVENT-1: an event arrives with its time, namespace, topic and bare type name")
    func envelope() throws {
        let trial = try Trial()
        try trial.start()
        let publisher = trial.publisher()
        publisher.publish(topic: "/tasks/start", Self.start("c1"))
        try trial.run("arrived") { publisher.waitingCount == 0 }
        let (call, envelope) = try #require(trial.calls.first)
        #expect(call.service == "containerd.services.events.ttrpc.v1.Events")
        #expect(call.method == "Forward")
        #expect(call.timeout == .seconds(5))
        #expect(call.metadata.map { "\($0.key)=\($0.value)" } == ["containerd-namespace-ttrpc=k8s.io"])
        #expect(envelope.namespace == "k8s.io")
        #expect(envelope.topic == "/tasks/start")
        #expect(envelope.event.typeURL == "containerd.events.TaskStart")
        #expect(try EventTaskStart(serializedBytes: envelope.event.value) == Self.start("c1"))
        let now = Google_Protobuf_Timestamp.now
        #expect(abs(envelope.timestamp.seconds - now.seconds) <= 2 && now.seconds > 1_700_000_000)
    }

    @Test("EVENT-2: events arrive in order, one at a time")
    func order() throws {
        let trial = try Trial()
        try trial.start()
        trial.answer = { _ in }
        let publisher = trial.publisher()
        for number in 0..<50 { publisher.publish(topic: "/tasks/start", Self.start("\(number)")) }
        for number in 0..<50 {
            try trial.run("one more") { trial.calls.count == number + 1 }
            trial.loop.schedule(after: .milliseconds(1)) { trial.loop.stop() }
            try trial.loop.run()
            #expect(trial.calls.count == number + 1)
            trial.calls.last?.call.reply([])
        }
        try trial.run("all") { publisher.waitingCount == 0 }
        #expect(trial.containers == (0..<50).map(String.init))
        #expect(trial.server?.connectionCount == 1)
    }

    @Test("EVENT-3: events published while containerd is away arrive in order when it is back")
    func restart() throws {
        let trial = try Trial()
        let publisher = trial.publisher()
        for number in 0..<10 { publisher.publish(topic: "/tasks/start", Self.start("\(number)")) }
        trial.loop.schedule(after: .milliseconds(250)) { trial.loop.stop() }
        try trial.loop.run()
        try trial.start()
        try trial.run("the first arrive") { publisher.waitingCount == 0 }
        #expect(trial.containers == (0..<10).map(String.init))
        try trial.stop()
        for number in 10..<500 { publisher.publish(topic: "/tasks/start", Self.start("\(number)")) }
        trial.loop.schedule(after: .milliseconds(50)) { trial.loop.stop() }
        try trial.loop.run()
        try trial.start()
        try trial.run("the others arrive") { publisher.waitingCount == 0 }
        #expect(trial.containers == (0..<500).map(String.init))
        #expect(trial.lines.lines.contains("events wait for containerd"))
    }

    @Test("EVENT-3: an event whose answer got lost is sent again")
    func lostAnswer() throws {
        let trial = try Trial()
        try trial.start()
        trial.answer = { _ in }
        let publisher = trial.publisher()
        publisher.publish(topic: "/tasks/start", Self.start("a"))
        publisher.publish(topic: "/tasks/start", Self.start("b"))
        try trial.run("the first is there") { trial.calls.count == 1 }
        try trial.stop()
        trial.answer = { $0.reply([]) }
        try trial.start()
        try trial.run("all arrive") { publisher.waitingCount == 0 }
        #expect(trial.containers == ["a", "a", "b"])
    }

    @Test("EVENT-4: of more than 2048 waiting events the oldest are dropped, and the log says so")
    func overflow() throws {
        let trial = try Trial()
        let publisher = trial.publisher()
        for number in 0..<2060 { publisher.publish(topic: "/tasks/start", Self.start("\(number)")) }
        #expect(publisher.waitingCount == 2048)
        try trial.start()
        try trial.run("all arrive") { publisher.waitingCount == 0 }
        #expect(trial.containers == (12..<2060).map(String.init))
        #expect(trial.lines.lines.filter { $0 == "too many events wait; the oldest are dropped" }.count == 1)
        #expect(trial.lines.lines.last == "events were dropped")
    }

    @Test("EVENT-4: an event that is on its way is not the one that is dropped")
    func overflowWhileSending() throws {
        let trial = try Trial()
        try trial.start()
        trial.answer = { _ in }
        let publisher = trial.publisher()
        publisher.publish(topic: "/tasks/start", Self.start("0"))
        try trial.run("the first is there") { trial.calls.count == 1 }
        for number in 1..<2050 { publisher.publish(topic: "/tasks/start", Self.start("\(number)")) }
        trial.answer = { $0.reply([]) }
        trial.calls.first?.call.reply([])
        try trial.run("all arrive") { publisher.waitingCount == 0 }
        #expect(trial.containers == ["0"] + (3..<2050).map(String.init))
    }

    @Test("EVENT-5: an event that is refused five times is dropped, those behind it arrive")
    func refused() throws {
        let trial = try Trial()
        try trial.start()
        trial.answer = { [unowned trial] call in
            if trial.containers.last == "bad" {
                call.fail(Status(.invalidArgument, "bad topic"))
            } else {
                call.reply([])
            }
        }
        let publisher = trial.publisher()
        for name in ["a", "bad", "c"] { publisher.publish(topic: "/tasks/start", Self.start(name)) }
        try trial.run("done") { publisher.waitingCount == 0 }
        #expect(trial.containers == ["a", "bad", "bad", "bad", "bad", "bad", "c"])
        #expect(trial.lines.lines.contains("event refused"))
    }

    @Test("EVENT-6: without an address events are dropped; with unix:// it is the same path")
    func addresses() throws {
        let trial = try Trial()
        try trial.start()
        let silent = EventPublisher(on: trial.loop, address: "", namespace: "n", log: nil)
        silent.publish(topic: "/tasks/start", Self.start("a"))
        #expect(silent.waitingCount == 0)
        let publisher = EventPublisher(on: trial.loop, address: "unix://\(trial.path)", namespace: "n", log: nil)
        publisher.publish(topic: "/tasks/start", Self.start("b"))
        try trial.run("arrived") { publisher.waitingCount == 0 }
        #expect(trial.containers == ["b"])
    }

    @Test("EVENT-7: a flush is told when all have arrived, or when its time is over, once")
    func flush() throws {
        let trial = try Trial()
        let publisher = trial.publisher()
        var told: [String] = []
        publisher.flush(within: .seconds(5)) { told.append("nothing") }
        try trial.run("nothing to wait for") { told == ["nothing"] }
        publisher.publish(topic: "/tasks/start", Self.start("a"))
        publisher.flush(within: .milliseconds(20)) { told.append("over") }
        publisher.flush(within: .seconds(15)) { told.append("arrived") }
        try trial.run("its time is over") { told.count == 2 }
        try trial.start()
        try trial.run("arrived") { told.count == 3 }
        #expect(told == ["nothing", "over", "arrived"])
        #expect(trial.containers == ["a"])
    }

    @Test("EVENT-8: a connection on which nothing is sent is closed, and opened again for the next event")
    func idle() throws {
        let trial = try Trial()
        try trial.start()
        let publisher = trial.publisher(idleTime: .milliseconds(20))
        publisher.publish(topic: "/tasks/start", Self.start("a"))
        try trial.run("arrived") { publisher.waitingCount == 0 }
        #expect(trial.server?.connectionCount == 1)
        try trial.run("closed") { trial.server?.connectionCount == 0 }
        publisher.publish(topic: "/tasks/start", Self.start("b"))
        try trial.run("arrived") { publisher.waitingCount == 0 }
        #expect(trial.containers == ["a", "b"])
    }
}
