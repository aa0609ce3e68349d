package import EventLoop
internal import FoundationEssentials
internal import LinuxSystem
internal import SwiftProtobuf

/// Asks a server, any number of questions at once on one connection.
package final class Client {
    /// A call that has no answer yet.
    private struct Pending {
        let completion: (Result<[UInt8], Status>) -> Void
        var deadline: LoopTimer?
    }

    private let loop: EventLoop
    private let connection: Connection
    private var pending: [UInt32: Pending] = [:]
    private var nextStream: UInt32 = 1

    /// Called once when the connection ends other than by `close`; what was asked has failed by then.
    package var whenClosed: (() -> Void)?

    /// Whether calls can still be made.
    package var isOpen: Bool { connection.isOpen }

    /// How many calls have no answer yet.
    package var pendingCount: Int { pending.count }

    /// Connects to the socket at a path.
    package init(on loop: EventLoop, connectingTo path: String) throws(TTRPCError) {
        self.loop = loop
        connection = try Connection(on: loop, try connectedSocket(to: path), at: path)
        connection.whenFound = { [unowned self] found in take(found) }
        connection.whenEnded = { [unowned self] problem in
            failAll(Status(.unavailable, problem.map { "\($0)" } ?? "\(path): the connection was closed"))
            let closed = whenClosed
            whenClosed = nil
            closed?()
        }
    }

    /// Asks. `completion` is called once, later, with the method's response message or why there is none.
    package func call(
        service: String, method: String, payload: [UInt8], timeout: Duration? = nil,
        metadata: [(key: String, value: String)] = [], completion: @escaping (Result<[UInt8], Status>) -> Void
    ) {
        guard connection.isOpen, nextStream < UInt32.max else {
            return later(completion, Status(.unavailable, "the connection is closed"))
        }
        var request = EnvelopeRequest()
        request.service = service
        request.method = method
        request.payload = Data(payload)
        request.timeoutNano = timeout?.wholeNanoseconds ?? 0
        request.metadata = metadata.map { pair in
            var entry = EnvelopeKeyValue()
            entry.key = pair.key
            entry.value = pair.value
            return entry
        }
        let stream = nextStream
        guard let frame = Frame.bytes(.request, stream: stream, request) else {
            return later(completion, Status(.resourceExhausted, "\(method): no message may have over 4 MiB"))
        }
        nextStream += 2
        let deadline = timeout.map { timeout in
            loop.schedule(after: timeout) { [weak self] in
                self?.complete(stream, .failure(Status(.deadlineExceeded, "\(method): no answer within \(timeout)")))
            }
        }
        pending[stream] = Pending(completion: completion, deadline: deadline)
        connection.send(frame)
    }

    /// Closes the connection; what was asked fails as cancelled.
    package func close() {
        connection.close()
        whenClosed = nil
        failAll(Status(.cancelled, "the client closed the connection"))
    }

    private func take(_ found: FrameDecoder.Found) {
        switch found {
        case .tooLong(let header):
            complete(header.stream, .failure(Status(.resourceExhausted, "the answer has over 4 MiB")))
        case .frame(let header, let payload):
            guard header.type == .response else {
                if header.type == .request { connection.end(.wrongDirection(.request)) }
                return
            }
            guard let response = try? EnvelopeResponse(serializedBytes: payload) else {
                return connection.end(.malformedResponse(stream: header.stream))
            }
            guard response.hasStatus, response.status.code != StatusCode.ok.rawValue else {
                return complete(header.stream, .success([UInt8](response.payload)))
            }
            complete(header.stream, .failure(Status(response.status)))
        }
    }

    private func complete(_ stream: UInt32, _ result: Result<[UInt8], Status>) {
        // An answer may come after its time.
        guard let call = pending.removeValue(forKey: stream) else { return }
        call.deadline?.cancel()
        call.completion(result)
    }

    private func later(_ completion: @escaping (Result<[UInt8], Status>) -> Void, _ status: Status) {
        loop.afterwards { completion(.failure(status)) }
    }

    private func failAll(_ status: Status) {
        let calls = pending.sorted { $0.key < $1.key }
        pending = [:]
        for (_, call) in calls {
            call.deadline?.cancel()
            later(call.completion, status)
        }
    }
}
