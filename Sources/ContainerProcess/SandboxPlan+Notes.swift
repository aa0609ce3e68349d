internal import OCISpec
internal import Sandbox

extension SandboxPlan {
    /// What a configuration asks for and does not get.
    package struct Notes: Equatable, Sendable {
        /// What a wasm program has no use for: file systems of the kernel's, for instance.
        package var unused: [String] = []
        /// What would confine the process further, and does not.
        package var unenforced: [String] = []

        package init() {}

        mutating func add(unenforcedOf spec: RuntimeSpec) {
            let linux = spec.linux
            let asked: [(String, Bool)] = [
                ("linux.seccomp", linux?.seccomp != nil),
                ("linux.personality", linux?.personality != nil),
                ("process.apparmorProfile", !(spec.process?.apparmorProfile ?? "").isEmpty),
                ("process.selinuxLabel", !(spec.process?.selinuxLabel ?? "").isEmpty),
                ("hooks.createContainer", !(spec.hooks?.createContainer ?? []).isEmpty),
                ("hooks.startContainer", !(spec.hooks?.startContainer ?? []).isEmpty),
            ]
            unenforced += asked.filter(\.1).map(\.0)
            if !(linux?.devices ?? []).isEmpty { unused.append("linux.devices") }
        }
    }
}
