internal import EventLoop

/// Whose turn it is: requests that take a while, of which one at a time may work on a container or process.
final class Turn {
    private let loop: EventLoop
    private var postponed: [() -> Void] = []
    private(set) var isTaken = false

    init(on loop: EventLoop) { self.loop = loop }

    func take() { isTaken = true }

    /// Lets those that wait have their turn, once the present event is dealt with.
    func end() {
        isTaken = false
        let bodies = postponed
        postponed = []
        for body in bodies { loop.afterwards(body) }
    }

    /// Calls `body` once it is nobody's turn: at once where it is nobody's.
    func whenFree(_ body: @escaping () -> Void) {
        if isTaken { postponed.append(body) } else { body() }
    }
}
