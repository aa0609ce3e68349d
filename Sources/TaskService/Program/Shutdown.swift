internal import EventLoop
internal import TTRPC

/// The orderly end of a server: control groups gone, events told, answers written.
final class Shutdown {
    private let context: ShimContext
    private let server: Server
    private let service: TaskService
    private var isUnderWay = false

    init(context: ShimContext, server: Server, service: TaskService) {
        self.context = context
        self.server = server
        self.service = service
    }

    /// Begins it; once is enough.
    func begin() {
        guard !isUnderWay else { return }
        isUnderWay = true
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
