internal import EventLoop
internal import TTRPC

/// The orderly end of a server: control groups gone, events told, answers written.
final class Shutdown {
    private let context: ShimContext
    private let server: Server
    private let service: TaskService
    private let removeSocket: () -> Void
    private var isUnderWay = false

    /// `removeSocket` is called at once, so that a `start` from then on finds no server instead of one that is ending.
    init(context: ShimContext, server: Server, service: TaskService, removeSocket: @escaping () -> Void) {
        self.context = context
        self.server = server
        self.service = service
        self.removeSocket = removeSocket
    }

    /// Begins it; once is enough.
    func begin() {
        guard !isUnderWay else { return }
        isUnderWay = true
        removeSocket()
        server.finish { [self] in
            awaitCleanups(polls: 0)
        }
    }

    private func awaitCleanups(polls: Int) {
        if context.unfinishedCleanups > 0, polls < 1000 {
            context.loop.schedule(after: .milliseconds(2)) { [self] in awaitCleanups(polls: polls + 1) }
            return
        }
        context.events.flush(within: .seconds(2)) { [self] in context.loop.stop() }
    }
}
