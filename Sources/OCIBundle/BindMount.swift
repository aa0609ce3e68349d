internal import OCISpec

/// A folder or file of the host that a container sees at a place of its own.
package struct BindMount: Equatable, Sendable {
    /// The folder or file on the host.
    package let source: String
    /// What the container calls it: an absolute path.
    package let destination: String
    /// Whether the container may only read it.
    package let isReadOnly: Bool

    package init(source: String, destination: String, isReadOnly: Bool) {
        self.source = source
        self.destination = destination
        self.isReadOnly = isReadOnly
    }

    /// From a mount of the runtime specification; `nil` where it is of another type.
    init?(_ mount: RuntimeSpec.Mount, bundle: String) {
        let options = mount.options ?? []
        guard let source = mount.source,
            mount.type == "bind" || options.contains("bind") || options.contains("rbind")
        else { return nil }
        self.source = source.hasPrefix("/") ? source : "\(bundle)/\(source)"
        destination = mount.destination
        // Options are applied in order: the last one counts.
        isReadOnly = options.last { ["ro", "rro", "rw"].contains($0) }.map { $0 != "rw" } ?? false
    }
}
