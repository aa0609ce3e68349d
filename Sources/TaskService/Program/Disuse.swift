package import EventLoop

/// Ends a server that serves nothing and is asked nothing.
///
/// containerd may be killed between `start` and Create, or between Delete and Shutdown. Started again it finds the server,
/// takes its answers for a sign of life, and never asks for anything: without this neither the server nor the bundle would
/// ever go. There is a timer only while there is nothing else.
package final class Disuse {
    private let loop: EventLoop
    private let patience: Duration
    /// Whether there is anything to serve.
    private let isServing: () -> Bool
    private let end: () -> Void
    private var timer: LoopTimer?
    private var wasAsked = false

    /// Watches from now on. `end` is called once `isServing` has been false, and nobody has asked for anything, for as long
    /// as `patience`.
    package init(
        on loop: EventLoop, patience: Duration = .seconds(10), isServing: @escaping () -> Bool,
        end: @escaping () -> Void
    ) {
        self.loop = loop
        self.patience = patience
        self.isServing = isServing
        self.end = end
        watch()
    }

    /// To be called for every request.
    package func asked() { wasAsked = true }

    /// To be called when there is nothing to serve any more.
    package func watch() {
        timer?.cancel()
        wasAsked = false
        timer = loop.schedule(after: patience) { [weak self] in self?.look() }
    }

    private func look() {
        timer = nil
        if isServing() { return }
        if wasAsked { watch() } else { end() }
    }
}
