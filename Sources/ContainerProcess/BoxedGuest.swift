internal import Glibc
package import GuestLaunch
package import LinuxSystem
internal import Sandbox

/// A guest process that shuts itself into its box, reports, and runs when it is told to.
package struct BoxedGuest: ~Copyable {
    /// Which PID namespace it is in.
    package enum PIDNamespace: Equatable, Sendable {
        /// Its starter's.
        case shared
        /// One of its own, whose first process it is.
        case own
        /// That of a file: `/proc/42/ns/pid`.
        case joined(path: String)
    }

    /// Standard input, output and error: descriptors of this process that the guest gets as 0, 1 and 2.
    package struct Streams: Equatable, Sendable {
        package var input: Int32
        package var output: Int32
        package var error: Int32

        package init(input: Int32, output: Int32, error: Int32) {
            self.input = input
            self.output = output
            self.error = error
        }
    }

    /// The process id, as this process sees it.
    package let process: Int32
    /// Our end of the socket on which the guest reports (`ControlMessage`).
    package let control: OwnedDescriptor

    /// The descriptor on which the guest finds its end of the socket.
    package static let inheritedControlDescriptor = LaunchPlan.inheritedDescriptor + 1

    /// Keeps the socket.
    package consuming func takeControl() -> OwnedDescriptor { control }

    /// Starts the process. `signals` are those that are blocked in this process for its own use.
    ///
    /// `plan.sandbox` must be there; its descriptor of the control socket is set here. With `controlGroup`, the open
    /// folder of a group of version 2, the process begins its life in that group.
    package init(
        starting plan: LaunchPlan, program: GuestProgram, streams: Streams, pidNamespace: PIDNamespace,
        controlGroup: Int32?, unblocking signals: [Int32]
    ) throws(ContainerError) {
        var plan = plan
        plan.sandbox?.controlDescriptor = Self.inheritedControlDescriptor
        plan.parentProcess = getpid()
        let planFile: OwnedDescriptor
        do throws(LaunchPlanError) { planFile = try plan.sealed() } catch {
            throw ContainerError(.plan(error), at: plan.moduleName)
        }
        let sockets = try ContainerError.wrapping(at: plan.moduleName) { () throws(SystemCallError) in
            try PacketPair()
        }
        // The guest reads its arguments from the plan; these are for people who look at processes.
        var child = ChildProcess(path: program.path, arguments: [GuestProgram.fileName] + plan.arguments)
        child.environment = ["SWIFT_BACKTRACE=enable=no"]
        child.unblockedSignals = signals
        // Not only that it pins no folder of ours: only so may numbers be given in any order.
        child.workingFolder = "/"
        child.descriptors = [streams.input, streams.output, streams.error, planFile.rawValue, sockets.theirs.rawValue]
            .enumerated().map { .init($0.element, as: Int32($0.offset)) }
        child.controlGroupDescriptor = controlGroup
        // An error is thrown when the pair is taken apart, not before: then optimised code (Swift 6.3) forgets to close
        // the end that would not have been taken.
        let started = Self.start(&child, in: pidNamespace)
        let ours = sockets.takeOurs()
        do throws(SystemCallError) { process = try started.get() } catch {
            throw ContainerError(.guestDidNotStart(error), at: program.path)
        }
        control = ours
    }

    private static func start(
        _ child: inout ChildProcess, in pidNamespace: PIDNamespace
    ) -> Result<Int32, SystemCallError> {
        Result { () throws(SystemCallError) in
            switch pidNamespace {
            case .shared: break
            case .own: child.newNamespaces = UInt64(Namespace.pid.flag)
            case .joined(let path):
                let namespace = try OwnedDescriptor(opening: path, flags: O_RDONLY)
                child.pidNamespace = namespace.rawValue
                return try child.start()
            }
            return try child.start()
        }
    }
}
