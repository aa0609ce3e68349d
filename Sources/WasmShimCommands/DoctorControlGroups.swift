internal import ControlGroup

/// What the control groups can do.
struct DoctorControlGroups {
    let version: HostControlGroups.Version
    let controllers: [String]

    /// What there is to say of the running machine.
    static func findings() -> [DoctorFinding] {
        do throws(ControlGroupError) {
            let host = try HostControlGroups()
            return DoctorControlGroups(version: host.version, controllers: try host.availableControllers()).findings
        } catch {
            return [DoctorFinding(.problem, "control groups", error.description)]
        }
    }

    /// What there is to say of them.
    var findings: [DoctorFinding] {
        let name = version == .v2 ? "2" : "1"
        // Version 2 freezes without a controller.
        let needed = ["cpu", "memory", "pids"] + (version == .v1 ? ["freezer", "cpuacct"] : [])
        let missing = needed.filter { !controllers.contains($0) }
        let what = "control groups of version \(name)"
        if missing.isEmpty {
            return [DoctorFinding(.ok, "\(what): \(controllers.sorted().joined(separator: ", "))")]
        }
        return [
            DoctorFinding(
                .warning, "\(what) without \(missing.joined(separator: ", "))",
                "limits and figures of these are not to be had; enable the controllers (kernel command line, systemd)")
        ]
    }
}
