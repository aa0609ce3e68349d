import EventLoop
import FoundationEssentials
import SwiftProtobuf
import TestSupport

@testable import TTRPC

/// What a real client sent to a recording shim, to be sent again.
struct TraceReplay {
    /// One thing that the client did.
    enum Step {
        case open(connection: Int)
        case call(Recorded)
        case close(connection: Int)
    }

    /// A recorded request.
    struct Recorded {
        let connection: Int
        /// The frame's payload: a Request of ttrpc.
        let bytes: [UInt8]
        /// What the recorder read in it.
        let method: String
        let timeoutNanoseconds: Int64
        let metadata: [[String]]
    }

    /// A line of a trace, as far as it matters here.
    private struct Line: Decodable {
        var conn: Int?
        var open: Bool?
        var close: Bool?
        var method: String?
        var timeout_ns: Int64?
        var metadata: [[String]]?
        var raw_hex: String?
    }

    /// The clients that were recorded.
    static let clients = ["ctr", "cri", "docker"]

    let steps: [Step]

    /// Reads a client's trace; `nil`, said loudly, where it is not there.
    init?(of client: String) throws {
        let name = "clients/traces/\(client).trace.jsonl"
        guard let path = SharedFolder.path(name, skipping: "the recorded calls of \(client)") else { return nil }
        let decoder = JSONDecoder()
        steps = try contents(of: path).split(separator: UInt8(ascii: "\n")).compactMap { text -> Step? in
            let line = try decoder.decode(Line.self, from: Data(text))
            guard let connection = line.conn else { return nil }
            if line.open == true { return .open(connection: connection) }
            if line.close == true { return .close(connection: connection) }
            guard let digits = line.raw_hex else { return nil }
            return .call(
                Recorded(
                    connection: connection, bytes: try bytes(hexadecimal: digits), method: line.method ?? "",
                    timeoutNanoseconds: line.timeout_ns ?? 0, metadata: line.metadata ?? []))
        }
    }

    /// The requests alone.
    var calls: [Recorded] {
        steps.compactMap { step in
            guard case .call(let recorded) = step else { return nil }
            return recorded
        }
    }

    /// Sends everything again to the server at a path, each step when the one before is answered; `Wait`, which blocks
    /// for a container's life, is not waited for. `answered` gets each request with its answer, in the order of the
    /// answers; the last is called when all are there, or `limit` has passed, with the requests that have none.
    func replay(
        on loop: EventLoop, to path: String, within limit: Duration,
        answered: @escaping (EnvelopeRequest, Result<[UInt8], Status>) -> Void,
        then: @escaping (_ unanswered: [EnvelopeRequest]) -> Void
    ) {
        let run = Run(on: loop, path: path, steps: steps, answered: answered, then: then)
        loop.schedule(after: limit) { run.end() }
        run.next()
    }

    /// A replay that is going on.
    private final class Run {
        private let loop: EventLoop
        private let path: String
        private var steps: ArraySlice<Step>
        private let answered: (EnvelopeRequest, Result<[UInt8], Status>) -> Void
        private var then: (([EnvelopeRequest]) -> Void)?
        private var clients: [Int: Client] = [:]
        private var open: [Int: EnvelopeRequest] = [:]
        private var count = 0

        init(
            on loop: EventLoop, path: String, steps: [Step],
            answered: @escaping (EnvelopeRequest, Result<[UInt8], Status>) -> Void,
            then: @escaping ([EnvelopeRequest]) -> Void
        ) {
            self.loop = loop
            self.path = path
            self.steps = steps[...]
            self.answered = answered
            self.then = then
        }

        func next() {
            while let step = steps.popFirst() {
                switch step {
                case .open(let connection): clients[connection] = try? Client(on: loop, connectingTo: path)
                // Connections are kept: what is waited for on them is of interest.
                case .close: continue
                case .call(let recorded):
                    guard let request = try? EnvelopeRequest(serializedBytes: recorded.bytes),
                        let client = clients[recorded.connection]
                    else { return end() }
                    send(request, on: client)
                    if request.method != "Wait" { return }
                }
            }
            if open.isEmpty { end() }
        }

        private func send(_ request: EnvelopeRequest, on client: Client) {
            count += 1
            let number = count
            open[number] = request
            client.call(
                service: request.service, method: request.method, payload: [UInt8](request.payload),
                timeout: request.timeoutNano == 0 ? nil : .nanoseconds(request.timeoutNano),
                metadata: request.metadata.map { ($0.key, $0.value) }
            ) { [self] result in
                open[number] = nil
                answered(request, result)
                if request.method != "Wait" { next() } else if steps.isEmpty, open.isEmpty { end() }
            }
        }

        func end() {
            guard let body = then else { return }
            then = nil
            body(open.values.map { $0 } + remaining)
            for client in clients.values { client.close() }
        }

        private var remaining: [EnvelopeRequest] {
            steps.compactMap { step in
                guard case .call(let recorded) = step else { return nil }
                return try? EnvelopeRequest(serializedBytes: recorded.bytes)
            }
        }
    }
}

/// The bytes that hexadecimal digits stand for.
private func bytes(hexadecimal text: String) throws -> [UInt8] {
    let digits = try text.utf8.map { digit in
        guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else { throw CocoaError(.fileReadCorruptFile) }
        return UInt8(value)
    }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
