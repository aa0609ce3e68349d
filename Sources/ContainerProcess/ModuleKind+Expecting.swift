internal import GuestLaunch
internal import LinuxSystem

extension ModuleKind {
    /// Gives the file back when it is a module.
    static func expectModule(
        in file: consuming OwnedDescriptor, at place: String
    ) throws(ContainerError) -> OwnedDescriptor {
        let kind: ModuleKind?
        do throws(SystemCallError) { kind = try ModuleKind(of: file, at: place) } catch {
            throw ContainerError(.system(error), at: place)
        }
        guard let kind else { throw ContainerError(.notARegularFile, at: place) }
        guard kind == .module else { throw ContainerError(.notAModule(kind), at: place) }
        return file
    }
}
