internal import CLinux
internal import EventLoop
internal import Glibc
internal import LinuxSystem

/// A terminal between a process and the fifos of its client.
final class Terminal {
    private let loop: EventLoop
    private var ours: OwnedDescriptor
    private var theirs: Int32
    /// What the client reads from, until the process runs.
    private var client: Int32
    private var input: OneWayCopy?
    private var output: OneWayCopy?

    /// A new terminal, for a client that reads from `output`.
    init(on loop: EventLoop, output: consuming OwnedDescriptor) throws(SystemCallError) {
        self.loop = loop
        let terminal = OwnedDescriptor(owning: try systemCall("open a terminal") { CLinux_open_terminal() })
        let number = terminal.rawValue
        theirs = try systemCall("open a terminal's other side") { CLinux_terminal_peer(number) }
        ours = terminal
        client = output.release()
    }

    deinit { stop() }

    /// What the process gets as its three standard streams.
    var peer: Int32 { theirs }

    /// Takes another terminal, which somebody else has made for the process, in the place of this one.
    func replace(by other: consuming OwnedDescriptor) throws(SystemCallError) {
        try other.stopWaiting(name: "a terminal")
        closePeer()
        ours = other
    }

    /// The process has its side: what it shows is copied, and ours of that side must go, or the terminal would never end.
    func start() {
        closePeer()
        guard let fifo = Self.take(&client) else { return }
        do throws(SystemCallError) {
            let copy = OneWayCopy(from: try ours.duplicate(), to: fifo, on: loop)
            output = copy
            try copy.start()
        } catch {
            // Without descriptors there is no terminal; its client sees its end.
            stop()
        }
    }

    /// Copies what comes from a fifo to the terminal.
    func takeInput(from fifo: consuming OwnedDescriptor) throws(SystemCallError) {
        let copy = OneWayCopy(from: fifo, to: try ours.duplicate(), on: loop)
        input = copy
        try copy.start()
    }

    func resize(width: UInt16, height: UInt16) throws(SystemCallError) {
        let number = ours.rawValue
        try systemCall("resize a terminal") { CLinux_resize_terminal(number, width, height) }
    }

    /// Delivers what the process has left, then calls `then`.
    func finish(then: @escaping () -> Void) {
        start()
        input?.stop()
        guard let output else { return then() }
        output.finish(then: then)
    }

    /// Gives everything up.
    func stop() {
        closePeer()
        input?.stop()
        output?.stop()
        _ = Self.take(&client)
    }

    private func closePeer() { _ = Self.take(&theirs) }

    private static func take(_ number: inout Int32) -> OwnedDescriptor? {
        guard number >= 0 else { return nil }
        defer { number = -1 }
        return OwnedDescriptor(owning: number)
    }
}
