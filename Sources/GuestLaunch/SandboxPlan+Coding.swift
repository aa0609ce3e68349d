internal import Sandbox

/// The box in a plan's bytes: its fields in the order of their declaration. A value that may be absent has a flag before
/// it, a choice a number.
extension PlanWriter {
    mutating func write(_ plan: SandboxPlan) throws(LaunchPlanError) {
        write(plan.controlDescriptor)
        try write(plan.controlGroupFiles)
        write(plan.oomScoreAdjustment != nil)
        if let adjustment = plan.oomScoreAdjustment { write(adjustment) }
        write(plan.hasTerminal)
        try write(plan.joins) { (writer, join) throws(LaunchPlanError) in
            writer.write(join.kind)
            try writer.write(join.path)
        }
        write(plan.newNamespaces)
        try write(plan.hostname)
        try write(plan.domainname)
        try write(plan.settings) { (writer, setting) throws(LaunchPlanError) in
            try writer.write(setting.path)
            try writer.write(setting.value)
        }
        switch plan.root {
        case .joined: write(false)
        case .assembled(let root):
            write(true)
            try write(root)
        }
        try write(plan.workingFolder)
        switch plan.program {
        case .pause: write(false)
        case .module(let candidates, let allowsTools):
            write(true)
            try write(candidates)
            write(allowsTools)
        }
        try write(plan.limits) { (writer, limit) throws(LaunchPlanError) in
            writer.write(limit.resource)
            writer.write(limit.soft)
            writer.write(limit.hard)
        }
        write(plan.umask)
        write(plan.user)
        write(plan.group)
        try write(plan.furtherGroups) { (writer, group) throws(LaunchPlanError) in writer.write(group) }
        let sets = plan.capabilities
        for set in [sets.bounding, sets.effective, sets.inheritable, sets.permitted, sets.ambient] { write(set) }
        write(plan.forbidsNewPrivileges)
    }

    private mutating func write(_ root: SandboxRoot) throws(LaunchPlanError) {
        try write(root.path)
        for mounts in [root.layers, root.mounts] {
            try write(mounts) { (writer, mount) throws(LaunchPlanError) in
                try writer.write(mount.type)
                try writer.write(mount.source)
                try writer.write(mount.destination)
                writer.write(mount.flags)
                try writer.write(mount.data)
                writer.write(mount.isRecursive)
            }
        }
        try write(root.masked)
        try write(root.readOnlyPaths)
        write(root.isReadOnly)
        write(root.hasDevices)
    }
}

extension PlanReader {
    mutating func sandbox() throws(LaunchPlanError) -> SandboxPlan {
        var plan = SandboxPlan(controlDescriptor: try descriptor(), root: .joined, program: .pause)
        plan.controlGroupFiles = try strings()
        plan.oomScoreAdjustment = try optional { (reader) throws(LaunchPlanError) in
            Int32(bitPattern: try reader.unsigned())
        }
        plan.hasTerminal = try flag()
        plan.joins = try list(ofAtLeast: 8) { (reader) throws(LaunchPlanError) in
            .init(kind: try reader.unsigned(), path: try reader.string())
        }
        plan.newNamespaces = try unsigned()
        plan.hostname = try optional { (reader) throws(LaunchPlanError) in try reader.string() }
        plan.domainname = try optional { (reader) throws(LaunchPlanError) in try reader.string() }
        plan.settings = try list(ofAtLeast: 8) { (reader) throws(LaunchPlanError) in
            .init(path: try reader.string(), value: try reader.string())
        }
        if try flag() { plan.root = .assembled(try root()) }
        plan.workingFolder = try string()
        if try flag() { plan.program = .module(candidates: try strings(), allowsTools: try flag()) }
        plan.limits = try list(ofAtLeast: 20) { (reader) throws(LaunchPlanError) in
            .init(resource: try reader.unsigned(), soft: try reader.unsigned64(), hard: try reader.unsigned64())
        }
        plan.umask = try unsigned()
        plan.user = try unsigned()
        plan.group = try unsigned()
        plan.furtherGroups = try list(ofAtLeast: 4) { (reader) throws(LaunchPlanError) in try reader.unsigned() }
        plan.capabilities.bounding = try unsigned64()
        plan.capabilities.effective = try unsigned64()
        plan.capabilities.inheritable = try unsigned64()
        plan.capabilities.permitted = try unsigned64()
        plan.capabilities.ambient = try unsigned64()
        plan.forbidsNewPrivileges = try flag()
        return plan
    }

    private mutating func root() throws(LaunchPlanError) -> SandboxRoot {
        var root = SandboxRoot(path: try string())
        root.layers = try mounts()
        root.mounts = try mounts()
        root.masked = try strings()
        root.readOnlyPaths = try strings()
        root.isReadOnly = try flag()
        root.hasDevices = try flag()
        return root
    }

    private mutating func mounts() throws(LaunchPlanError) -> [SandboxRoot.Mount] {
        // Four strings, flags in eight bytes, and one byte.
        try list(ofAtLeast: 25) { (reader) throws(LaunchPlanError) in
            .init(
                type: try reader.string(), source: try reader.string(), destination: try reader.string(),
                flags: try reader.unsigned64(), data: try reader.string(), isRecursive: try reader.flag())
        }
    }
}
