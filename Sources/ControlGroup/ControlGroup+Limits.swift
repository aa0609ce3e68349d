internal import Glibc
package import OCISpec

extension ControlGroup {
    /// Sets the limits, those alone that are asked for.
    ///
    /// Some limits of one kind forbid each other while they are changed (memory may not exceed memory and swap together,
    /// in any moment). What the kernel calls invalid is tried again after the rest, so no order is to be known.
    package func apply(_ resources: LinuxResources) throws(ControlGroupError) {
        var waiting =
            switch host.version {
            case .v1: try SettingsV1(resources).settings
            case .v2: try SettingsV2(resources).settings
            }
        if waiting.contains(where: { $0.controller == "cpuset" && !$0.isOptional }) { try enterProcessorSet() }
        while !waiting.isEmpty {
            var putOff: [Setting] = []
            var failure: ControlGroupError?
            for setting in waiting {
                do throws(ControlGroupError) {
                    try apply(setting)
                } catch {
                    guard case .refused(_, EINVAL) = error.problem else { throw error }
                    putOff.append(setting)
                    failure = failure ?? error
                }
            }
            if let failure, putOff.count == waiting.count { throw failure }
            waiting = putOff
        }
    }

    private func apply(_ setting: Setting) throws(ControlGroupError) {
        let asked = "linux.resources.\(setting.asked)"
        guard let folder = folder(of: setting.controller) else {
            if setting.isOptional { return }
            throw ControlGroupError(.noController(setting.controller, for: asked), at: path)
        }
        for choice in setting.choices {
            let file = KernelFile(at: "\(folder)/\(choice.file)")
            if try file.write(value(of: choice, in: file)) { return }
        }
        if setting.isOptional { return }
        if host.version == .v2 && setting.controller != "cgroup" {
            let there = try KernelFile(at: "\(folder)/cgroup.controllers").text() ?? ""
            if !there.split(whereSeparator: \.isWhitespace).contains(Substring(setting.controller)) {
                throw ControlGroupError(.noController(setting.controller, for: asked), at: folder)
            }
        }
        let name = setting.choices.map(\.file).joined(separator: ", ")
        throw ControlGroupError(.noFile(for: asked), at: "\(folder)/\(name)")
    }

    /// What is to be written, with the present quota where a period alone is asked for.
    private func value(of choice: Setting.Choice, in file: KernelFile) throws(ControlGroupError) -> String {
        let words = choice.value.split(separator: " ")
        guard choice.file == "cpu.max", words.first == Substring(SettingsV2.sameQuota), words.count == 2 else {
            return choice.value
        }
        let present = try file.text()?.prefix { !$0.isWhitespace } ?? ""
        return "\(present.isEmpty ? "max" : present) \(words[1])"
    }

    /// Version 1: makes the group in the tree of processor sets, which is otherwise left out because no process enters a
    /// set without processors, and takes along the processes that the group has already.
    private func enterProcessorSet() throws(ControlGroupError) {
        guard host.version == .v1,
            let hierarchy = host.hierarchies.first(where: { $0.controllers.contains("cpuset") }),
            try makeFolder(in: hierarchy)
        else { return }
        let file = KernelFile(at: "\(hierarchy.folder)\(path)/cgroup.procs")
        for process in try processes() {
            do throws(ControlGroupError) {
                _ = try file.write("\(process)")
            } catch {
                // It has ended.
                if case .refused(_, ESRCH) = error.problem { continue }
                throw error
            }
        }
    }
}
