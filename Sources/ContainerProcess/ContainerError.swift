package import GuestLaunch
package import LinuxSystem
package import OCIBundle
package import OCISpec

/// Why a guest could not be started or waited for.
package struct ContainerError: Error, Equatable, CustomStringConvertible {
    /// What was wrong.
    package enum Problem: Equatable, Sendable {
        /// The guest program is in none of the places where it should be.
        case noGuestProgram(lookedAt: [String])
        /// The guest program is there and does not start.
        case guestDidNotStart(SystemCallError)
        /// The plan cannot be written.
        case plan(LaunchPlanError)
        /// The bundle cannot be run.
        case bundle(BundleError)
        /// The module is in none of the places where it may be.
        case noModule(lookedAt: [String])
        /// The file is there and is no module.
        case notAModule(ModuleKind)
        /// The file is a folder, a pipe or a device.
        case notARegularFile
        /// A folder that the guest shall have is not there.
        case noFolder
        /// The working folder is in no folder that the guest has.
        case workingFolderOutside
        /// Something else that the kernel refused.
        case system(SystemCallError)
    }

    package let problem: Problem

    /// Where: a path, or the target as the user named it.
    package let place: String

    package init(_ problem: Problem, at place: String) {
        self.problem = problem
        self.place = place
    }

    /// Does what only the kernel can refuse.
    package static func wrapping<Result: ~Copyable>(
        at place: String, _ body: () throws(SystemCallError) -> Result
    ) throws(ContainerError) -> Result {
        do throws(SystemCallError) { return try body() } catch { throw ContainerError(.system(error), at: place) }
    }

    package var description: String {
        if case .bundle(let error) = problem { return error.description }
        return "\(place): \(explanation)"
    }

    private var explanation: String {
        switch problem {
        case .noGuestProgram(let places):
            "not there; looked at \(places.joined(separator: " and ")): install it again, or name it in "
                + GuestProgram.override
        case .guestDidNotStart(let error): "\(error.reason); install it again for this machine"
        case .plan(let error): "launch plan: \(error)"
        case .bundle(let error): error.description
        case .noModule(let places):
            places.count < 2
                ? "no such file; check the path"
                : "no such file; looked at \(places.joined(separator: ", ")): name it with --entrypoint"
        case .notAModule(let kind): kind.explanation
        case .notARegularFile: "not a file; name a WebAssembly module"
        case .noFolder: "no such folder; make it first"
        case .workingFolderOutside: "in no folder that the guest has; give one that holds it with --dir"
        case .system(let error): "cannot \(error)"
        }
    }

    /// Who has to act.
    package var failureKind: FailureKind {
        switch problem {
        case .noGuestProgram, .guestDidNotStart, .plan, .workingFolderOutside, .system: .failed
        case .bundle(let error): error.failureKind
        case .notAModule, .notARegularFile: .notRunnable
        case .noModule, .noFolder: .notFound
        }
    }
}
