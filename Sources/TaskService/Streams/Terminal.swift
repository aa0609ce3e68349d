internal import CLinux
internal import EventLoop
internal import Glibc
internal import LinuxSystem

/// A terminal between a process and the fifos of its client.
final class Terminal {
    /// How long after the process's end its last output is offered to a reader that does not take it.
    private static let patience = Duration.seconds(10)

    private let loop: EventLoop
    private let ours: OwnedDescriptor
    private var theirs: Int32
    private var input: OneWayCopy?
    private var output: OneWayCopy?

    init(on loop: EventLoop) throws(SystemCallError) {
        self.loop = loop
        let terminal = OwnedDescriptor(owning: try systemCall("open a terminal") { CLinux_open_terminal() })
        let number = terminal.rawValue
        theirs = try systemCall("open a terminal's other side") { CLinux_terminal_peer(number) }
        ours = terminal
    }

    deinit { closePeer() }

    /// What the process gets as its three standard streams.
    var peer: Int32 { theirs }

    /// Copies what comes from a fifo to the terminal.
    func takeInput(from fifo: consuming OwnedDescriptor) throws(SystemCallError) {
        let copy = OneWayCopy(from: fifo, to: try ours.duplicate(), on: loop)
        try copy.start()
        input = copy
    }

    /// Copies what the terminal shows to a fifo.
    func giveOutput(to fifo: consuming OwnedDescriptor) throws(SystemCallError) {
        let copy = OneWayCopy(from: try ours.duplicate(), to: fifo, on: loop)
        try copy.start()
        output = copy
    }

    /// The process has its side: ours of it must go, or the terminal would never end.
    func closePeer() {
        if theirs >= 0 { close(theirs) }
        theirs = -1
    }

    func resize(width: UInt16, height: UInt16) throws(SystemCallError) {
        let number = ours.rawValue
        try systemCall("resize a terminal") { CLinux_resize_terminal(number, width, height) }
    }

    /// Delivers what the process has left, then calls `then`.
    func finish(then: @escaping () -> Void) {
        closePeer()
        input?.stop()
        guard let output else { return then() }
        let limit = loop.schedule(after: Self.patience) { output.stop() }
        output.finish {
            limit.cancel()
            then()
        }
    }

    /// Gives everything up.
    func stop() {
        closePeer()
        input?.stop()
        output?.stop()
    }
}
