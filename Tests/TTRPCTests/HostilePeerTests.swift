import EventLoop
import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import TTRPC

@Suite("Hostile and broken peers")
struct HostilePeerTests {
    @Test(
        "TTRPC-1, TTRPC-4: what is no frame closes its connection and no other",
        arguments: [
            ([0x47, 0x45, 0x54, 0x20, 0x2F, 0x20, 0x48, 0x54, 0x54, 0x50], TTRPCError.Problem.reservedByte(0x47)),
            ([0, 0, 0, 0, 0, 0, 0, 1, 4, 0], .unknownType(4)),
            ([0, 0, 0, 0, 0, 0, 0, 1, 2, 0], .wrongDirection(.response)),
        ] as [([UInt8], TTRPCError.Problem)])
    func noFrame(bytes: [UInt8], problem: TTRPCError.Problem) throws {
        let trial = try LoopTrial()
        let other = try trial.connect()
        var answer: Result<[UInt8], Status>?
        other.call(service: "s", method: "Wait", payload: []) { answer = $0 }
        let peer = try trial.connectPeer()
        peer.connection.send(bytes + (try Peer.request(3)))
        try trial.run("closed") { peer.hasEnded }
        #expect(trial.troubles == [problem])
        #expect(trial.calls.map(\.method) == ["Wait"])
        trial.calls.first?.reply([1])
        try trial.run("the other one is answered") { answer != nil }
        #expect(answer == .success([1]))
        try trial.othersAreServed()
    }

    @Test("TTRPC-3: a request over 4 MiB is answered ResourceExhausted, and the connection lives")
    func oversize() throws {
        let trial = try LoopTrial()
        trial.answer = { $0.reply([]) }
        let peer = try trial.connectPeer()
        peer.connection.send(Frame.bytes(.request, stream: 1, payload: [UInt8](repeating: 0xFF, count: 4 << 20 + 1)))
        peer.connection.send(try Peer.request(3))
        try trial.run("both answered") { peer.answers.count == 2 }
        #expect(peer.code(of: 1) == .resourceExhausted)
        #expect(peer.code(of: 3) == .ok)
        #expect(trial.calls.count == 1)
    }

    @Test("TTRPC-3: a request of exactly 4 MiB is taken")
    func longest() throws {
        let trial = try LoopTrial()
        trial.answer = { $0.reply([]) }
        let overhead = try Peer.request(1, payload: [UInt8](repeating: 7, count: 4 << 20)).count - 10 - 4 << 20
        let frame = try Peer.request(1, payload: [UInt8](repeating: 7, count: 4 << 20 - overhead))
        #expect(frame.count == 10 + 4 << 20)
        let peer = try trial.connectPeer()
        peer.connection.send(frame)
        try trial.run("answered") { !peer.answers.isEmpty }
        #expect(peer.code(of: 1) == .ok)
        #expect(trial.calls.first?.payload.count == 4 << 20 - overhead)
    }

    @Test("TTRPC-12: numbers of streams are odd and grow, or the stream is answered InvalidArgument")
    func streamNumbers() throws {
        let trial = try LoopTrial()
        trial.answer = { $0.reply([]) }
        let peer = try trial.connectPeer()
        for stream: UInt32 in [5, 6, 3, 0, 9] { peer.connection.send(try Peer.request(stream)) }
        try trial.run("all answered") { peer.answers.count == 5 }
        #expect(peer.code(of: 5) == .ok)
        #expect(peer.code(of: 6) == .invalidArgument)
        #expect(peer.code(of: 3) == .invalidArgument)
        #expect(peer.code(of: 0) == .invalidArgument)
        #expect(peer.code(of: 9) == .ok)
        #expect(trial.calls.count == 2)
        peer.connection.send(try Peer.request(9))
        try trial.run("refused") { peer.answers.count == 6 }
        #expect(peer.answers.last.map { StatusCode(rawValue: $0.response.status.code) } == .invalidArgument)
    }

    @Test("TTRPC-13: data on a stream is answered InvalidArgument and ends the call that was open on it")
    func data() throws {
        let trial = try LoopTrial()
        let peer = try trial.connectPeer()
        peer.connection.send(try Peer.request(1))
        peer.connection.send(Frame.bytes(.data, stream: 1, payload: [1]))
        peer.connection.send(Frame.bytes(.data, stream: 77, flags: .remoteClosed, payload: []))
        try trial.run("answered") { peer.answers.count == 2 }
        #expect(peer.code(of: 1) == .invalidArgument)
        #expect(peer.code(of: 77) == .invalidArgument)
        trial.calls.first?.reply([])
        peer.connection.send(try Peer.request(3, timeout: 1))
        try trial.run("the late answer is dropped") { peer.answers.count == 3 }
        #expect(peer.answers.map(\.stream) == [1, 77, 3])
    }

    @Test(
        "TTRPC-14: flags of a request",
        arguments: [
            (0, StatusCode.ok), (1, .ok), (2, .unimplemented), (3, .unimplemented), (8, .invalidArgument),
            (0x80, .invalidArgument),
        ] as [(UInt8, StatusCode)])
    func flags(flags: UInt8, code: StatusCode) throws {
        let trial = try LoopTrial()
        trial.answer = { $0.reply([]) }
        let peer = try trial.connectPeer()
        peer.connection.send(try Peer.request(1, flags: FrameFlags(rawValue: flags)))
        try trial.run("answered") { !peer.answers.isEmpty }
        #expect(peer.code(of: 1) == code)
        #expect(trial.calls.isEmpty == (code != .ok))
    }

