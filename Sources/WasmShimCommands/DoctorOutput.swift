internal import Glibc
internal import LinuxSystem

/// What a program wrote and how it ended, run with nothing on its standard input and a limit of time.
struct DoctorOutput {
    /// Standard output and standard error, as they came; at most 64 KiB.
    let text: String
    /// `nil` where the time was up: the program was killed.
    let end: ProcessEnd?

    /// Runs a program.
    init(
        of path: String, arguments: [String], environment: [String], seconds: Int32
    ) throws(SystemCallError) {
        let pipe = try Pipe()
        let nothing = try OwnedDescriptor(opening: "/dev/null", flags: O_RDONLY)
        var child = ChildProcess(path: path, arguments: [path] + arguments)
        child.environment = environment
        child.descriptors = [
            .init(nothing.rawValue, as: 0), .init(pipe.writeEnd.rawValue, as: 1), .init(pipe.writeEnd.rawValue, as: 2),
        ]
        child.leadsOwnSession = true
        let process = try child.start()
        self = try Self.watched(process, pipe, until: Self.now() + Int64(seconds) * 1000)
    }

    private init(text: String, end: ProcessEnd?) {
        self.text = text
        self.end = end
    }

    private static func watched(
        _ process: Int32, _ pipe: consuming Pipe, until deadline: Int64
    ) throws(SystemCallError) -> DoctorOutput {
        let readEnd = try pipe.readEnd.duplicate()
        // Ours would keep the pipe open.
        drop(pipe)
        var bytes: [UInt8] = []
        var isOpen = true
        while true {
            // Somebody whom the program left behind may hold the pipe: its own end is what counts.
            if let end = try ProcessEnd(of: process, block: false) {
                while isOpen, bytes.count < 1 << 16, readable(readEnd.rawValue, 0) {
                    let piece = try readEnd.readPiece(upTo: 4096, name: "a program's output")
                    isOpen = !piece.isEmpty
                    bytes += piece
                }
                return DoctorOutput(text: String(decoding: bytes, as: UTF8.self), end: end)
            }
            guard now() < deadline else { break }
            if isOpen && readable(readEnd.rawValue, 20) {
                let piece = try readEnd.readPiece(upTo: 4096, name: "a program's output")
                isOpen = !piece.isEmpty
                if bytes.count < 1 << 16 { bytes += piece }
            } else if !isOpen {
                usleep(2000)
            }
        }
        // The session, so that what it started goes too.
        kill(-process, SIGKILL)
        kill(process, SIGKILL)
        _ = try ProcessEnd(of: process, block: true)
        return DoctorOutput(text: String(decoding: bytes, as: UTF8.self), end: nil)
    }

    private static func drop(_ pipe: consuming Pipe) {}

    private static func readable(_ descriptor: Int32, _ milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&entry, 1, milliseconds) > 0
    }

    private static func now() -> Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
