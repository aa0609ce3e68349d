internal import CLinux
internal import EventLoop
internal import Glibc
internal import LinuxSystem

/// Standard input of a native process. It gets its descriptors when it is created, but its client's fifo is opened only
/// when it runs (see `ProcessStreams.openInput`): in between is a pipe.
final class NativeInput {
    private let loop: EventLoop
    private var readEnd: Int32
    private var writeEnd: Int32
    private var copy: OneWayCopy?

    init(on loop: EventLoop) throws(SystemCallError) {
        self.loop = loop
        let pipe = try Pipe()
        let reading = try pipe.readEnd.duplicate()
        let writing = try pipe.writeEnd.duplicate()
        try writing.stopWaiting(name: "a pipe")
        readEnd = reading.release()
        writeEnd = writing.release()
    }

    deinit { stop() }

    /// What the process gets as 0; ours until it has started.
    var childDescriptor: Int32 { readEnd }

    /// The process has its copy.
    func childHasStarted() { Self.close(&readEnd) }

    /// Copies what comes from a fifo; its end is the process's.
    func take(from fifo: consuming OwnedDescriptor) {
        guard writeEnd >= 0 else { return }
        let destination = OwnedDescriptor(owning: writeEnd)
        writeEnd = -1
        do throws(SystemCallError) {
            try fifo.stopWaiting(name: "a fifo")
            let copy = OneWayCopy(from: fifo, to: destination, on: loop)
            self.copy = copy
            copy.whenStopped = { [weak self] in self?.stop() }
            try copy.start()
        } catch {
            // The process sees the end of its input.
            stop()
        }
    }

    /// No more comes, or nobody is there to read it.
    func stop() {
        childHasStarted()
        Self.close(&writeEnd)
        guard let copy else { return }
        self.copy = nil
        copy.whenStopped = nil
        copy.stop()
        // Its descriptors are closed with it, which may be in the middle of its work.
        loop.afterwards { withExtendedLifetime(copy) {} }
    }

    private static func close(_ number: inout Int32) {
        if number >= 0 { Glibc.close(number) }
        number = -1
    }
}
