internal import Glibc
internal import LinuxSystem

/// A file of one of the kernel's own file systems: short, and written with one call for each value.
struct KernelFile {
    let path: String

    init(at path: String) { self.path = path }

    /// All of it; `nil` where it is not there, also because its group is just being removed.
    func text() throws(ControlGroupError) -> String? {
        do throws(SystemCallError) {
            let file = try OwnedDescriptor(opening: path, flags: O_RDONLY)
            guard let bytes = try file.readAll(limit: 16 << 20, name: path) else {
                throw SystemCallError(operation: "read \"\(path)\"", code: EFBIG)
            }
            return String(decoding: bytes, as: UTF8.self)
        } catch {
            // EOPNOTSUPP: a file of the whole kernel's that this group does not have, like a root's limits.
            if [ENOENT, ENODEV, ENOTDIR, EOPNOTSUPP].contains(error.code) { return nil }
            throw ControlGroupError(.system(error), at: path)
        }
    }

    /// Writes one value; `false` where the file is not there.
    func write(_ value: String) throws(ControlGroupError) -> Bool {
        let file: OwnedDescriptor
        do throws(SystemCallError) {
            file = try OwnedDescriptor(opening: path, flags: O_WRONLY | O_TRUNC)
        } catch {
            if error.code == ENOENT { return false }
            throw ControlGroupError(.refused(value: value, code: error.code), at: path)
        }
        do throws(SystemCallError) {
            try file.writeAll(Array(value.utf8), name: path)
        } catch {
            throw ControlGroupError(.refused(value: value, code: error.code), at: path)
        }
        return true
    }

    /// The number that it holds; `limit` stands for the word `max`, and 0 for a file that is not there.
    func number(max limit: UInt64 = .max) throws(ControlGroupError) -> UInt64 {
        guard let text = try text() else { return 0 }
        let word = text.prefix { !$0.isWhitespace }
        if word == "max" { return limit }
        return UInt64(word) ?? 0
    }

    /// Its lines, each a name and a number; what has another form is left out.
    func figures() throws(ControlGroupError) -> [Substring: UInt64] {
        Self.figures(in: try text() ?? "")
    }

    /// Reads `name number` lines.
    static func figures(in text: String) -> [Substring: UInt64] {
        var figures: [Substring: UInt64] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, let number = UInt64(words[1]) { figures[words[0]] = number }
        }
        return figures
    }
}
