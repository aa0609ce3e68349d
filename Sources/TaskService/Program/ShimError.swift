package import ContainerProcess
package import LinuxSystem
package import OCIBundle
package import TTRPC

/// Why the shim program could not do what containerd called it for.
package struct ShimError: Error, CustomStringConvertible {
    package enum Problem: Sendable {
        case missing(flag: String)
        case noAction
        case bundle(BundleError)
        case program(ContainerError)
        case socket(TTRPCError)
        /// What the server's process said before it could serve.
        case notServing(String)
        case system(SystemCallError)
        case selfTest(String)
    }

    package let problem: Problem

    package init(_ problem: Problem) { self.problem = problem }

    package var description: String {
        switch problem {
        case .missing(let flag): "-\(flag) must be given; this program is started by containerd, not by hand"
        case .noAction: "neither start, delete nor -info; this program is started by containerd, not by hand"
        case .bundle(let error): error.description
        case .program(let error): error.description
        case .socket(let error): error.description
        case .notServing(let reason): reason
        case .system(let error): "cannot \(error)"
        case .selfTest(let reason): reason
        }
    }

    /// Does what only the kernel can refuse.
    static func wrapping<Result: ~Copyable>(
        _ body: () throws(SystemCallError) -> Result
    ) throws(ShimError) -> Result {
        do throws(SystemCallError) { return try body() } catch { throw ShimError(.system(error)) }
    }
}
