import Glibc
import LinuxSystem
import Logging
import TestSupport
import Testing

@testable import TaskService

@Suite("ShimLog")
struct ShimLogTests {
    /// A pipe with a name, read by hand.
    final class Fifo {
        let folder: TestFolder
        private var reader: Int32 = -1
        var path: String { folder.path("log") }

        init() throws {
            // The shim ignores it; here only this thread does, and other tests' children inherit nothing.
            Self.mask(SIG_BLOCK)
            folder = try TestFolder()
            let path = folder.path("log")
            try systemCall("make a pipe") { unsafe mkfifo(path, 0o600) }
        }

        deinit {
            closeReader()
            var time = timespec()
            var pipe = Self.pipeSignal
            unsafe sigtimedwait(&pipe, nil, &time)
            Self.mask(SIG_UNBLOCK)
        }

        private static var pipeSignal: sigset_t {
            var set = sigset_t()
            unsafe sigemptyset(&set)
            unsafe sigaddset(&set, SIGPIPE)
            return set
        }

        private static func mask(_ how: Int32) {
            var set = pipeSignal
            unsafe pthread_sigmask(how, &set, nil)
        }

        func openReader() throws { reader = try OwnedDescriptor(opening: path, flags: O_RDONLY | O_NONBLOCK).release() }

        func closeReader() {
            if reader >= 0 { close(reader) }
            reader = -1
        }

        /// What is in the pipe now.
        func text() -> String {
            var all: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 65536)
            while case let count = unsafe read(reader, &piece, piece.count), count > 0 { all += piece.prefix(count) }
            return String(decoding: all, as: UTF8.self)
        }
    }

    static func line(_ message: String, _ fields: [String: String] = [:], level: Logger.Level = .info) -> String {
        let time = timespec(tv_sec: 1_795_399_514, tv_nsec: 1_002_003)
        let bytes = ShimLogLine(at: time, level: level, message: message, fields: fields).bytes
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("LOG-1: a line as containerd writes its own")
    func form() {
        let fields = ["pid": "7", "error": "no such file: \"x\"", "container": "c-1_a/b.c@d^e+f", "msg": "m"]
        #expect(
            Self.line("task exited", fields)
                == #"time="2026-11-23T02:05:14.001002003Z" level=info msg="task exited" container=c-1_a/b.c@d^e+f "#
                + #"error="no such file: \"x\"" fields.msg=m pid=7"# + "\n")
        #expect(Self.line("started", level: .warning).hasSuffix(" level=warning msg=started\n"))
    }

    @Test(
        "LOG-1: nothing in a value ends the line or looks like another field",
        arguments: [
            ("plain", "plain"), ("", ""), ("two words", #""two words""#), ("a=b", #""a=b""#), ("a\nb", #""a\nb""#),
            ("\u{1B}[31m", #""\x1b[31m""#), ("t\t\r\u{0}", #""t\t\r\x00""#), (#"back\slash"#, #""back\\slash""#),
            ("caf\u{E9}", "\"caf\u{E9}\""), ("\u{2028}\u{FEFF}", #""\u2028\ufeff""#), ("\u{85}", #""\u0085""#),
        ])
    func quoting(value: String, written: String) {
        #expect(ShimLogLine.value(value) == written)
    }

    @Test("LOG-1: a long line is cut and still ends")
    func long() {
        let line = Self.line(String(repeating: "x", count: 10000))
        #expect(line.utf8.count == 4096)
        #expect(line.hasSuffix("xx\n"))
    }

    @Test(
        "LOG-1: dates",
        arguments: [(0, "1970-01-01T00:00:00.000000000Z"), (951_782_400, "2000-02-29T00:00:00.000000000Z")])
    func dates(seconds: Int, text: String) {
        #expect(ShimLogLine.format(timespec(tv_sec: seconds, tv_nsec: 0)) == text)
    }

    @Test("LOG-2: lines come through the pipe with their fields")
    func pipe() throws {
        let fifo = try Fifo()
        try fifo.openReader()
        var log = shimLogger(path: fifo.path, debug: false)
        log[metadataKey: "namespace"] = "k8s.io"
        log.info("task exited", metadata: ["status": "7"])
        let text = fifo.text()
        #expect(text.hasSuffix(" level=info msg=\"task exited\" namespace=k8s.io status=7\n"))
        #expect(text.hasPrefix("time=\"20"))
    }

    @Test("LOG-2: without a reader lines are dropped, and a new reader gets the next one")
    func readerRestart() throws {
        let fifo = try Fifo()
        let log = shimLogger(path: fifo.path, debug: false)
        log.info("nobody reads")
        try fifo.openReader()
        log.info("first")
        #expect(fifo.text().contains("msg=first\n"))
        fifo.closeReader()
        log.info("nobody reads any more")
        try fifo.openReader()
        log.info("second")
        let text = fifo.text()
        #expect(text.contains("msg=second\n"))
        #expect(!text.contains("nobody"))
    }

    @Test("LOG-2: a full pipe drops lines whole and blocks nobody")
    func full() throws {
        let fifo = try Fifo()
        try fifo.openReader()
        let log = shimLogger(path: fifo.path, debug: false)
        for number in 0..<200 { log.info("line \(number) \(String(repeating: "x", count: 1000))") }
        let lines = fifo.text().split(separator: "\n")
        #expect(lines.count > 40 && lines.count < 100)
        #expect(lines.allSatisfy { $0.hasPrefix("time=\"20") && $0.hasSuffix("x\"") })
        log.info("room again")
        #expect(fifo.text().contains("room again"))
    }

    @Test("LOG-3: debug lines are written when asked for; without a path there is no log", arguments: [true, false])
    func levels(debug: Bool) throws {
        let fifo = try Fifo()
        try fifo.openReader()
        let log = shimLogger(path: fifo.path, debug: debug)
        log.debug("details")
        log.error("trouble")
        let text = fifo.text()
        #expect(text.contains("level=debug msg=details\n") == debug)
        #expect(text.contains("level=error msg=trouble\n"))
        shimLogger(path: nil, debug: true).error("nowhere")
        #expect(fifo.text().isEmpty)
    }
}
