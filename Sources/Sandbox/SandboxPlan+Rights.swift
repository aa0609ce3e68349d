internal import CLinux
internal import Glibc
internal import LinuxSystem

/// Giving rights up, for good.
extension SandboxPlan {
    /// Takes the user, the groups and the capabilities that the plan says, and never more again. `parent` is the process
    /// whose end ends this one, 0 for none: a change of user makes the kernel forget about it.
    package func dropRights(parent: Int32) throws(SandboxError) {
        try SandboxError.wrapping(at: "rights") { () throws(SystemCallError) in
            var held = CLinux_capabilities()
            try systemCall("look at the capabilities") { unsafe CLinux_get_capabilities(&held) }
            let capabilities = capabilities.withoutDevices
            try systemCall("bound the capabilities") { CLinux_bound_capabilities(capabilities.bounding) }
            // SAFETY: the kernel reads as many groups as the array has.
            try systemCall("take \(furtherGroups.count) further groups") {
                unsafe furtherGroups.withUnsafeBufferPointer { unsafe CLinux_set_groups($0.baseAddress, $0.count) }
            }
            try systemCall("take group \(group)") { CLinux_set_group(group) }
            try systemCall("take user \(user)") { CLinux_set_user(user) }
            // What this process was not given it cannot give on: a shim in a container of its own has less.
            let inheritable = capabilities.inheritable & (held.inheritable | held.permitted)
            let ambient = capabilities.ambient & capabilities.permitted & held.permitted & inheritable
            // A program that an OCI runtime executes as a user other than root keeps its ambient capabilities alone:
            // execve(2) takes the others away. This process executes nothing, so it does that itself.
            let permitted = user == 0 ? capabilities.permitted & held.permitted : ambient
            var taken = CLinux_capabilities(
                effective: user == 0 ? capabilities.effective & permitted : permitted, permitted: permitted,
                inheritable: inheritable)
            try systemCall("take capabilities") { unsafe CLinux_set_capabilities(&taken) }
            try systemCall("take ambient capabilities") { CLinux_set_ambient_capabilities(ambient) }
            if forbidsNewPrivileges {
                try systemCall("forbid new privileges") { CLinux_forbid_new_privileges() }
            }
            try systemCall("keep others from tracing this process") { CLinux_forbid_tracing() }
            if parent != 0 { try systemCall("end with the shim") { CLinux_set_parent_death_signal(SIGKILL) } }
        }
        _ = Glibc.umask(mode_t(umask))
    }
}
