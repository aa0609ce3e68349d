internal import Glibc
package import GuestLaunch
internal import LinuxSystem
internal import OCIBundle

extension GuestProcess {
    /// Opens the module and the folders, for the guest to inherit.
    ///
    /// The working folder comes first as `.`, then the root, then the other folders: C programs take an absolute path
    /// for one below the *last* folder that is called `.` or `/`, so `.` must not come after `/`.
    package func plan() throws(ContainerError) -> LaunchPlan {
        var preopens: [LaunchPlan.Preopen] = []
        if workingFolder != "/" { preopens.append(try openWorkingFolder()) }
        for folder in allFolders {
            preopens.append(try Self.preopen(folder))
        }
        // The root is the first of the folders, if there is one.
        if root != nil, let index = preopens.firstIndex(where: { $0.guestPath == "/" }) {
            preopens[index].placeInRoot = "/"
        }
        let module = try Self.open(module, as: name)
        var plan = LaunchPlan(
            moduleDescriptor: module.descriptor, moduleName: module.name, function: function, arguments: arguments,
            environment: environmentWithWorkingFolder, preopens: preopens, isVerbose: isVerbose)
        for preload in preloads {
            let opened = try Self.open(preload.module, as: preload.path)
            plan.preloads.append(.init(name: preload.name, descriptor: opened.descriptor, file: opened.name))
        }
        plan.invocation = invocation
        plan.tracesCalls = tracesCalls
        if let profileDescriptor { plan.profileDescriptor = profileDescriptor }
        return plan
    }

    /// The root and the further folders, in the order in which the guest gets them.
    package var allFolders: [Folder] { (root.map { [$0] } ?? []) + folders }

    /// Go's programs learn their working folder from PWD alone.
    private var environmentWithWorkingFolder: [String] {
        if workingFolder == "/" || environment.contains(where: { $0.hasPrefix("PWD=") }) { return environment }
        return environment + ["PWD=\(workingFolder)"]
    }

    /// Opens a module; `name` is what messages call it that is in no file.
    private static func open(
        _ module: Module, as name: String
    ) throws(ContainerError) -> (descriptor: Int32, name: String) {
        switch module {
        case .bytes(let bytes):
            let kind = ModuleKind(firstBytes: Array(bytes.prefix(ModuleKind.bytesNeeded)))
            guard kind == .module else { throw ContainerError(.notAModule(kind), at: name) }
            let file = try ContainerError.wrapping(at: name) { () throws(SystemCallError) in
                try OwnedDescriptor.sealed(bytes, name: "wasm-shim module")
            }
            return (file.release(), name)
        case .file(let path):
            let file: OwnedDescriptor
            do throws(SystemCallError) {
                // Not blocking, so that a pipe does not hold us up before we see that it is one.
                file = try OwnedDescriptor(opening: path, flags: O_RDONLY | O_NONBLOCK)
            } catch {
                throw ContainerError(error.code == ENOENT ? .noModule(lookedAt: [path]) : .system(error), at: path)
            }
            return (try ModuleKind.expectModule(in: file, at: path).release(), path)
        case .bundle(let bundle):
            do throws(BundleError) {
                let module = try bundle.openModule(in: bundle.openRoot())
                let path = module.path
                return (module.release(), path)
            } catch {
                throw ContainerError(.bundle(error), at: name)
            }
        }
    }

    /// Opens the working folder inside the folder that holds it: the one whose name is the longest part of its path.
    private func openWorkingFolder() throws(ContainerError) -> LaunchPlan.Preopen {
        let place = "\(name): working folder \(workingFolder)"
        let holders = allFolders.filter { Self.rest(of: workingFolder, below: $0.guestPath) != nil }
        guard let holder = holders.max(by: { $0.guestPath.utf8.count < $1.guestPath.utf8.count }),
            let rest = Self.rest(of: workingFolder, below: holder.guestPath)
        else { throw ContainerError(.workingFolderOutside, at: place) }
        // As if the holder were the root: no link on the way leads out of it.
        let folder = try Self.openFolder(holder)
        let descriptor: Int32
        do throws(SystemCallError) {
            descriptor = try OwnedDescriptor(opening: rest, inRoot: folder, flags: O_RDONLY | O_DIRECTORY).release()
        } catch {
            let isAbsent = error.code == ENOENT || error.code == ENOTDIR
            throw ContainerError(isAbsent ? .noFolder : .system(error), at: place)
        }
        return .init(
            descriptor: descriptor, guestPath: ".", isReadOnly: holder.isReadOnly,
            placeInRoot: holder == root ? workingFolder : nil)
    }

    /// Opens what the guest gets under a name: a folder, or for a single file the folder that it lies in, so that a file put in
    /// its place later is seen.
    private static func preopen(_ folder: Folder) throws(ContainerError) -> LaunchPlan.Preopen {
        var folder = folder
        var file: String?
        let found = try ContainerError.wrapping(at: folder.hostPath) { () throws(SystemCallError) in
            try FileKind(at: folder.hostPath)
        }
        if let found, found != .folder {
            let path = try ContainerError.wrapping(at: folder.hostPath) { () throws(SystemCallError) in
                try realPath(of: folder.hostPath)
            }
            let parts = path.split(separator: "/")
            file = parts.last.map(String.init)
            folder.hostPath = "/" + parts.dropLast().joined(separator: "/")
        }
        return .init(
            descriptor: try openFolder(folder).release(), guestPath: folder.guestPath, isReadOnly: folder.isReadOnly,
            file: file)
    }

    private static func openFolder(_ folder: Folder) throws(ContainerError) -> OwnedDescriptor {
        do throws(SystemCallError) {
            return try OwnedDescriptor(opening: folder.hostPath, flags: O_RDONLY | O_DIRECTORY)
        } catch {
            let isAbsent = error.code == ENOENT || error.code == ENOTDIR
            throw ContainerError(isAbsent ? .noFolder : .system(error), at: folder.hostPath)
        }
    }

    /// What is left of an absolute path below a folder, `.` for the folder itself; `nil` outside of it.
    static func rest(of path: String, below folder: String) -> String? {
        let parts = path.split(separator: "/")
        let above = folder.split(separator: "/")
        guard folder.hasPrefix("/"), parts.starts(with: above) else { return nil }
        let rest = parts.dropFirst(above.count).joined(separator: "/")
        return rest.isEmpty ? "." : rest
    }
}
