package import GuestLaunch
package import LinuxSystem

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
        /// Something else that the kernel refused.
        case system(SystemCallError)
    }

    package let problem: Problem

    package init(_ problem: Problem) { self.problem = problem }

    /// Does what only the kernel can refuse.
    package static func wrapping<Result>(
        _ body: () throws(SystemCallError) -> Result
    ) throws(ContainerError) -> Result {
        do throws(SystemCallError) { return try body() } catch { throw ContainerError(.system(error)) }
    }

    package var description: String {
        switch problem {
        case .noGuestProgram(let places):
            "\(GuestProgram.fileName) is not there: looked at \(places.joined(separator: " and ")); "
                + "install it again, or name it in \(GuestProgram.override)"
        case .guestDidNotStart(let error):
            "\(error); install \(GuestProgram.fileName) again for this machine"
        case .plan(let error): error.description
        case .system(let error): "\(error); the machine may be short of memory, processes or descriptors"
        }
    }
}
