internal import CLinux
internal import EventLoop
internal import Glibc
internal import LinuxSystem

/// Copies bytes from one descriptor to another on the loop, with one bounded buffer: while the reader is slow nothing
/// more is read.
final class OneWayCopy {
    private static let bufferSize = 32 << 10
    /// How long after `finish` a reader may take nothing of what waits for it.
    private static let patience = Duration.seconds(10)
    /// How long after `finish` a source that somebody still holds open may say nothing.
    private static let quietTime = Duration.milliseconds(200)

    private let loop: EventLoop
    private let source: OwnedDescriptor
    private let destination: OwnedDescriptor
    private var waiting: ArraySlice<UInt8> = []
    private var isOver = false
    private var isWatchingSource = true
    private var whenOver: (() -> Void)?
    /// Called once when nothing is copied any more.
    var whenStopped: (() -> Void)?
    private var limit: LoopTimer?

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

    /// Calls `then` when the source has ended, or is silent, and all of it is delivered; or when the reader takes nothing
    /// any more.
    func finish(then: @escaping () -> Void) {
        if isOver { return then() }
        whenOver = then
        setLimit()
        readMore()
    }

    /// Gives up what is not delivered.
    func stop() {
        guard !isOver else { return }
        isOver = true
        limit?.cancel()
        loop.forget(source.rawValue)
        loop.forget(destination.rawValue)
        let then = whenOver
        whenOver = nil
        then?()
        let stopped = whenStopped
        whenStopped = nil
        stopped?()
    }

    /// Something went on: from now on it may take its time again.
    private func setLimit() {
        limit?.cancel()
        guard whenOver != nil, !isOver else { return }
        limit = loop.schedule(after: waiting.isEmpty ? Self.quietTime : Self.patience) { [unowned self] in stop() }
    }

    private func readMore() {
        guard !isOver, waiting.isEmpty else { return }
        do throws(SystemCallError) {
            waiting = try source.readPiece(upTo: Self.bufferSize, name: "stream")[...]
        } catch {
            // A terminal whose other side is closed says EIO when everything was read.
            if error.code != EAGAIN { stop() }
            return
        }
        if waiting.isEmpty { return stop() }
        setLimit()
        write()
    }

    private func write() {
        guard !isOver else { return }
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
                // Nobody can take it any more: what comes is read and dropped, so that the process does not hang.
                waiting = []
            } else {
                waiting = waiting.dropFirst(count)
            }
            setLimit()
        }
        waitForMore()
    }

    private func waitForRoom() {
        guard isWatchingSource else { return }
        isWatchingSource = false
        loop.forget(source.rawValue)
        watch(destination.rawValue, .writable) { [unowned self] in write() }
    }

    private func waitForMore() {
        if !isWatchingSource {
            isWatchingSource = true
            loop.forget(destination.rawValue)
            watch(source.rawValue, .readable) { [unowned self] in readMore() }
        }
        if whenOver != nil { loop.afterwards { [self] in readMore() } }
    }

    /// A loop that can watch no more ends the copy: the client sees its stream end instead of standing still.
    private func watch(_ number: Int32, _ readiness: EventLoop.Readiness, _ body: @escaping () -> Void) {
        do throws(SystemCallError) { try loop.watch(number, for: readiness) { _ in body() } } catch { stop() }
    }
}
