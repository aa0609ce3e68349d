internal import Glibc
internal import LinuxSystem
package import OCISpec

/// A folder with a root file system and a `config.json` that says what to run in it (runtime-spec, bundle.md), checked
/// as far as running a wasm program needs it.
package struct Bundle: Equatable, Sendable {
    /// The bundle's folder.
    package let path: String
    /// The whole configuration.
    package let spec: RuntimeSpec
    /// What runs.
    package let process: ContainerProcessSpec
    /// argv, of which the first names the module, as configured.
    private let configuredArguments: [String]
    /// The folder of the root file system.
    package let rootPath: String
    /// Whether the program may only read the root file system.
    package let isRootReadOnly: Bool
    /// The folders and files of the host that the program sees.
    package let mounts: [BindMount]
    /// The destinations of mounts that a wasm program has no use for: the kernel's file systems, devices.
    package let ignoredMounts: [String]

    /// Reads and checks the bundle in a folder.
    package init(at path: String) throws(BundleError) {
        try self.init(at: path, Bundle.readSpec(at: path))
    }

    /// Checks a configuration for the bundle in a folder.
    package init(at path: String, _ spec: RuntimeSpec) throws(BundleError) {
        let place = "\(path)/config.json"
        let process = try Bundle.checkedProcess(of: spec, at: place)
        guard let root = spec.root else { throw BundleError(.configuration("there is no root"), at: place) }
        guard !root.path.isEmpty, !root.path.utf8.contains(0) else {
            throw BundleError(.configuration("root.path \(root.path.debugDescription) is no path"), at: place)
        }
        var mounts: [BindMount] = []
        var ignored: [String] = []
        for mount in spec.mounts ?? [] {
            if let bind = try Bundle.bindMount(mount, of: path, at: place) {
                mounts.append(bind)
            } else {
                ignored.append(mount.destination)
            }
        }
        self.path = path
        self.spec = spec
        self.process = process
        configuredArguments = process.args ?? []
        rootPath = root.path.hasPrefix("/") ? root.path : "\(path)/\(root.path)"
        isRootReadOnly = root.readonly ?? false
        self.mounts = mounts
        ignoredMounts = ignored
    }

    /// The same bundle with what a person says over its process. Arguments replace all but the program.
    package func overriding(_ overrides: ProcessOverrides) throws(BundleError) -> Bundle {
        var spec = spec
        var changed = process
        changed.env = overrides.merged(over: process.env ?? [])
        if let workingFolder = overrides.workingFolder {
            changed.cwd = workingFolder.hasPrefix("/") ? workingFolder : "/\(workingFolder)"
        }
        let program = overrides.entrypoint ?? configuredArguments[0]
        let isProgramReplaced = overrides.entrypoint != nil
        let arguments = isProgramReplaced ? [] : Array(configuredArguments.dropFirst())
        changed.args = [program] + (overrides.arguments ?? arguments)
        spec.process = changed
        return try Bundle(at: path, spec)
    }

    /// The module's file and the function that starts the program.
    package var entrypoint: Entrypoint { Entrypoint(configuredArguments[0]) }

    /// argv as the program sees it: without the `#function` of its name.
    package var arguments: [String] { [entrypoint.path] + configuredArguments.dropFirst() }

    /// `NAME=value`, in order.
    package var environment: [String] { process.env ?? [] }
}

extension Bundle {
    /// A configuration and the bytes that it was read from.
    package struct ReadSpec: Sendable {
        package let bytes: [UInt8]
        package let spec: RuntimeSpec
    }

    /// The configuration of the bundle in a folder, read strictly and not checked further.
    package static func readSpec(at path: String) throws(BundleError) -> RuntimeSpec {
        try readSpec(at: path, known: nil).spec
    }

    /// The same with its bytes. What is `known` already is not decoded again.
    package static func readSpec(at path: String, known: ReadSpec?) throws(BundleError) -> ReadSpec {
        let place = "\(path)/config.json"
        let folderKind: FileKind?
        let kind: FileKind?
        do throws(SystemCallError) {
            folderKind = try FileKind(at: path)
            kind = try FileKind(at: place)
        } catch {
            throw BundleError(.system(error), at: place)
        }
        guard folderKind == .folder else { throw BundleError(.noFolder, at: path) }
        guard let kind else { throw BundleError(.noConfiguration, at: path) }
        guard kind == .regularFile else { throw BundleError(.notARegularFile, at: place) }
        let bytes: [UInt8]?
        do throws(SystemCallError) {
            let file = try OwnedDescriptor(opening: place, flags: O_RDONLY | O_NONBLOCK)
            bytes = try file.readAll(limit: Document.sizeLimit, name: place)
        } catch {
            throw BundleError(.system(error), at: place)
        }
        do throws(SpecError) {
            guard let bytes else { throw SpecError(.tooLarge(limit: Document.sizeLimit)) }
            if let known, known.bytes == bytes { return known }
            return ReadSpec(bytes: bytes, spec: try Document.decode(from: bytes))
        } catch {
            throw BundleError(.document(error), at: place)
        }
    }
}
