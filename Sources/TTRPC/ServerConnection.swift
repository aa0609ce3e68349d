internal import EventLoop
internal import FoundationEssentials
internal import LinuxSystem
internal import SwiftProtobuf

/// One client of a server, and what it waits for.
final class ServerConnection {
    /// How many calls of one client may be open.
    static let openStreamLimit = 16384

    /// A call that has not been answered.
    private struct Stream {
        var deadline: LoopTimer?
    }

    let connection: Connection
    private let loop: EventLoop
    private let handler: (Call) -> Void
    private var open: [UInt32: Stream] = [:]
    private var lastStream: UInt32 = 0

    init(
        on loop: EventLoop, _ socket: consuming OwnedDescriptor, at place: String, handler: @escaping (Call) -> Void,
        whenEnded: @escaping (TTRPCError?) -> Void
    ) throws(TTRPCError) {
        self.loop = loop
        self.handler = handler
        connection = try Connection(on: loop, socket, at: place)
        connection.whenFound = { [unowned self] found in take(found) }
        connection.whenEnded = { [unowned self] problem in
            forgetStreams()
            whenEnded(problem)
        }
    }

    /// Sends everything that is answered, then closes and calls.
    func finish(then: @escaping () -> Void) {
        forgetStreams()
        connection.finish(then: then)
    }

    /// Whether a call waits for its answer.
    func isOpen(_ stream: UInt32) -> Bool { open[stream] != nil }

    /// Answers a call that is open; any other answer is dropped.
    func answer(_ stream: UInt32, _ result: Result<[UInt8], Status>) {
        guard let call = open.removeValue(forKey: stream) else { return }
        call.deadline?.cancel()
        switch result {
        case .success(let payload):
            var response = EnvelopeResponse()
            response.payload = Data(payload)
            if let frame = Frame.bytes(.response, stream: stream, response) { return connection.send(frame) }
            refuse(stream, .resourceExhausted, "the answer has \(payload.count) bytes; no message may have over 4 MiB")
        case .failure(let status):
            refuse(stream, status.code, status.message)
        }
    }

    private func take(_ found: FrameDecoder.Found) {
        switch found {
        case .tooLong(let header):
            if header.type == .request { lastStream = max(lastStream, header.stream) }
            end(header.stream, .resourceExhausted, "a message of \(header.length) bytes; none may have over 4 MiB")
        case .frame(let header, let payload):
            guard header.stream % 2 == 1 else {
                return refuse(header.stream, .invalidArgument, "stream \(header.stream): a client's have odd numbers")
            }
            switch header.type {
            case .request: request(header, payload)
            case .data: end(header.stream, .invalidArgument, "stream \(header.stream) takes no data")
            case .response: connection.end(.wrongDirection(.response))
            }
        }
    }

    private func request(_ header: FrameHeader, _ payload: [UInt8]) {
        let stream = header.stream
        guard stream > lastStream else {
            return refuse(stream, .invalidArgument, "stream \(stream) after \(lastStream): numbers must grow")
        }
        lastStream = stream
        guard header.flags.isSubset(of: .known) else {
            return refuse(stream, .invalidArgument, "the request has unknown flags (\(header.flags.rawValue))")
        }
        guard !header.flags.contains(.remoteOpen) else {
            return refuse(stream, .unimplemented, "no method here takes a stream of messages")
        }
        guard open.count < Self.openStreamLimit else {
            return refuse(stream, .resourceExhausted, "\(open.count) calls of this connection are open already")
        }
        let request: EnvelopeRequest
        do {
            request = try EnvelopeRequest(serializedBytes: payload)
        } catch {
            return refuse(stream, .invalidArgument, "the request is no ttrpc Request: \(error)")
        }
        guard request.timeoutNano >= 0 else {
            return refuse(stream, .deadlineExceeded, "the time for this call was over before it came")
        }
        dispatch(request, on: stream)
    }

    private func dispatch(_ request: EnvelopeRequest, on stream: UInt32) {
        let timeout: Duration? = request.timeoutNano == 0 ? nil : .nanoseconds(request.timeoutNano)
        let deadline = timeout.map { timeout in
            loop.schedule(after: timeout) { [weak self] in
                self?.answer(stream, .failure(Status(.deadlineExceeded, "no answer within \(timeout)")))
            }
        }
        open[stream] = Stream(deadline: deadline)
        handler(
            Call(
                service: request.service, method: request.method, payload: [UInt8](request.payload),
                metadata: request.metadata.map { ($0.key, $0.value) }, timeout: timeout, stream: stream,
                connection: self))
    }

    /// Says that something is wrong with a stream, which is over if it was open.
    private func end(_ stream: UInt32, _ code: StatusCode, _ message: String) {
        open.removeValue(forKey: stream)?.deadline?.cancel()
        refuse(stream, code, message)
    }

    private func refuse(_ stream: UInt32, _ code: StatusCode, _ message: String) {
        var response = EnvelopeResponse()
        response.status.code = code.rawValue
        response.status.message = String(message.prefix(65536))
        if let frame = Frame.bytes(.response, stream: stream, response) { connection.send(frame) }
    }

    private func forgetStreams() {
        for stream in open.values { stream.deadline?.cancel() }
        open = [:]
    }
}
