import EventLoop
import FoundationEssentials
import LinuxSystem
import TestSupport
import Testing

@testable import TTRPC

@Suite("Server")
struct ServerTests {
    @Test("TTRPC-5: a call arrives as it was sent, and its answer at who asked")
    func callAndAnswer() throws {
        let trial = try LoopTrial()
        trial.answer = { $0.reply($0.payload.reversed()) }
        let client = try trial.connect()
        var result: Result<[UInt8], Status>?
        client.call(
            service: "containerd.task.v2.Task", method: "State", payload: [1, 2, 3], timeout: .seconds(7),
            metadata: [("containerd-namespace-ttrpc", "k8s.io"), ("b", "")]
        ) { result = $0 }
        try trial.run("answered") { result != nil }
        #expect(result == .success([3, 2, 1]))
        let call = try #require(trial.calls.first)
        #expect(call.service == "containerd.task.v2.Task")
        #expect(call.method == "State")
        #expect(call.payload == [1, 2, 3])
        #expect(call.timeout == .seconds(7))
        #expect(call.metadata.map(\.key) == ["containerd-namespace-ttrpc", "b"])
        #expect(call.metadata.map(\.value) == ["k8s.io", ""])
    }

    @Test("TTRPC-5: a failure arrives with its code and words", arguments: [StatusCode.notFound, .unimplemented])
    func failure(code: StatusCode) throws {
        let trial = try LoopTrial()
        trial.answer = { $0.fail(Status(code, "no such task: \u{E9}")) }
        let client = try trial.connect()
        var result: Result<[UInt8], Status>?
        client.call(service: "s", method: "m", payload: []) { result = $0 }
        try trial.run("answered") { result != nil }
        #expect(result == .failure(Status(code, "no such task: \u{E9}")))
        #expect(trial.calls.first?.timeout == nil)
    }

