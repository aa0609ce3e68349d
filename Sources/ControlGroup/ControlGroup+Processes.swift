internal import Glibc
internal import LinuxSystem

extension ControlGroup {
    /// The processes in the group and in those below it, in ascending order.
    package func processes() throws(ControlGroupError) -> [Int32] {
        // Any tree will do; one that is always entered, and the one that freezes, first.
        let folders = ["freezer", "pids", "memory", "cpu"].compactMap { folder(of: $0) } + folders
        guard let folder = folders.first(where: isFolder) else { return [] }
        return try processes(below: folder).sorted()
    }

    /// Ends every process in the group and in those below it, frozen ones too (SIGKILL); does not wait for it.
    ///
    /// A process that enters meanwhile may be missed with version 1: call it again until `remove` succeeds.
    package func killAll() throws(ControlGroupError) {
        if host.version == .v2, let folder = folders.first {
            if try KernelFile(at: "\(folder)/cgroup.kill").write("1") { return }
        }
        // A signal that waits ends a frozen process in the moment it thaws, before it does anything.
        var killed = try kill(except: [])
        if try isFreezing() { try thaw() }
        // Children that were made meanwhile.
        for _ in 0..<8 {
            let more = try kill(except: killed)
            if more.isEmpty { return }
            killed.formUnion(more)
        }
    }

    /// Sends SIGKILL to all processes but those that have got it; which they were.
    private func kill(except killed: Set<Int32>) throws(ControlGroupError) -> Set<Int32> {
        let processes = try allProcesses().subtracting(killed)
        // One that has ended meanwhile is none to care about.
        for process in processes where process != getpid() { _ = Glibc.kill(process, SIGKILL) }
        return processes
    }

    /// The processes in any of the trees: one that is entering is in some of them only.
    func allProcesses() throws(ControlGroupError) -> Set<Int32> {
        var all: Set<Int32> = []
        for folder in folders where isFolder(folder) { all.formUnion(try processes(below: folder)) }
        return all
    }

    /// The processes of a folder and those in it.
    private func processes(below folder: String) throws(ControlGroupError) -> Set<Int32> {
        var processes: Set<Int32> = []
        var waiting = [folder]
        while let folder = waiting.popLast() {
            let text = try KernelFile(at: "\(folder)/cgroup.procs").text() ?? ""
            // 0 is a process of another PID namespace: nothing that we could name.
            for line in text.split(separator: "\n") {
                if let process = Int32(line), process > 0 { processes.insert(process) }
            }
            waiting += try subfolders(of: folder)
        }
        return processes
    }

    /// The folders in a folder; none where it is not there.
    func subfolders(of folder: String) throws(ControlGroupError) -> [String] {
        do throws(SystemCallError) {
            let open = try OwnedDescriptor(opening: folder, flags: O_RDONLY | O_DIRECTORY)
            var found: [String] = []
            for name in try open.entryNames(of: folder).map(\.text) {
                if try open.status(ofEntry: name)?.kind == .folder { found.append("\(folder)/\(name)") }
            }
            return found
        } catch {
            if [ENOENT, ENODEV].contains(error.code) { return [] }
            throw ControlGroupError(.system(error), at: folder)
        }
    }
}
