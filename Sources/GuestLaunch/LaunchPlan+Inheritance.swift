package import LinuxSystem

/// How the plan gets from the starter to the guest.
extension LaunchPlan {
    /// The descriptor on which the guest program finds its plan, from offset 0 to its end.
    package static let inheritedDescriptor: Int32 = 3

    /// The plan in a sealed file in memory, to be inherited.
    package func sealed() throws(LaunchPlanError) -> OwnedDescriptor {
        let bytes = try encoded()
        do throws(SystemCallError) {
            return try OwnedDescriptor.sealed(bytes, name: "wasm-shim plan")
        } catch {
            throw LaunchPlanError(.system(error.description), at: 0)
        }
    }

    /// Reads the plan that this process was started with, and closes its descriptor.
    package static func inherited() throws(LaunchPlanError) -> LaunchPlan {
        let descriptor = OwnedDescriptor(owning: inheritedDescriptor)
        let bytes: [UInt8]?
        do throws(SystemCallError) {
            bytes = try descriptor.readAll(limit: sizeLimit, name: "launch plan")
        } catch {
            throw LaunchPlanError(.system(error.reason), at: 0)
        }
        guard let bytes else { throw LaunchPlanError(.tooLong(limit: sizeLimit), at: sizeLimit) }
        return try LaunchPlan(decoding: bytes)
    }
}
