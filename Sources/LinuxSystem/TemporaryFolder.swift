internal import CLinux
internal import Glibc

/// A new folder that only we may enter, below `$TMPDIR` or `/tmp`; its owner removes it.
///
/// The folder is locked (flock) as long as this value or a duplicate of its descriptor lives, so that a later
/// process can tell a folder in use from one that was left behind.
package struct TemporaryFolder: ~Copyable {
    /// How the names of all our temporary folders begin.
    package static let namePrefix = "wasm-shim-run-"

    /// Whether a name is one that `newPath` gives: the prefix, a process id, and a number in base 36.
    package static func isName(_ name: some StringProtocol) -> Bool {
        guard name.hasPrefix(namePrefix) else { return false }
        let parts = name.dropFirst(namePrefix.count).split(separator: "-", omittingEmptySubsequences: false)
        return parts.count == 2 && Int32(parts[0]) != nil && UInt64(parts[1], radix: 36) != nil
    }

    /// Where it is.
    package let path: String

    /// The open folder, whose lock says that it is in use.
    package let descriptor: OwnedDescriptor

    /// The folder that temporary folders are made in.
    package static var parent: String {
        // SAFETY: the string is copied before anything can change the environment.
        let chosen = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? ""
        return chosen.isEmpty ? "/tmp" : chosen
    }

    /// Chooses the path of a folder that does not exist yet.
    package static func newPath() throws(SystemCallError) -> String {
        var generator = SystemRandomNumberGenerator()
        let number = String(generator.next(), radix: 36)
        return "\(parent)/\(namePrefix)\(getpid())-\(number)"
    }

    /// What the folder at `path` is called until it is locked.
    package static func unfinishedPath(of path: String) -> String { "\(path).new" }

    /// Makes the folder `path`, which `newPath` gave. It gets that name when it is locked, so nobody ever sees it
    /// unlocked and takes it for one that was left behind.
    package init(creating path: String) throws(SystemCallError) {
        let unfinished = Self.unfinishedPath(of: path)
        try systemCall("make the folder \"\(unfinished)\"") { unsafe mkdir(unfinished, S_IRWXU) }
        let folder = try OwnedDescriptor(opening: unfinished, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        let number = folder.rawValue
        try systemCall("lock \"\(unfinished)\"") { flock(number, LOCK_EX | LOCK_NB) }
        try systemCall("make the folder \"\(path)\"") { unsafe rename(unfinished, path) }
        self.path = path
        descriptor = folder
    }

    /// Removes the folder and all below it.
    package consuming func remove() throws(SystemCallError) { try removeFolder(at: path) }

    /// Removes the folders in `parent` that processes left behind which were killed before they could: ours, and locked
    /// by nobody.
    package static func removeAbandoned(in parent: String) {
        guard let folder = try? OwnedDescriptor(opening: parent, flags: O_RDONLY | O_DIRECTORY),
            let names = try? folder.entryNames(of: parent, limit: 100_000)
        else { return }
        for name in names.map(\.text) where isName(name) {
            let path = "\(parent)/\(name)"
            guard let candidate = try? OwnedDescriptor(opening: path, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            else { continue }
            var status = stat()
            guard unsafe fstat(candidate.rawValue, &status) == 0, status.st_uid == geteuid(),
                flock(candidate.rawValue, LOCK_EX | LOCK_NB) == 0
            else { continue }
            try? removeFolder(at: path)
        }
    }
}
