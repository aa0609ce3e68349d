internal import Glibc
internal import LinuxSystem

extension Tool {
    /// `ps`: the processes of the PID namespace: number, user, processor time, program.
    ///
    /// The box has no `/proc`. This tool is given one that is mounted nowhere, so no other process sees it.
    static func ps(_ call: Call) -> Int32 {
        guard let descriptor = call.processFiles else { return 1 }
        let files = OwnedDescriptor(owning: descriptor)
        call.output.line("    PID  USER     TIME COMMAND")
        do throws(SystemCallError) {
            let processes = try files.entryNames(of: "/proc").compactMap { Int32($0.text) }.sorted()
            for process in processes {
                // One that has ended meanwhile is not listed.
                guard let line = try? self.line(of: process, in: files) else { continue }
                call.output.line(line)
            }
        } catch {
            call.complain("\(error)")
            return 1
        }
        return 0
    }

    private static func line(
        of process: Int32, in files: borrowing OwnedDescriptor
    ) throws(SystemCallError) -> String? {
        let statistics = try read("\(process)/stat", in: files)
        // The name stands in parentheses, and may have some in it.
        guard let open = statistics.firstIndex(of: "("), let close = statistics.lastIndex(of: ")") else { return nil }
        let fields = statistics[statistics.index(after: close)...].split(separator: " ")
        // proc_pid_stat(5): fields 14 and 15, the first here being field 3.
        guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else { return nil }
        let seconds = (user + system) / max(1, sysconf(Int32(_SC_CLK_TCK)))
        let owner = try owner(of: process, in: files)
        let arguments = try read("\(process)/cmdline", in: files).split(separator: "\0").joined(separator: " ")
        let name = statistics[statistics.index(after: open)..<close]
        let time = "\(seconds / 60):\("\(seconds % 60)".leftPadded(to: 2, with: "0"))"
        // Guests have the program that runs them for an argument vector; their name says more.
        let program = arguments.isEmpty || arguments == "wasm-shim-guest" ? String(name) : arguments
        return "\("\(process)".leftPadded(to: 7)) \("\(owner)".leftPadded(to: 5)) \(time.leftPadded(to: 8)) \(program)"
    }

    /// By its status, since the files of a process that may not be traced belong to root.
    private static func owner(
        of process: Int32, in files: borrowing OwnedDescriptor
    ) throws(SystemCallError) -> Substring {
        let lines = try read("\(process)/status", in: files).split(separator: "\n")
        let users = lines.first { $0.hasPrefix("Uid:") }?.split(whereSeparator: { $0 == "\t" || $0 == " " })
        return users.flatMap { $0.count > 2 ? $0[2] : nil } ?? "?"
    }

    private static func read(
        _ path: String, in files: borrowing OwnedDescriptor
    ) throws(SystemCallError) -> String {
        let file = try OwnedDescriptor(opening: path, beneath: files, flags: O_RDONLY)
        return String(decoding: try file.readPiece(upTo: 4096, name: path), as: UTF8.self)
    }
}
