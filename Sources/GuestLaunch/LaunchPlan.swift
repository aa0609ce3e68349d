package import Sandbox

/// Everything that the guest process needs to know, decided beforehand by the one who starts it.
///
/// It travels as bytes on an inherited descriptor (`LaunchPlan+Coding.swift`), so the guest parses no JSON and
/// looks nothing up by name: what it may touch are the descriptors named here and nothing else.
package struct LaunchPlan: Equatable, Sendable {
    /// A folder that the guest may use, already open in the guest process.
    package struct Preopen: Equatable, Sendable {
        /// The inherited descriptor (O_PATH or a readable directory).
        package var descriptor: Int32
        /// What the guest calls the folder: an absolute path, or `.` for its working folder.
        package var guestPath: String
        /// Whether the guest may only read below it.
        package var isReadOnly: Bool
        /// Where the folder is in the guest's root, `/` for the root itself; `nil` for one that stands by itself.
        package var placeInRoot: String?
        /// The one entry of the folder that the guest may use, under the name `guestPath`; `nil` for all of it.
        package var file: String?

        package init(
            descriptor: Int32, guestPath: String, isReadOnly: Bool, placeInRoot: String? = nil, file: String? = nil
        ) {
            self.descriptor = descriptor
            self.guestPath = guestPath
            self.isReadOnly = isReadOnly
            self.placeInRoot = placeInRoot
            self.file = file
        }
    }

    /// A module that the guest's may import from, already open in the guest process.
    package struct Preload: Equatable, Sendable {
        /// The module name of the imports that it provides.
        package var name: String
        /// The inherited descriptor from which its bytes are read, from offset 0 on.
        package var descriptor: Int32
        /// What messages call it.
        package var file: String

        package init(name: String, descriptor: Int32, file: String) {
            self.name = name
            self.descriptor = descriptor
            self.file = file
        }
    }

    /// The inherited descriptor from which the module's bytes are read, from offset 0 on.
    package var moduleDescriptor: Int32
    /// What messages call the module: a path or an image reference, as the user knows it.
    package var moduleName: String
    /// The exported function to call: `_start` unless the entrypoint named another after `#`.
    package var function: String
    /// argv, the program's own name first.
    package var arguments: [String]
    /// `NAME=value`, in order.
    package var environment: [String]
    /// In the order in which the guest gets them: descriptor 3, 4, ….
    package var preopens: [Preopen]
    /// The modules that are loaded first, in their order: each may import from those before it.
    package var preloads: [Preload] = []
    /// The arguments of `function`, as they were typed, where it is called by hand and its results are printed; `nil` for an
    /// entrypoint.
    package var invocation: [String]?
    /// The process whose end ends the guest as well; 0 where the guest took the place of its starter.
    package var parentProcess: Int32
    /// Whether to say on standard error what was decided and how long each step took.
    package var isVerbose: Bool
    /// Whether to tell on standard error of each call of a host function.
    package var tracesCalls = false
    /// The inherited file in memory that a profile of the run goes into (`wasm_profile.h`); -1 for none.
    package var profileDescriptor: Int32 = -1
    /// The box that the guest shuts itself into before it looks for its module there; `nil` for none, as with
    /// `wasm-shim run`. With a box `moduleDescriptor` is -1 and `preopens` is empty.
    package var sandbox: SandboxPlan?

    package init(
        moduleDescriptor: Int32, moduleName: String, function: String = "_start", arguments: [String],
        environment: [String] = [], preopens: [Preopen] = [], parentProcess: Int32 = 0, isVerbose: Bool = false,
        sandbox: SandboxPlan? = nil
    ) {
        self.moduleDescriptor = moduleDescriptor
        self.moduleName = moduleName
        self.function = function
        self.arguments = arguments
        self.environment = environment
        self.preopens = preopens
        self.parentProcess = parentProcess
        self.isVerbose = isVerbose
        self.sandbox = sandbox
    }
}
