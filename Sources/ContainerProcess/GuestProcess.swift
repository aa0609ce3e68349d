package import OCIBundle
internal import OCISpec

/// A guest as it shall run, before anything of it is opened: its module, its arguments and its folders.
///
/// What a command line, an image or a bundle says comes down to this; `plan()` opens it.
package struct GuestProcess: Equatable, Sendable {
    /// Where the module's bytes are.
    package enum Module: Equatable, Sendable {
        /// In a file of this machine.
        case file(path: String)
        /// Here, verified already.
        case bytes([UInt8])
        /// In the root file system of a bundle, where its entrypoint says.
        case bundle(Bundle)
    }

    /// A folder of this machine that the guest may use.
    package struct Folder: Equatable, Sendable {
        package var hostPath: String
        /// What the guest calls it: absolute, or `.`.
        package var guestPath: String
        package var isReadOnly: Bool

        package init(hostPath: String, guestPath: String, isReadOnly: Bool = false) {
            self.hostPath = hostPath
            self.guestPath = guestPath
            self.isReadOnly = isReadOnly
        }
    }

    /// A module that the guest's may import from.
    package struct Preload: Equatable, Sendable {
        /// The module name of the imports that it provides.
        package var name: String
        package var module: Module
        /// The file that it is from.
        package var path: String

        package init(name: String, module: Module, path: String) {
            self.name = name
            self.module = module
            self.path = path
        }
    }

    /// What messages call the guest: the target as the user named it.
    package var name: String
    package var module: Module
    /// The export to call.
    package var function: String = "_start"
    /// The arguments of the export, as they were typed, where it is called by hand and its results are printed.
    package var invocation: [String]?
    /// The modules that are loaded first, in their order.
    package var preloads: [Preload] = []
    /// argv.
    package var arguments: [String]
    /// `NAME=value`, in order; nothing else reaches the guest.
    package var environment: [String] = []
    /// The root file system, which the guest calls `/`.
    package var root: Folder?
    /// Further folders, in the order in which the guest gets them.
    package var folders: [Folder] = []
    /// The folder that relative paths start from: absolute, in the root or in one of the folders.
    package var workingFolder: String = "/"
    /// Whether the guest program says on standard error what it does.
    package var isVerbose = false
    /// Whether it tells there of each call of a host function.
    package var tracesCalls = false
    /// The file in memory that a profile of the run goes into: a descriptor of this process.
    package var profileDescriptor: Int32?

    package init(name: String, module: Module, arguments: [String]) {
        self.name = name
        self.module = module
        self.arguments = arguments
    }

    /// What a bundle says.
    package init(name: String, bundle: Bundle) {
        self.init(name: name, module: .bundle(bundle), arguments: bundle.arguments)
        function = bundle.entrypoint.function
        environment = bundle.environment
        root = Folder(hostPath: bundle.rootPath, guestPath: "/", isReadOnly: bundle.isRootReadOnly)
        folders = bundle.mounts.map {
            Folder(hostPath: $0.source, guestPath: $0.destination, isReadOnly: $0.isReadOnly)
        }
        workingFolder = bundle.process.cwd
    }
}
