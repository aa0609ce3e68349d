internal import CLinux
internal import Glibc
package import GuestLaunch
package import LinuxSystem

/// A guest that is about to run: its plan, with every descriptor in it open in this process, and its program.
package struct Container: Sendable {
    private let program: GuestProgram
    private let plan: LaunchPlan

    /// Takes over the descriptors that `plan` names: they are closed with this process.
    package init(of plan: LaunchPlan, program: GuestProgram) {
        self.plan = plan
        self.program = program
    }

    /// Puts the guest in this process's place, so that signals, terminal and exit code are the guest's own; returns
    /// only by failing. For a guest after which nothing has to be tidied up.
    package func replaceThisProcess() throws(ContainerError) -> Never {
        let child = try childProcess(parent: 0, lifeline: nil)
        do throws(SystemCallError) {
            try child.replaceThisProcess()
        } catch {
            throw ContainerError(.guestDidNotStart(error), at: program.path)
        }
    }

    /// Runs the guest in a child process, passes on the signals that come for it, and waits for its end.
    ///
    /// `lifeline` stays open in the guest, so that who holds its other end sees when the guest is gone as well.
    package func run(lifeline: borrowing OwnedDescriptor) throws(ContainerError) -> ProcessEnd {
        var child = try childProcess(parent: getpid(), lifeline: lifeline.rawValue)
        let signals = try ContainerError.wrapping(at: plan.moduleName) { () throws(SystemCallError) in
            // Whoever started us may ignore it; then the kernel would not keep the exit code for us.
            try systemCall("receive the end of child processes") { CLinux_restore_default(SIGCHLD) }
            return try HeldSignals(Self.passedOn + [SIGCHLD])
        }
        child.unblockedSignals = signals.numbers
        let guest: Int32
        do throws(SystemCallError) {
            guest = try child.start()
        } catch {
            throw ContainerError(.guestDidNotStart(error), at: program.path)
        }
        return try ContainerError.wrapping(at: plan.moduleName) { () throws(SystemCallError) in
            try Self.waitForEnd(of: guest, passingOn: signals)
        }
    }

    /// The signals with which people and service managers talk to a program.
    private static let passedOn = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2]

    /// Waits, and sends the guest what is sent to us. What a terminal's key sends, the kernel has sent to the whole
    /// foreground group, the guest included: that is not sent twice.
    private static func waitForEnd(
        of guest: Int32, passingOn signals: HeldSignals
    ) throws(SystemCallError) -> ProcessEnd {
        while true {
            let received = try signals.next()
            if received.number == SIGCHLD {
                if let end = try ProcessEnd(of: guest, block: false) { return end }
            } else if !received.isFromKernel {
                kill(guest, received.number)
            }
        }
    }

    /// Writes the plan, and says how the guest's process begins: with the plan on its descriptor, and with what the
    /// plan names. Nothing else survives, also nothing that our own starter left open.
    private func childProcess(parent: Int32, lifeline: Int32?) throws(ContainerError) -> ChildProcess {
        var plan = plan
        plan.parentProcess = parent
        let lifeline = try ContainerError.wrapping(at: plan.moduleName) { () throws(SystemCallError) in
            try OwnedDescriptor.closeAllOnExec()
            // The plan's own number must be free for it.
            plan.moduleDescriptor = try Self.movedOffPlan(plan.moduleDescriptor)
            for index in plan.preopens.indices {
                plan.preopens[index].descriptor = try Self.movedOffPlan(plan.preopens[index].descriptor)
            }
            for index in plan.preloads.indices {
                plan.preloads[index].descriptor = try Self.movedOffPlan(plan.preloads[index].descriptor)
            }
            if plan.profileDescriptor >= 0 { plan.profileDescriptor = try Self.movedOffPlan(plan.profileDescriptor) }
            return try lifeline.map { number throws(SystemCallError) in try Self.movedOffPlan(number) }
        }
        let planDescriptor: Int32
        do throws(LaunchPlanError) {
            planDescriptor = try plan.sealed().release()
        } catch {
            throw ContainerError(.plan(error), at: plan.moduleName)
        }
        var child = ChildProcess(path: program.path, arguments: [GuestProgram.fileName])
        // Signals end a guest at once: no crash reporter of the Swift runtime comes between.
        child.environment = ["SWIFT_BACKTRACE=enable=no"]
        child.descriptors = [.init(planDescriptor, as: LaunchPlan.inheritedDescriptor), .init(plan.moduleDescriptor)]
        child.descriptors += plan.preopens.map { .init($0.descriptor) }
        child.descriptors += plan.preloads.map { .init($0.descriptor) }
        if plan.profileDescriptor >= 0 { child.descriptors.append(.init(plan.profileDescriptor)) }
        if let lifeline { child.descriptors.append(.init(lifeline)) }
        return child
    }

    /// The same open file under a number above the plan's.
    private static func movedOffPlan(_ number: Int32) throws(SystemCallError) -> Int32 {
        guard number <= LaunchPlan.inheritedDescriptor else { return number }
        return try systemCall("duplicate descriptor \(number)") {
            CLinux_fcntl(number, F_DUPFD_CLOEXEC, LaunchPlan.inheritedDescriptor + 1)
        }
    }
}
