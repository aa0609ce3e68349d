internal import Glibc

/// What a path refers to, as far as we treat it differently.
package enum FileKind: Equatable, Sendable {
    case regularFile
    case folder
    case symbolicLink
    /// A pipe, socket or device.
    case other

    /// From the `st_mode` of stat(2).
    package init(mode: UInt32) {
        self =
            switch mode & S_IFMT {
            case S_IFREG: .regularFile
            case S_IFDIR: .folder
            case S_IFLNK: .symbolicLink
            default: .other
            }
    }

    /// Looks at a path, following links; `nil` where nothing is there.
    package init?(at path: String) throws(SystemCallError) {
        var status = stat()
        do throws(SystemCallError) {
            try systemCall("look at \"\(path)\"") { unsafe stat(path, &status) }
        } catch {
            if error.code == ENOENT || error.code == ENOTDIR { return nil }
            throw error
        }
        self.init(mode: status.st_mode)
    }
}
