internal import Glibc
package import LinuxSystem
internal import OCISpec

/// Opening what a program needs. Paths of the configuration are resolved as if the root file system were all there is,
/// so no link of an image leads out of it (openat2 RESOLVE_IN_ROOT).
extension Bundle {
    /// Opens the folder of the root file system.
    package func openRoot() throws(BundleError) -> OwnedDescriptor {
        do throws(SystemCallError) {
            return try OwnedDescriptor(opening: rootPath, flags: O_RDONLY | O_DIRECTORY)
        } catch {
            let isAbsent = error.code == ENOENT || error.code == ENOTDIR
            throw BundleError(isAbsent ? .noRoot(rootPath) : .system(error), at: "\(path)/config.json")
        }
    }

    /// Opens the working folder.
    package func openWorkingFolder(
        in root: borrowing OwnedDescriptor
    ) throws(BundleError) -> OwnedDescriptor {
        do throws(SystemCallError) {
            return try OwnedDescriptor(opening: process.cwd, inRoot: root, flags: O_RDONLY | O_DIRECTORY)
        } catch {
            let isAbsent = [ENOENT, ENOTDIR, ELOOP].contains(error.code)
            throw BundleError(isAbsent ? .noWorkingFolder(process.cwd) : .system(error), at: rootPath)
        }
    }

    /// Finds and opens the module that the entrypoint names.
    package func openModule(in root: borrowing OwnedDescriptor) throws(BundleError) -> BundleModule {
        let searchPath = environment.last { $0.hasPrefix("PATH=") }.map { String($0.dropFirst(5)) }
        let candidates = entrypoint.candidates(workingFolder: process.cwd, searchPath: searchPath)
        for candidate in candidates {
            let file: OwnedDescriptor
            do throws(SystemCallError) {
                file = try OwnedDescriptor(opening: candidate, inRoot: root, flags: O_RDONLY | O_NONBLOCK)
            } catch {
                if [ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG].contains(error.code) { continue }
                throw BundleError(.system(error), at: rootPath)
            }
            try check(file, at: candidate)
            return BundleModule(descriptor: file, path: candidate)
        }
        throw BundleError(.noModule(entrypoint.path, tried: candidates), at: rootPath)
    }

    /// Throws unless the file is regular and begins as a module does.
    private func check(_ file: borrowing OwnedDescriptor, at path: String) throws(BundleError) {
        let kind: FileKind
        var start: [UInt8] = []
        do throws(SystemCallError) {
            kind = try file.fileKind(name: path)
            if kind == .regularFile { start = try file.firstBytes(8, name: path) }
        } catch {
            throw BundleError(.system(error), at: rootPath)
        }
        guard kind == .regularFile else { throw BundleError(.moduleKind(path), at: rootPath) }
        guard start.starts(with: [0x00, 0x61, 0x73, 0x6D]) else {
            throw BundleError(.notAModule(path, found: Bundle.words(for: start)), at: rootPath)
        }
    }

    /// What a file is that begins with these bytes.
    private static func words(for start: [UInt8]) -> String {
        if start.isEmpty { return "an empty file" }
        if start.starts(with: [0x7F, 0x45, 0x4C, 0x46]) { return "a native program (ELF)" }
        if start.starts(with: Array("#!".utf8)) { return "a script" }
        if start.starts(with: [0x1F, 0x8B]) { return "compressed with gzip" }
        if start.starts(with: Array("(".utf8)) { return "text; compile it (wat2wasm)" }
        return "something else"
    }
}
