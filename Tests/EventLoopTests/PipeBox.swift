import Glibc
import LinuxSystem

/// A pipe that handlers can hold.
final class PipeBox {
    let readEnd: Int32
    private var writeEnd: Int32

    init() throws {
        let pipe = try Pipe()
        readEnd = try pipe.readEnd.duplicate().release()
        writeEnd = try pipe.writeEnd.duplicate().release()
    }

    deinit {
        close(readEnd)
        closeWriteEnd()
    }

    /// Makes the read end readable.
    func fill() throws {
        let number = writeEnd
        try systemCall("fill a pipe") { unsafe write(number, [1], 1) }
    }

    /// Makes the read end hang up.
    func closeWriteEnd() {
        if writeEnd >= 0 { close(writeEnd) }
        writeEnd = -1
    }
}
