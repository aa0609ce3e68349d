package import LinuxSystem

extension ModuleKind {
    /// Tells what an open file is; `nil` for what is no regular file.
    package init?(of file: borrowing OwnedDescriptor, at place: String) throws(SystemCallError) {
        guard try file.fileKind(name: place) == .regularFile else { return nil }
        self.init(firstBytes: try file.firstBytes(Self.bytesNeeded, name: place))
    }

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
