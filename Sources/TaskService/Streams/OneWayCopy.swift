internal import CLinux
internal import EventLoop
internal import Glibc
internal import LinuxSystem

/// Copies bytes from one descriptor to another on the loop, with one bounded buffer: while the reader is slow nothing
/// more is read.
final class OneWayCopy {
    private static let bufferSize = 32 << 10

    private let loop: EventLoop
    private let source: OwnedDescriptor
    private let destination: OwnedDescriptor
    private var waiting: ArraySlice<UInt8> = []
    private var hasSourceEnded = false
    private var isOver = false
    private var isWatchingSource = true
    private var whenOver: (() -> Void)?

    /// Both descriptors must not block.
    init(from source: consuming OwnedDescriptor, to destination: consuming OwnedDescriptor, on loop: EventLoop) {
        self.source = source
        self.destination = destination
        self.loop = loop
    }

    /// Begins copying.
    func start() throws(SystemCallError) {
        try loop.watch(source.rawValue, for: .readable) { [unowned self] _ in readMore() }
    }

    /// Calls `then` when the source has ended and all of it is delivered.
    func finish(then: @escaping () -> Void) {
        if isOver { return then() }
        whenOver = then
        readMore()
    }

    /// Gives up what is not delivered.
    func stop() {
        guard !isOver else { return }
        isOver = true
        loop.forget(source.rawValue)
        loop.forget(destination.rawValue)
        let then = whenOver
        whenOver = nil
        then?()
    }

    private func readMore() {
        guard !isOver, waiting.isEmpty, !hasSourceEnded else { return }
        let piece: [UInt8]
        do throws(SystemCallError) {
            piece = try source.readPiece(upTo: Self.bufferSize, name: "stream")
        } catch {
            if error.code == EAGAIN { return }
            // A terminal whose other side is closed says EIO.
            hasSourceEnded = true
            return stop()
        }
        if piece.isEmpty {
            hasSourceEnded = true
            return stop()
        }
        waiting = piece[...]
        write()
    }

    private func write() {
        while !waiting.isEmpty {
            let number = destination.rawValue
            // SAFETY: the kernel reads the slice's bytes during the call.
            let count = unsafe waiting.withUnsafeBytes { bytes in
                unsafe Glibc.write(number, bytes.baseAddress, bytes.count)
            }
            if count < 0 {
                let code = CLinux_errno()
                if code == EINTR { continue }
                if code == EAGAIN { return waitForRoom() }
                // Nobody reads any more: what comes is read and dropped, so that the process does not hang.
                waiting = []
                break
            }
            waiting = waiting.dropFirst(count)
        }
        loop.forget(destination.rawValue)
        if !isWatchingSource { watchSource() }
        if whenOver != nil { loop.afterwards { [self] in readMore() } }
    }

    private func waitForRoom() {
        guard isWatchingSource else { return }
        loop.forget(source.rawValue)
        isWatchingSource = false
        try? loop.watch(destination.rawValue, for: .writable) { [unowned self] _ in write() }
    }

    private func watchSource() {
        isWatchingSource = true
        try? loop.watch(source.rawValue, for: .readable) { [unowned self] _ in readMore() }
    }
}
