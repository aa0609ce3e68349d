extension ControlGroup {
    /// Asks the kernel to stop every process of the group where it is; `isFrozen` says when that is done.
    package func freeze() throws(ControlGroupError) { try request(v1: "FROZEN", v2: "1") }

    /// Lets the processes go on.
    package func thaw() throws(ControlGroupError) { try request(v1: "THAWED", v2: "0") }

    /// Whether every process of the group has stopped; `false` also while that is under way.
    package func isFrozen() throws(ControlGroupError) -> Bool {
        switch host.version {
        case .v1: try freezerState() == "FROZEN"
        case .v2: try file("cgroup.events", of: "freezer")?.figures()["frozen"] == 1
        }
    }

    /// Whether the kernel has been asked to freeze the group, done or not.
    func isFreezing() throws(ControlGroupError) -> Bool {
        switch host.version {
        case .v1: try ["FROZEN", "FREEZING"].contains(freezerState())
        case .v2: try file("cgroup.freeze", of: "freezer")?.number() == 1
        }
    }

    private func freezerState() throws(ControlGroupError) -> Substring {
        try file("freezer.state", of: "freezer")?.text()?.prefix { !$0.isWhitespace } ?? ""
    }

    private func request(v1: String, v2: String) throws(ControlGroupError) {
        let isFirst = host.version == .v1
        guard let file = file(isFirst ? "freezer.state" : "cgroup.freeze", of: "freezer") else {
            throw ControlGroupError(.noController("freezer", for: "pausing"), at: path)
        }
        guard try file.write(isFirst ? v1 : v2) else { throw ControlGroupError(.noFile(for: "pausing"), at: file.path) }
    }
}
