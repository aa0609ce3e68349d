import ContainerProcess
import ControlGroup
import EventLoop
import ShimAPI
import SwiftProtobuf
import TestSupport
import Testing

@testable import TTRPC
@testable import TaskService

@Suite("Traces replayed to the task service")
struct TraceReplayServiceTests {
    /// In a process of its own: the service takes the ends of all children.
    @Test("TRACE-2: the task service answers every recorded request; tasks that there are not are not found")
    func answers() async {
        await #expect(processExitsWith: .success) {
            for client in TraceReplay.clients {
                guard let trace = try TraceReplay(of: client) else { return }
                try TraceReplayServiceTests.replay(trace)
            }
        }
    }

    private static func replay(_ trace: TraceReplay) throws {
        let loop = try EventLoop()
        let folder = try TestFolder()
        let path = folder.path("socket")
        let context = ShimContext(
            loop: loop, children: try ChildEnds(on: loop),
            events: EventPublisher(on: loop, address: "", namespace: "test", log: nil),
            log: shimLogger(path: nil, debug: false), namespace: "test", controlGroups: try HostControlGroups(),
            guestProgram: try GuestProgram(besides: "", override: "/bin/false"), heldSignals: [])
        let service = TaskService(context)
        var shutdowns = 0
        service.whenShutDown = { shutdowns += 1 }
        let server = try Server(on: loop, listening: listeningSocket(at: path)) { call in
            if TaskService.names.contains(call.service) {
                service.answer(call)
            } else {
                call.fail(Status(.unimplemented, call.service))
            }
        }
        var answered = 0
        var unanswered: [EnvelopeRequest]?
        trace.replay(
            on: loop, to: path, within: .seconds(30),
            answered: { request, result in
                answered += 1
                check(result, of: request)
            },
            then: {
                unanswered = $0
                loop.stop()
            })
        try loop.run()
        #expect(unanswered?.map(\.method) == [])
        #expect(answered == trace.calls.count)
        #expect(shutdowns == trace.calls.count { $0.method == "Shutdown" })
        #expect(service.containers.isEmpty)
        #expect(server.connectionCount > 0)
    }

    /// The bundles of the recorded containers are long gone, so none can be created.
    private static func check(_ result: Result<[UInt8], Status>, of request: EnvelopeRequest) {
        let method = request.method
        switch (method, result) {
        case ("Connect", .success(let payload)), ("Shutdown", .success(let payload)):
            let type = TaskMessages.all[method]?.response
            let message = try? type?.init(serializedBytes: payload)
            #expect(message?.unknownFields.data.isEmpty == true, "\(method)")
        case ("Create", .failure(let status)):
            #expect(![.internal, .unimplemented, .unavailable, .deadlineExceeded].contains(status.code), "\(status)")
            #expect(!status.message.isEmpty)
        case ("Checkpoint", .failure(let status)):
            #expect([.unimplemented, .notFound].contains(status.code), "\(status)")
        case ("Connect", _), ("Shutdown", _), (_, .success): Issue.record("\(method): \(result)")
        case (_, .failure(let status)): #expect(status.code == .notFound, "\(method): \(status)")
        }
    }
}
