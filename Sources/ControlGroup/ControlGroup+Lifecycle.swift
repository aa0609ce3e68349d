internal import Glibc
internal import LinuxSystem

extension ControlGroup {
    /// Makes the group, and the groups that it lies in.
    ///
    /// What a container of the same name left behind is replaced, so that none of its limits stay; where processes are
    /// still in it, that is an error. A failure leaves nothing of the group, only groups above it.
    package func create() throws(ControlGroupError) {
        if folders.contains(where: isFolder) {
            let count = try allProcesses().count
            if count > 0 { throw ControlGroupError(.inUse(processes: count), at: path) }
            _ = try remove()
        }
        do throws(ControlGroupError) {
            for hierarchy in entered { try makeFolder(in: hierarchy) }
        } catch {
            _ = try? remove()
            throw error
        }
    }

    /// Makes the group where it is missing: one that several processes of the host share. Whatever is in it stays.
    package func createShared() throws(ControlGroupError) {
        for hierarchy in entered { try makeFolder(in: hierarchy) }
    }

    /// Removes the group and those below it; whether it is gone. `false` where it is still busy: try again a little
    /// later, when its processes have ended.
    package func remove() throws(ControlGroupError) -> Bool {
        var isGone = true
        for folder in folders where try !removeTree(at: folder, depth: 0) { isGone = false }
        return isGone
    }

    /// Makes the group in one tree; `false` where it was there.
    @discardableResult
    func makeFolder(in hierarchy: HostControlGroups.Hierarchy) throws(ControlGroupError) -> Bool {
        var folder = hierarchy.folder
        var isNew = true
        for component in path.split(separator: "/") {
            if host.version == .v2 { try enableControllers(below: folder) }
            let parent = folder
            folder += "/\(component)"
            do throws(SystemCallError) {
                try LinuxSystem.makeFolder(at: folder, mode: 0o755)
                isNew = true
            } catch {
                guard error.code == EEXIST else { throw ControlGroupError(.system(error), at: folder) }
                isNew = false
            }
            if hierarchy.controllers.contains("cpuset") { try inheritProcessors(from: parent, to: folder) }
        }
        return isNew
    }

    /// Gives the groups in a folder the controllers that the folder has itself.
    ///
    /// What cannot be given is missed later, by a limit that needs it.
    private func enableControllers(below folder: String) throws(ControlGroupError) {
        let control = KernelFile(at: "\(folder)/cgroup.subtree_control")
        let wanted: Set<Substring> = ["cpu", "cpuset", "io", "memory", "pids"]
        let there = try KernelFile(at: "\(folder)/cgroup.controllers").text() ?? ""
        let given = try control.text() ?? ""
        let missing = wanted.intersection(there.split(whereSeparator: \.isWhitespace))
            .subtracting(given.split(whereSeparator: \.isWhitespace)).sorted()
        guard !missing.isEmpty else { return }
        let all = missing.map { "+\($0)" }.joined(separator: " ")
        if (try? control.write(all)) == true { return }
        for controller in missing { _ = try? control.write("+\(controller)") }
    }

    /// A new group of version 1 has no processors and no memory nodes, and takes no process until it has both.
    private func inheritProcessors(from parent: String, to folder: String) throws(ControlGroupError) {
        for name in ["cpuset.cpus", "cpuset.mems"] {
            let file = KernelFile(at: "\(folder)/\(name)")
            guard let own = try file.text(), own.allSatisfy(\.isWhitespace),
                let theirs = try KernelFile(at: "\(parent)/\(name)").text()
            else { continue }
            let value = String(theirs.prefix { !$0.isWhitespace })
            if !value.isEmpty { _ = try file.write(value) }
        }
    }

    /// Removes a folder of groups; whether it is gone.
    private func removeTree(at folder: String, depth: Int) throws(ControlGroupError) -> Bool {
        if try removeFolder(folder) { return true }
        // A process, or a group below.
        guard depth < 64 else { return false }
        for below in try subfolders(of: folder) where try !removeTree(at: below, depth: depth + 1) { return false }
        return try removeFolder(folder)
    }

    /// Removes one folder; `false` where it is not empty.
    private func removeFolder(_ folder: String) throws(ControlGroupError) -> Bool {
        do throws(SystemCallError) {
            try systemCall("remove \"\(folder)\"") { unsafe rmdir(folder) }
            return true
        } catch {
            switch error.code {
            case ENOENT, ENODEV: return true
            case EBUSY, ENOTEMPTY: return false
            default: throw ControlGroupError(.system(error), at: folder)
            }
        }
    }
}
