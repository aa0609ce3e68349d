internal import CLinux
internal import Glibc
internal import LinuxSystem
internal import WasmRuntime

/// What the guest process says on standard error, and how it ends. The one table of codes is in specs/errors.md.
enum Report {
    enum Ending: Int32 {
        /// What was asked of the module is no call of its function.
        case usage = 64
        /// We failed.
        case failure = 125
        /// The module cannot run here.
        case notRunnable = 126
        /// There is no such file.
        case notFound = 127
        /// The guest trapped: 128 + SIGABRT, as an aborted native program would.
        case trap = 134
    }

    /// Says why, in one line, and ends the process.
    static func end(_ ending: Ending, _ message: String) -> Never {
        say("wasm-shim: \(message)")
        _exit(ending.rawValue)
    }

    /// Says what trapped and where, a line for each frame, and ends the process.
    static func end(_ trap: Trap, in module: String) -> Never { end(.trap, text(of: trap, in: module)) }

    /// What trapped and where, a line for each frame.
    static func text(of trap: Trap, in module: String) -> String {
        var text = "\(module): trap: \(trap.reason)"
        for frame in trap.frames {
            let name = frame.name.map { $0.prefix(100) + ", " } ?? ""
            let place = frame.offset.map { ", byte 0x\(String($0, radix: 16))" } ?? ""
            text += "\n    at \(name)function \(frame.function)\(place)"
        }
        if trap.omittedFrames > 0 { text += "\n    and \(trap.omittedFrames) more" }
        return text
    }

    /// Writes a message. It may quote a module, so nothing in it reaches a terminal but text and ends of lines.
    static func say(_ message: String) {
        let line = String(message.unicodeScalars.map { isText($0) ? Character($0) : "?" }) + "\n"
        // Nobody is left to tell should standard error be closed.
        try? OwnedDescriptor.standardError { (stream: borrowing OwnedDescriptor) throws(SystemCallError) in
            try stream.writeAll(Array(line.utf8), name: "standard error")
        }
    }

    private static func isText(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\n" || scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)
    }
}

extension OwnedDescriptor {
    /// Lends standard error without closing it.
    fileprivate static func standardError(
        _ body: (borrowing OwnedDescriptor) throws(SystemCallError) -> Void
    ) throws(SystemCallError) {
        let stream = OwnedDescriptor(owning: STDERR_FILENO)
        do throws(SystemCallError) {
            try body(stream)
        } catch {
            _ = stream.release()
            throw error
        }
        _ = stream.release()
    }
}
