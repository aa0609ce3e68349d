internal import ContainerProcess
internal import Glibc
internal import GuestLaunch
internal import LinuxSystem
internal import WasmModule

/// The profile of one run: the guest samples itself into a file in memory, and its picture is drawn here when it has ended,
/// however that was.
final class RunProfile {
    private let path: String
    private let memory: OwnedDescriptor
    private var module: [UInt8] = []
    private var name = ""

    /// Makes the file in memory, and sees that the picture can be written.
    init(drawnTo path: String) throws(Failure) {
        self.path = path
        memory = try Failure.wrapping { () throws(ConversionError) in
            do throws(SystemCallError) {
                _ = try OwnedDescriptor(opening: path, flags: O_WRONLY | O_CREAT, mode: 0o666)
                return try OwnedDescriptor.shared(
                    size: Profile.size(nodes: Profile.nodeLimit), name: "wasm-shim profile")
            } catch {
                throw ConversionError(.system(error), at: path)
            }
        }
    }

    /// For the guest to inherit.
    var descriptor: Int32 { memory.rawValue }

    /// Keeps the module of a run for the names in it.
    func keepModule(of plan: LaunchPlan) throws(ContainerError) {
        name = plan.moduleName
        module = try ContainerError.wrapping(at: plan.moduleName) { () throws(SystemCallError) in
            // Opened anew: where the guest begins to read must not change.
            let file = try OwnedDescriptor(opening: "/proc/self/fd/\(plan.moduleDescriptor)", flags: O_RDONLY)
            return try file.readAll(limit: ImplementationLimits.moduleBytes, name: plan.moduleName) ?? []
        }
    }

    /// Runs a guest in a child process that needs nothing removed after it.
    func watch(_ container: Container) throws(ContainerError) -> ProcessEnd {
        let pipe = try ContainerError.wrapping(at: name) { () throws(SystemCallError) in try Pipe() }
        return try container.run(lifeline: pipe.writeEnd)
    }

    /// Draws the picture.
    func draw() throws(Failure) {
        let names = FunctionNames(of: module)
        try Failure.wrapping { () throws(ConversionError) in
            let profile: Profile
            do throws(SystemCallError) { profile = try Profile(in: memory) } catch {
                throw ConversionError(.system(error), at: path)
            }
            let graph = FlameGraph(of: profile, title: name) { names[$0] }
            try ModuleText.write(Array(graph.svg.utf8), to: path)
        }
    }
}
