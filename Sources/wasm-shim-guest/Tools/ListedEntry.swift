internal import Glibc
internal import LinuxSystem

/// A file as `ls -l` shows it.
struct ListedEntry {
    private let status: stat
    private let name: String
    private let target: String?

    /// Looks at a path, without following a link.
    init(path: String, name: String) throws(SystemCallError) {
        var status = stat()
        try systemCall("look at \"\(path)\"") { unsafe lstat(path, &status) }
        self.status = status
        self.name = name
        target = status.st_mode & S_IFMT == S_IFLNK ? try readLink(at: path) : nil
    }

    var isFolder: Bool { status.st_mode & S_IFMT == S_IFDIR }

    /// Mode, links, user, group, size, time of last change in UTC, name.
    var line: String {
        let fields = [
            mode, "\(status.st_nlink)", "\(status.st_uid)", "\(status.st_gid)", size.leftPadded(to: 8), time, name,
        ]
        return fields.joined(separator: " ") + (target.map { " -> \($0)" } ?? "")
    }

    /// A device has its two numbers instead of a size.
    private var size: String {
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFCHR || kind == S_IFBLK else { return "\(status.st_size)" }
        let device = UInt64(status.st_rdev)
        return "\((device >> 8) & 0xFFF), \((device & 0xFF) | ((device >> 12) & 0xFFF00))"
    }

    private var mode: String {
        let kind =
            switch status.st_mode & S_IFMT {
            case S_IFDIR: "d"
            case S_IFLNK: "l"
            case S_IFCHR: "c"
            case S_IFBLK: "b"
            case S_IFIFO: "p"
            case S_IFSOCK: "s"
            default: "-"
            }
        var letters: [Character] = []
        for shift: UInt32 in [6, 3, 0] {
            let bits = status.st_mode >> shift
            letters += [bits & 4 != 0 ? "r" : "-", bits & 2 != 0 ? "w" : "-", bits & 1 != 0 ? "x" : "-"]
        }
        for (bit, index, letter) in [(S_ISUID, 2, "s"), (S_ISGID, 5, "s"), (S_ISVTX, 8, "t")] as [(UInt32, Int, String)]
        where status.st_mode & bit != 0 {
            letters[index] = Character(letters[index] == "x" ? letter : letter.uppercased())
        }
        return kind + String(letters)
    }

    private var time: String {
        var seconds = status.st_mtim.tv_sec
        var parts = unsafe tm()
        // SAFETY: gmtime_r fills the local it is given.
        unsafe gmtime_r(&seconds, &parts)
        let date = unsafe [parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday].map {
            "\($0)".leftPadded(to: 2, with: "0")
        }
        let clock = unsafe [parts.tm_hour, parts.tm_min].map { "\($0)".leftPadded(to: 2, with: "0") }
        return "\(date.joined(separator: "-")) \(clock.joined(separator: ":"))"
    }
}

extension String {
    /// The text with so many characters at least, filled up on the left.
    func leftPadded(to width: Int, with filler: Character = " ") -> String {
        String(repeating: filler, count: max(0, width - count)) + self
    }
}
