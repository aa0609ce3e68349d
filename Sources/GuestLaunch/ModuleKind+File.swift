package import LinuxSystem

extension ModuleKind {
    /// Tells what an open file is; `nil` for what is no regular file.
    package init?(of file: borrowing OwnedDescriptor, at place: String) throws(SystemCallError) {
        guard try file.fileKind(name: place) == .regularFile else { return nil }
        self.init(firstBytes: try file.firstBytes(Self.bytesNeeded, name: place))
    }
}