    @Test(
        "TTRPC-15: a request that is no Request is answered InvalidArgument, and the connection lives",
        arguments: [[0xFF], [0x0A, 0x05, 0x41], [0x0A, 0x02, 0xC3, 0x28], [0x08, 0x01, 0x0B]] as [[UInt8]])
    func noRequest(payload: [UInt8]) throws {
        let trial = try LoopTrial()
        trial.answer = { $0.reply([]) }
        let peer = try trial.connectPeer()
        peer.connection.send(Frame.bytes(.request, stream: 1, payload: payload))
        peer.connection.send(try Peer.request(3))
        try trial.run("answered") { peer.answers.count == 2 }
        #expect(peer.code(of: 1) == .invalidArgument)
        #expect(peer.code(of: 3) == .ok)
    }

    @Test("TTRPC-16: a peer that vanishes within a frame, wherever, disturbs nobody")
    func vanishing() throws {
        let trial = try LoopTrial()
        let frame = try Peer.request(1, payload: [1, 2, 3])
        for count in 0..<frame.count {
            do {
                let socket = try connectedSocket(to: trial.path)
                if count > 0 { try socket.writeAll(Array(frame[..<count]), name: "socket") }
            }
            try trial.run("forgotten") {
                trial.server.connectionCount == 0 && trial.troubles.count == count
            }
        }
        #expect(trial.troubles.allSatisfy { $0 == .endedWithinFrame })
        #expect(trial.calls.isEmpty)
        try trial.othersAreServed()
    }

    @Test("TTRPC-17: a client that does not read what it asks for loses its connection, and others are served")
    func slowReader() throws {
        let trial = try LoopTrial()
        trial.answer = { $0.reply([UInt8](repeating: 1, count: 1 << 20)) }
        let socket = try connectedSocket(to: trial.path)
        for stream: UInt32 in stride(from: 1, through: 41, by: 2) {
            try socket.writeAll(Peer.request(stream), name: "socket")
        }
        try trial.run("closed") { !trial.troubles.isEmpty }
        guard case .notRead(let waiting) = trial.troubles.first else {
            Issue.record("\(trial.troubles)")
            return
        }
        #expect(waiting > Connection.outboxLimit && waiting < Connection.outboxLimit + 2 << 20)
        #expect(trial.calls.count < 21)
        try trial.run("gone") { trial.server.connectionCount == 0 }
        try trial.othersAreServed()
    }

    @Test("TTRPC-17: a slow reader that reads in the end gets everything in order")
    func readsInTheEnd() throws {
        let trial = try LoopTrial()
        // No two pieces are the same.
        func answer(_ index: Int) -> [UInt8] { (0..<100_000).map { UInt8(truncatingIfNeeded: $0 / 100 + index) } }
        trial.answer = { call in call.reply(answer(Int(call.payload[0]))) }
        let socket = try connectedSocket(to: trial.path)
        for index in 0..<60 {
            try socket.writeAll(
                Peer.request(UInt32(2 * index + 1), payload: [UInt8(index)]), name: "socket")
        }
        try trial.run("all called") { trial.calls.count == 60 }
        let peer = try Peer(Connection(on: trial.loop, socket, at: "test"))
        try trial.run("all answered") { peer.answers.count == 60 }
        #expect(peer.answers.map(\.stream) == (0..<60).map { UInt32(2 * $0 + 1) })
        for (index, received) in peer.answers.enumerated() {
            #expect([UInt8](received.response.payload) == answer(index))
        }
    }

    @Test("TTRPC-18: of too many open calls on one connection the last are answered ResourceExhausted")
    func manyStreams() throws {
        let trial = try LoopTrial()
        let client = try trial.connect()
        var refused = 0
        for _ in 0..<ServerConnection.openStreamLimit + 3 {
            client.call(service: "s", method: "Wait", payload: []) { result in
                if case .failure(let status) = result, status.code == .resourceExhausted { refused += 1 }
            }
        }
        try trial.run("the last are refused") { refused == 3 }
        #expect(trial.calls.count == ServerConnection.openStreamLimit)
        trial.calls.first?.reply([])
        try trial.run("answered") { client.pendingCount == ServerConnection.openStreamLimit - 1 }
        trial.answer = { $0.reply([5]) }
        var result: Result<[UInt8], Status>?
        client.call(service: "s", method: "State", payload: []) { result = $0 }
        try trial.run("there is room again") { result != nil }
        #expect(result == .success([5]))
    }

    @Test("TTRPC-19: another user is refused, whatever the socket's mode")
    func otherUser() throws {
        guard geteuid() == 0, isInstalled("setpriv"), isInstalled("python3") else {
            return SharedFolder.skip("TTRPC-19", because: "needs root, setpriv and python3")
        }
        let trial = try LoopTrial()
        #expect(shell("chmod 755 \(quoted(trial.folder.path)) && chmod 666 \(quoted(trial.path))") == 0)
        let program = "import socket,sys; s=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); print(s.recv(1))"
        let command = "timeout 10 setpriv --reuid=65534 --regid=65534 --clear-groups python3 -c \(quoted(program)) "
        let process = try ChildProcess(path: "/bin/sh", arguments: ["sh", "-c", command + quoted(trial.path)]).start()
        var end: ProcessEnd?
        try trial.run("refused") {
            end = end ?? (try? ProcessEnd(of: process, block: false))
            return end != nil && !trial.troubles.isEmpty
        }
        #expect(trial.troubles == [.foreignPeer(user: 65534, group: 65534)])
        #expect(end == .exited(code: 0))
        #expect(trial.server.connectionCount == 0)
    }
}
