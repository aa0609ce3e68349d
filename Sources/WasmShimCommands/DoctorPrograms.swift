internal import Glibc
internal import LinuxSystem

/// The programs of a machine, found as containerd finds them.
struct DoctorPrograms {
    /// A program that was found.
    struct Program {
        let path: String
        /// `nil` where it says none in time.
        let version: DoctorVersion?
    }

    /// What stands before every absolute path. Programs below it are found, and not run.
    let root: String
    /// The folders that are looked in.
    let folders: [String]

    /// What systemd gives to services that say nothing else.
    static let usualFolders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]

    /// Looks where the running containerd does, else where services usually do.
    init(root: String) {
        self.root = root
        folders = (root.isEmpty ? Self.foldersOfContainerd() : nil) ?? Self.usualFolders
    }

    /// Looks in the given folders.
    init(root: String, folders: [String]) {
        self.root = root
        self.folders = folders
    }

    /// Where a program is, without `root`.
    func path(of name: String) -> String? {
        folders.map { "\($0)/\(name)" }.first {
            unsafe access(root + $0, X_OK) == 0 && (try? FileKind(at: root + $0)) == .regularFile
        }
    }

    /// Finds a program and asks it for its version.
    func program(_ name: String) -> Program? {
        guard let path = path(of: name) else { return nil }
        guard root.isEmpty else { return Program(path: path, version: nil) }
        let output = try? DoctorOutput(
            of: path, arguments: ["--version"], environment: ["PATH=\(folders.joined(separator: ":"))"], seconds: 5)
        return Program(path: path, version: output.flatMap { DoctorVersion(in: $0.text) })
    }

    /// PATH of the process that is called containerd, if there is one that we may look at.
    private static func foldersOfContainerd() -> [String]? {
        guard let processes = try? InstallFile("/proc").entries() else { return nil }
        for process in processes where process.first?.isNumber == true {
            guard text(of: "/proc/\(process)/comm") == "containerd\n",
                let environment = text(of: "/proc/\(process)/environ")
            else { continue }
            let path = environment.split(separator: "\0").first { $0.hasPrefix("PATH=") }?.dropFirst(5)
            if let path, !path.isEmpty { return path.split(separator: ":").map(String.init) }
        }
        return nil
    }

    private static func text(of path: String) -> String? {
        guard let file = try? OwnedDescriptor(opening: path, flags: O_RDONLY),
            let bytes = try? file.readAll(limit: 1 << 20, name: path)
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
