import EventLoop
import FoundationEssentials
import LinuxSystem
import TestSupport
import Testing

@testable import TTRPC

@Suite("Client")
struct ClientTests {
    @Test("TTRPC-20: when the server goes, every call fails as unavailable, in order, then whenClosed is called")
    func serverGoes() throws {
        let trial = try LoopTrial()
        let client = try trial.connect()
        var events: [String] = []
        client.whenClosed = { events.append("closed") }
        for name in ["a", "b", "c"] {
            client.call(service: "s", method: name, payload: []) { result in
                if case .failure(let status) = result { events.append("\(name) \(status.code)") }
            }
        }
        try trial.run("called") { trial.calls.count == 3 }
        trial.server.finish {}
        try trial.run("told") { events.count == 4 }
        #expect(events.filter { $0 != "closed" } == ["a unavailable", "b unavailable", "c unavailable"])
        #expect(events.contains("closed"))
        #expect(!client.isOpen)
        var late: Result<[UInt8], Status>?
        client.call(service: "s", method: "m", payload: []) { late = $0 }
        #expect(late == nil)
        try trial.run("told later") { late != nil }
        #expect(throws: Status.self) { try late?.get() }
    }

    @Test("TTRPC-20: a client that closes has its calls cancelled, and whenClosed is not called")
    func closing() throws {
        let trial = try LoopTrial()
        let client = try trial.connect()
        var codes: [StatusCode] = []
        client.whenClosed = { Issue.record("called") }
        client.call(service: "s", method: "m", payload: []) { result in
            if case .failure(let status) = result { codes.append(status.code) }
        }
        client.close()
        #expect(codes.isEmpty)
        try trial.run("told") { codes == [.cancelled] }
    }

    @Test("TTRPC-21: a client's own clock ends a call that a server leaves unanswered")
    func deadline() throws {
        // A listening socket that nobody accepts on.
        let trial = try LoopTrial()
        let path = trial.folder.path("deaf")
        let socket = try listeningSocket(at: path)
        let client = try Client(on: trial.loop, connectingTo: path)
        var result: Result<[UInt8], Status>?
        client.call(service: "s", method: "Forward", payload: [], timeout: .milliseconds(30)) { result = $0 }
        try trial.run("over") { result != nil }
        guard case .failure(let status) = result else {
            Issue.record("\(String(describing: result))")
            return
        }
        #expect(status.code == .deadlineExceeded)
        #expect(client.isOpen)
        #expect(socket.rawValue > 2)
    }

    @Test("TTRPC-3: a client sends nothing over 4 MiB")
    func longRequest() throws {
        let trial = try LoopTrial()
        trial.answer = { $0.reply([]) }
        let client = try trial.connect()
        var results: [Result<[UInt8], Status>] = []
        client.call(service: "s", method: "m", payload: [UInt8](repeating: 1, count: 4 << 20)) { results.append($0) }
        client.call(service: "s", method: "m", payload: []) { results.append($0) }
        try trial.run("both") { results.count == 2 }
        #expect(trial.calls.count == 1)
        #expect(results.contains(.success([])))
    }

    @Test(
        "TTRPC-22: a server that sends no answers but something else loses the connection",
        arguments: [
            Frame.bytes(.response, stream: 1, payload: [0xFF]), Frame.bytes(.request, stream: 1, payload: []),
            Array("HTTP/1.1 400 Bad Request".utf8),
        ])
    func wrongAnswer(bytes: [UInt8]) throws {
        let trial = try LoopTrial()
        let path = trial.folder.path("other")
        let listening = try listeningSocket(at: path)
        let client = try Client(on: trial.loop, connectingTo: path)
        var result: Result<[UInt8], Status>?
        var isClosed = false
        client.whenClosed = { isClosed = true }
        client.call(service: "s", method: "m", payload: []) { result = $0 }
        let end = OwnedDescriptor(owning: accept(listening))
        try end.writeAll(bytes, name: "socket")
        try trial.run("closed") { isClosed && result != nil }
        guard case .failure(let status) = result else {
            Issue.record("\(String(describing: result))")
            return
        }
        #expect(status.code == .unavailable)
    }
}
