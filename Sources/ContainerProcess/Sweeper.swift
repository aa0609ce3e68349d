internal import CLinux
internal import Glibc
package import LinuxSystem

/// A process that removes a temporary folder when its owner was killed before it could.
///
/// It is our own program, started again under another name before the folder exists. It leads a session of its own and
/// ignores every signal, so what ends its owner (a terminal's Ctrl-C, `kill -9` of the whole group) does not end it.
/// It holds the read end of a pipe whose write end only the owner and the guest have: the pipe's end means that both are
/// gone.
package struct Sweeper: ~Copyable {
    /// argv[0] by which our program knows that it is to be the sweeper.
    package static let programName = "wasm-sweeper"

    /// Kept open by those who use the folder.
    package let lifeline: OwnedDescriptor

    private let process: Int32

    /// Starts the sweeper for a folder that may not exist yet.
    package init(watching folder: String) throws(ContainerError) {
        let (process, lifeline) = try ContainerError.wrapping(at: folder) { () throws(SystemCallError) in
            let pipe = try Pipe()
            try OwnedDescriptor.closeAllOnExec()
            var child = ChildProcess(path: "/proc/self/exe", arguments: [Self.programName, folder])
            child.descriptors = [.init(pipe.readEnd.rawValue, as: Self.inheritedDescriptor)]
            child.leadsOwnSession = true
            return (try child.start(), try pipe.writeEnd.duplicate(from: Self.inheritedDescriptor + 1).release())
        }
        self.process = process
        self.lifeline = OwnedDescriptor(owning: lifeline)
    }

    /// Sends the sweeper away, once its folder is gone, and leaves no zombie of it.
    package borrowing func dismiss() {
        kill(process, SIGKILL)
        _ = try? ProcessEnd(of: process, block: true)
    }

    /// The descriptor on which the sweeper finds its end of the pipe.
    private static let inheritedDescriptor: Int32 = 3

    /// What the sweeper process does, where this process was started as one: waits for the end of the folder's users,
    /// removes the folder if it is still there, and ends. Returns at once in every other process.
    package static func runIfChosen(arguments: [String]) {
        guard arguments.count == 2, arguments[0] == programName else { return }
        let folder = arguments[1]
        // Only ever a folder of ours, whoever borrowed the name.
        let name = folder.split(separator: "/").last ?? ""
        guard TemporaryFolder.isName(name) else { exit(125) }
        CLinux_ignore_all_signals()
        leaveStandardStreams()
        TemporaryFolder.removeAbandoned(in: String(folder.dropLast(name.count + 1)))
        waitForEnd(of: OwnedDescriptor(owning: inheritedDescriptor))
        // A guest that lost its owner is being killed; until it is gone it can make new files.
        for _ in 0..<100 {
            do throws(SystemCallError) {
                try removeFolder(at: TemporaryFolder.unfinishedPath(of: folder))
                try removeFolder(at: folder)
                exit(0)
            } catch {
                usleep(20_000)
            }
        }
        exit(125)
    }

    /// Lets go of pipes and terminals that others wait for the end of.
    private static func leaveStandardStreams() {
        for number: Int32 in 0...2 { close(number) }
        for _ in 0...2 { _ = unsafe CLinux_open("/dev/null", O_RDWR, 0) }
    }

    /// Waits until nobody has the other end of the pipe; what is written to it does not count.
    private static func waitForEnd(of pipe: consuming OwnedDescriptor) {
        _ = try? pipe.readAll(limit: .max - 1, name: "lifeline")
    }
}
