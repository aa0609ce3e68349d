/// A container as its `config.json` describes it (runtime-spec, config.md): the parts that a wasm program can see, or
/// that its box is made from.
///
/// Other members are allowed and not read.
package struct RuntimeSpec: Equatable, Sendable, Codable {
    /// The container's root file system.
    package struct Root: Equatable, Sendable, Codable {
        /// A folder: absolute, or relative to the bundle.
        package var path: String
        /// Whether the process may only read it.
        package var readonly: Bool?

        package init(path: String, readonly: Bool? = nil) {
            self.path = path
            self.readonly = readonly
        }
    }

    /// Something that appears inside the root file system.
    package struct Mount: Equatable, Sendable, Codable {
        /// Where it appears.
        package var destination: String
        /// `bind`, or a file system of the kernel's.
        package var type: String?
        /// What appears: for a bind mount a path, absolute or relative to the bundle.
        package var source: String?
        /// `ro`, `rbind`, ….
        package var options: [String]?
        /// User and group numbers that are others inside than on the host's file system.
        package var uidMappings: [LinuxSpec.IDMapping]?
        package var gidMappings: [LinuxSpec.IDMapping]?

        package init(destination: String, type: String? = nil, source: String? = nil, options: [String]? = nil) {
            self.destination = destination
            self.type = type
            self.source = source
            self.options = options
        }
    }

    /// The version of the specification that the document follows.
    package var ociVersion: String
    /// What runs; there is none in a container that is only created.
    package var process: ContainerProcessSpec?
    /// The root file system.
    package var root: Root?
    /// What the container calls its machine.
    package var hostname: String?
    /// The machine's NIS domain, as the container sees it.
    package var domainname: String?
    /// In the order in which they are mounted.
    package var mounts: [Mount]?
    /// Free words about the container.
    package var annotations: [String: String]?
    /// The box that Linux gives the container.
    package var linux: LinuxSpec?
    /// Programs of the host to run at moments of the container's life.
    package var hooks: Hooks?

    package init(
        ociVersion: String = "1.0.2", process: ContainerProcessSpec? = nil, root: Root? = nil, hostname: String? = nil,
        mounts: [Mount]? = nil, annotations: [String: String]? = nil, linux: LinuxSpec? = nil, hooks: Hooks? = nil
    ) {
        self.ociVersion = ociVersion
        self.process = process
        self.root = root
        self.hostname = hostname
        self.mounts = mounts
        self.annotations = annotations
        self.linux = linux
        self.hooks = hooks
    }
}
