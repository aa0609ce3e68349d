import EventLoop
import FoundationEssentials
import Glibc
import LinuxSystem
import SwiftProtobuf
import TestSupport
import Testing

@testable import TTRPC

/// A loop with a server whose calls are collected, and what a test does to it.
final class LoopTrial {
    let loop: EventLoop
    let folder: TestFolder
    let server: Server
    private(set) var calls: [Call] = []
    private(set) var troubles: [TTRPCError.Problem] = []
    /// Called with each call, after it was collected.
    var answer: (Call) -> Void = { _ in }

    var path: String { folder.path("socket") }

    init() throws {
        loop = try EventLoop()
        folder = try TestFolder()
        let box = Box()
        server = try Server(on: loop, listening: listeningSocket(at: folder.path("socket"))) { call in
            box.trial?.calls.append(call)
            box.trial?.answer(call)
        }
        box.trial = self
        server.whenTroubled = { [weak self] error in self?.troubles.append(error.problem) }
    }

    private final class Box { weak var trial: LoopTrial? }

    /// Runs the loop until something is so; a failure when it is not within ten seconds.
    func run(_ what: Comment, until isSo: @escaping () -> Bool) throws {
        let limit = loop.schedule(after: .seconds(10)) { [loop] in loop.stop() }
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

    func connect() throws -> Client { try Client(on: loop, connectingTo: path) }

    /// A connection that sends whatever bytes.
    func connectPeer() throws -> Peer { try Peer(Connection(on: loop, connectedSocket(to: path), at: "test")) }

    /// What a well-behaved client on another connection gets: whether the server still serves.
    func othersAreServed() throws {
        let before = calls.count
        let former = answer
        defer { answer = former }
        answer = { $0.reply([42]) }
        let client = try connect()
        var result: Result<[UInt8], Status>?
        client.call(service: "s", method: "still there", payload: []) { result = $0 }
        try run("others are served") { result != nil }
        #expect(result == .success([42]))
        #expect(calls.count == before + 1)
        client.close()
    }
}

/// The other end of a connection, in frames.
final class Peer {
    let connection: Connection
    private(set) var answers: [(stream: UInt32, response: EnvelopeResponse)] = []
    private(set) var hasEnded = false

    init(_ connection: Connection) {
        self.connection = connection
        connection.whenFound = { [unowned self] found in
            guard case .frame(let header, let payload) = found, header.type == .response,
                let response = try? EnvelopeResponse(serializedBytes: payload)
            else {
                Issue.record("no answer: \(found)")
                return
            }
            answers.append((header.stream, response))
        }
        connection.whenEnded = { [unowned self] _ in hasEnded = true }
    }

    /// The code of the answer on a stream.
    func code(of stream: UInt32) -> StatusCode? {
        answers.first { $0.stream == stream }.flatMap { StatusCode(rawValue: $0.response.status.code) }
    }

    /// A Request as a frame.
    static func request(
        _ stream: UInt32, method: String = "m", payload: [UInt8] = [], timeout: Int64 = 0, flags: FrameFlags = []
    ) throws -> [UInt8] {
        var request = EnvelopeRequest()
        request.service = "s"
        request.method = method
        request.payload = Data(payload)
        request.timeoutNano = timeout
        return Frame.bytes(.request, stream: stream, flags: flags, payload: try request.serializedBytes())
    }
}

/// Takes one connection by hand.
func accept(_ socket: borrowing OwnedDescriptor) -> Int32 { Glibc.accept(socket.rawValue, nil, nil) }
