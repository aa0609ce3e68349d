/// What a file system is told, short enough for the kernel, which takes one page.
///
/// An image of many layers says more: then the layers are named from the folder that has them all, as relative paths.
struct MountData {
    /// The options.
    let text: String
    /// The folder to be in while mounting; `nil` when no path depends on it.
    let folder: String?

    /// The longest that the kernel takes, in bytes.
    static let limit = 4095

    /// Throws when the options are too long however they are written.
    init(_ data: String, place: String) throws(SandboxError) {
        guard data.utf8.count > Self.limit else {
            text = data
            folder = nil
            return
        }
        let name = "lowerdir="
        let options = data.split(separator: ",", omittingEmptySubsequences: false)
        guard let index = options.firstIndex(where: { $0.hasPrefix(name) }),
            let (common, shorter) = Self.relative(options[index].dropFirst(name.count))
        else { throw SandboxError(.optionsTooLong(length: data.utf8.count), at: place) }
        var shortened = options.map { String($0) }
        shortened[index] = name + shorter
        text = shortened.joined(separator: ",")
        folder = common
        guard text.utf8.count <= Self.limit else {
            throw SandboxError(.optionsTooLong(length: text.utf8.count), at: place)
        }
    }

    /// The folder that all of a list of paths lie below, and the list as seen from there.
    private static func relative(_ list: Substring) -> (folder: String, list: String)? {
        // A backslash makes a colon or comma part of a name; whoever writes those has short lists.
        guard !list.contains("\\") else { return nil }
        let paths = list.split(separator: ":").map { $0.split(separator: "/") }
        guard list.split(separator: ":").allSatisfy({ $0.hasPrefix("/") }), var common = paths.first?.dropLast() else {
            return nil
        }
        for path in paths {
            let shared = zip(common, path.dropLast()).prefix { $0 == $1 }.count
            common = common.prefix(shared)
        }
        guard !common.isEmpty else { return nil }
        let shorter = paths.map { $0.dropFirst(common.count).joined(separator: "/") }.joined(separator: ":")
        return ("/" + common.joined(separator: "/"), shorter)
    }
}
