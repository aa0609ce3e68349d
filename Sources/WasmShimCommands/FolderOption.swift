internal import ContainerProcess

/// What `--dir` takes: `HOST[:GUEST[:ro]]`.
struct FolderOption: Equatable, Sendable {
    let folder: GuestProcess.Folder

    /// Without GUEST the guest calls the folder as HOST does; a relative HOST counts from `/` there, since a guest's
    /// relative paths start at `/`.
    init(_ text: String) throws(UsageError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let host = parts[0]
        guard !host.isEmpty else { throw UsageError.folder(text, reason: "HOST is empty") }
        guard parts.count <= 3 else { throw UsageError.folder(text, reason: "more than two colons") }
        if parts.count == 3, parts[2] != "ro" {
            throw UsageError.folder(text, reason: "\"\(parts[2])\" is not \"ro\"")
        }
        let guest = parts.count > 1 ? parts[1] : try Self.guestPath(for: host, in: text)
        guard guest == "." || guest.hasPrefix("/") else {
            throw UsageError.folder(text, reason: "GUEST \"\(guest)\" is not absolute")
        }
        guard guest == "." || !guest.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) else {
            throw UsageError.folder(text, reason: "GUEST \"\(guest)\" has . or .. in it")
        }
        folder = GuestProcess.Folder(hostPath: host, guestPath: guest, isReadOnly: parts.count == 3)
    }

    private static func guestPath(for host: String, in text: String) throws(UsageError) -> String {
        let parts = host.split(separator: "/").filter { $0 != "." }
        if parts.contains("..") { throw UsageError.folder(text, reason: "HOST has .. in it, so GUEST must be given") }
        if parts.isEmpty { return host.hasPrefix("/") ? "/" : "." }
        return "/" + parts.joined(separator: "/")
    }
}
