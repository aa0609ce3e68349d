import EventLoop
import ShimAPI
import SwiftProtobuf
import TestSupport
import Testing

@testable import TTRPC

@Suite("Replayed traces")
struct TraceReplayTests {
    @Test("TRACE-1: every recorded request is read whole and written back as the same", arguments: TraceReplay.clients)
    func requests(client: String) throws {
        guard let trace = try TraceReplay(of: client) else { return }
        #expect(trace.calls.count > 100)
        for recorded in trace.calls {
            let request = try EnvelopeRequest(serializedBytes: recorded.bytes)
            #expect(request.unknownFields.data.isEmpty)
            #expect(request.method == recorded.method)
            #expect(request.timeoutNano == recorded.timeoutNanoseconds)
            #expect(request.metadata.map(\.key) == recorded.metadata.compactMap(\.first))
            let type = try #require(TaskMessages.all[request.method]?.request, "\(request.method)")
            let message = try type.init(serializedBytes: request.payload)
            #expect(message.unknownFields.data.isEmpty, "\(request.method): \(message)")
            #expect(try message.serializedBytes() == [UInt8](request.payload), "\(request.method)")
            var again = request
            again.payload = try message.serializedBytes()
            #expect(try EnvelopeRequest(serializedBytes: again.serializedBytes() as [UInt8]) == request)
        }
    }

    @Test("TRACE-2: the recorded requests arrive at a server in order and are answered", arguments: TraceReplay.clients)
    func order(client: String) throws {
        guard let trace = try TraceReplay(of: client) else { return }
        let loop = try EventLoop()
        let folder = try TestFolder()
        let path = folder.path("socket")
        var methods: [String] = []
        let server = try Server(on: loop, listening: listeningSocket(at: path)) { call in
            methods.append(call.method)
            // As if every task were running for ever.
            if call.method != "Wait" { call.reply([]) }
        }
        var unanswered: [EnvelopeRequest]?
        var answers = 0
        trace.replay(
            on: loop, to: path, within: .seconds(2),
            answered: { request, _ in if request.method != "Wait" { answers += 1 } },
            then: {
                unanswered = $0
                loop.stop()
            })
        try loop.run()
        #expect(methods == trace.calls.map(\.method))
        #expect(answers == methods.count { $0 != "Wait" })
        #expect(unanswered?.allSatisfy { $0.method == "Wait" } == true)
        #expect(server.connectionCount > 0)
    }
}
