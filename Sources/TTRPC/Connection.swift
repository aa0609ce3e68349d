internal import CLinux
internal import EventLoop
internal import Glibc
internal import LinuxSystem

/// One socket with frames going both ways. Knows nothing of what is in them.
final class Connection {
    /// What may wait for a peer that does not read, in bytes; two of the longest frames and a little.
    static let outboxLimit = 2 * FrameHeader.payloadLimit + 65536
    /// How many bytes are read at once, and how often before others have their turn.
    private static let pieceSize = 8192
    private static let piecesPerTurn = 16

    private let loop: EventLoop
    private let place: String
    private let number: Int32
    private var socket: OwnedDescriptor?
    private var decoder = FrameDecoder()
    private var outbox = Outbox()
    private var isWaitingForRoom = false
    private var whenFlushed: (() -> Void)?

    /// Called with what arrives, until the connection is closed.
    var whenFound: ((FrameDecoder.Found) -> Void)?
    /// Called once when the connection ends other than by `close`; with the reason, when that is not the peer's wish.
    var whenEnded: ((TTRPCError?) -> Void)?

    var isOpen: Bool { socket != nil }

    /// Watches a socket that does not block.
    init(on loop: EventLoop, _ socket: consuming OwnedDescriptor, at place: String) throws(TTRPCError) {
        self.loop = loop
        self.place = place
        number = socket.rawValue
        self.socket = consume socket
        do throws(SystemCallError) {
            try loop.watch(number, for: .readable) { [weak self] readiness in self?.isReady(for: readiness) }
        } catch {
            throw TTRPCError(.system(error), at: place)
        }
    }

    deinit { if socket != nil { loop.forget(number) } }

    /// Sends a frame as soon as the socket takes it. A peer that lets too much wait loses the connection.
    func send(_ frame: [UInt8]) {
        guard isOpen else { return }
        outbox.append(frame)
        if !isWaitingForRoom { flush() }
        if isOpen, outbox.size > Self.outboxLimit { end(.notRead(waiting: outbox.size)) }
    }

    /// Closes at once; nobody is told.
    func close() {
        guard isOpen else { return }
        loop.forget(number)
        socket = nil
        outbox = Outbox()
        decoder = FrameDecoder()
        whenFound = nil
        whenEnded = nil
        let flushed = whenFlushed
        whenFlushed = nil
        flushed?()
    }

    /// Reads no more, and closes when everything is sent or cannot be; then calls.
    func finish(then: @escaping () -> Void) {
        guard isOpen, !outbox.isEmpty else {
            close()
            return then()
        }
        whenFound = nil
        whenFlushed = then
        watch(for: .writable)
    }

    private func isReady(for readiness: EventLoop.Readiness) {
        if readiness.contains(.writable) { flush() }
        if whenFlushed != nil {
            if isOpen, readiness.contains(.hangup) { close() }
            return
        }
        if readiness.contains(.readable) || readiness.contains(.hangup) { receive() }
    }

    private func flush() {
        do throws(SystemCallError) {
            try outbox.flush(to: number)
        } catch {
            // The peer went without reading: its business.
            return end(error.code == EPIPE || error.code == ECONNRESET ? nil : .system(error))
        }
        if outbox.isEmpty, whenFlushed != nil { return close() }
        if outbox.isEmpty == isWaitingForRoom {
            isWaitingForRoom = !outbox.isEmpty
            watch(for: isWaitingForRoom ? [.readable, .writable] : .readable)
        }
    }

    private func watch(for readiness: EventLoop.Readiness) {
        do throws(SystemCallError) {
            try loop.change(number, to: readiness)
        } catch {
            end(.system(error))
        }
    }

    private func receive() {
        var piece = [UInt8](repeating: 0, count: Self.pieceSize)
        for _ in 0..<Self.piecesPerTurn where isOpen {
            // SAFETY: the kernel writes at most as many bytes as the array has.
            let count = unsafe piece.withUnsafeMutableBytes { unsafe read(number, $0.baseAddress, Self.pieceSize) }
            if count > 0 {
                found(in: piece.span.extracting(first: count))
                // All there was: asking again would only say so.
                if count < Self.pieceSize { return }
            } else if count == 0 {
                return end(decoder.isWithinFrame ? .endedWithinFrame : nil)
            } else {
                let code = CLinux_errno()
                if code == EAGAIN { return }
                if code == EINTR { continue }
                return end(
                    code == ECONNRESET ? nil : .system(SystemCallError(operation: "receive", code: code)))
            }
        }
    }

    private func found(in bytes: Span<UInt8>) {
        var offset = 0
        do throws(TTRPCError) {
            // Handlers may close the connection.
            while isOpen, let found = try decoder.next(in: bytes, from: &offset) { whenFound?(found) }
        } catch {
            end(error.problem)
        }
    }

    /// Closes because of the peer, and says so.
    func end(_ problem: TTRPCError.Problem?) {
        let ended = whenEnded
        close()
        ended?(problem.map { TTRPCError($0, at: place) })
    }
}