    @Test("TTRPC-6: a thousand calls are open at once on one connection and answered in any order")
    func interleaved() throws {
        let trial = try LoopTrial()
        let client = try trial.connect()
        var results: [Int: [UInt8]] = [:]
        for number in 0..<1000 {
            client.call(service: "s", method: "\(number)", payload: []) { results[number] = try? $0.get() }
        }
        try trial.run("all have come") { trial.calls.count == 1000 }
        #expect(results.isEmpty)
        for call in trial.calls.shuffled() { call.reply(Array(call.method.utf8)) }
        try trial.run("all are answered") { results.count == 1000 }
        for number in 0..<1000 { #expect(results[number] == Array("\(number)".utf8)) }
    }

    @Test("TTRPC-7: only the first answer of a call is sent")
    func answersOnce() throws {
        let trial = try LoopTrial()
        let peer = try trial.connectPeer()
        trial.answer = { call in
            call.reply([1])
            call.reply([2])
            call.fail(Status(.internal, "too late"))
        }
        peer.connection.send(try Peer.request(1))
        try trial.run("answered") { !peer.answers.isEmpty }
        peer.connection.send(try Peer.request(3))
        try trial.run("answered again") { peer.answers.contains { $0.stream == 3 } }
        #expect(peer.answers.map(\.stream) == [1, 3])
        #expect([UInt8](peer.answers.first?.response.payload ?? .init()) == [1])
    }

    @Test("TTRPC-7: an answer to a connection that is gone goes nowhere")
    func answerToNobody() throws {
        let trial = try LoopTrial()
        let client = try trial.connect()
        client.call(service: "s", method: "Wait", payload: []) { _ in }
        try trial.run("called") { trial.calls.count == 1 }
        #expect(trial.calls.first?.isOpen == true)
        client.close()
        try trial.run("gone") { trial.server.connectionCount == 0 }
        #expect(trial.calls.first?.isOpen == false)
        trial.calls.first?.reply([1])
        try trial.othersAreServed()
    }

    @Test("TTRPC-8: a call not answered in its time ends with DeadlineExceeded, and a late answer is dropped")
    func deadline() throws {
        let trial = try LoopTrial()
        let peer = try trial.connectPeer()
        peer.connection.send(try Peer.request(1, timeout: 20_000_000))
        try trial.run("over") { !peer.answers.isEmpty }
        #expect(peer.code(of: 1) == .deadlineExceeded)
        #expect(trial.calls.first?.isOpen == false)
        trial.calls.first?.reply([1])
        trial.answer = { $0.reply([]) }
        // The longest time there is: nothing may overflow.
        peer.connection.send(try Peer.request(3, timeout: .max))
        try trial.run("next") { peer.answers.count == 2 }
        #expect(peer.answers.map(\.stream) == [1, 3])
        #expect(peer.code(of: 3) == .ok)
    }

    @Test("TTRPC-8: a call whose time was over when it came is not made")
    func pastDeadline() throws {
        let trial = try LoopTrial()
        let peer = try trial.connectPeer()
        peer.connection.send(try Peer.request(1, timeout: -1))
        try trial.run("refused") { !peer.answers.isEmpty }
        #expect(peer.code(of: 1) == .deadlineExceeded)
        #expect(trial.calls.isEmpty)
    }

    @Test("TTRPC-9: an answer over 4 MiB is not sent; its call fails with ResourceExhausted")
    func longAnswer() throws {
        let trial = try LoopTrial()
        trial.answer = { $0.reply([UInt8](repeating: 1, count: Int($0.method) ?? 0)) }
        let client = try trial.connect()
        var results: [Result<[UInt8], Status>] = []
        // A Response around this many bytes has exactly 4 MiB: a tag and four bytes of length.
        let longest = 4 << 20 - 5
        for count in [longest, longest + 1, 3] {
            client.call(service: "s", method: "\(count)", payload: []) { results.append($0) }
        }
        try trial.run("answered") { results.count == 3 }
        #expect(try results[0].get().count == longest)
        #expect(throws: Status.self) { try results[1].get() }
        if case .failure(let status) = results[1] { #expect(status.code == .resourceExhausted) }
        #expect(try results[2].get().count == 3)
    }

    @Test("TTRPC-10: finishing sends what is answered, closes everything, accepts nobody")
    func finish() throws {
        let trial = try LoopTrial()
        let peer = try trial.connectPeer()
        let idle = try trial.connectPeer()
        peer.connection.send(try Peer.request(1))
        peer.connection.send(try Peer.request(3))
        try trial.run("called") { trial.calls.count == 2 }
        // Much more than a socket takes at once.
        trial.calls.first?.reply([UInt8](repeating: 9, count: 2 << 20))
        var isFinished = 0
        trial.server.finish { isFinished += 1 }
        trial.server.finish { isFinished += 1 }
        try trial.run("finished") { isFinished == 2 && peer.hasEnded && idle.hasEnded }
        #expect(peer.answers.map(\.stream) == [1])
        #expect(peer.answers.first?.response.payload.count == 2 << 20)
        #expect(trial.server.connectionCount == 0)
        #expect(throws: TTRPCError.self) { _ = try trial.connect() }
    }

    @Test("TTRPC-10: finishing waits a second at most for a client that does not read")
    func finishWithoutReader() throws {
        let trial = try LoopTrial()
        let silent = try connectedSocket(to: trial.path)
        try silent.writeAll(Peer.request(1), name: "socket")
        try trial.run("called") { trial.calls.count == 1 }
        trial.calls.first?.reply([UInt8](repeating: 9, count: 2 << 20))
        var isFinished = false
        trial.server.finish { isFinished = true }
        try trial.run("finished") { isFinished }
        #expect(trial.server.connectionCount == 0)
    }

    @Test("TTRPC-11: the listening socket is for its owner only, and takes no path that something has")
    func listening() throws {
        let folder = try TestFolder()
        let path = folder.path("socket")
        let socket = try listeningSocket(at: path)
        #expect(try permissions(of: path) == 0o600)
        #expect(throws: TTRPCError(.system(SystemCallError(operation: "listen", code: 98)), at: path)) {
            _ = try listeningSocket(at: path)
        }
        #expect(socket.rawValue > 2)
        #expect(throws: TTRPCError.self) { _ = try listeningSocket(at: "/" + String(repeating: "x", count: 200)) }
    }
}
