internal import Glibc
internal import LinuxSystem

extension Tool {
    /// `ls [-a] [-l] [PATH…]`: what is in folders, an entry a line.
    static func ls(_ call: Call) -> Int32 {
        var isLong = false
        var showsHidden = false
        var paths: [String] = []
        for argument in call.arguments {
            guard argument.hasPrefix("-"), argument != "-" else {
                paths.append(argument)
                continue
            }
            for option in argument.dropFirst() {
                switch option {
                case "l": isLong = true
                case "a", "A": showsHidden = true
                case "1": break
                default:
                    call.complain("no option -\(option); there are -a, -l and -1")
                    return 2
                }
            }
        }
        if paths.isEmpty { paths = ["."] }
        var code: Int32 = 0
        for (index, path) in paths.enumerated() {
            do throws(SystemCallError) {
                let entry = try ListedEntry(path: path, name: path)
                // With -l a link is shown and not followed, unless its path says that a folder is meant.
                var isFolder = entry.isFolder
                if !isFolder, !isLong || path.hasSuffix("/") { isFolder = try FileKind(at: path) == .folder }
                guard isFolder else {
                    call.output.line(isLong ? entry.line : path)
                    continue
                }
                if paths.count > 1 { call.output.line("\(index > 0 ? "\n" : "")\(path):") }
                try list(path, isLong: isLong, showsHidden: showsHidden, to: call.output)
            } catch {
                call.complain("\(path): \(error.reason)")
                code = 1
            }
        }
        return code
    }

    private static func list(
        _ path: String, isLong: Bool, showsHidden: Bool, to output: ToolOutput
    ) throws(SystemCallError) {
        let folder = try OwnedDescriptor(opening: path, flags: O_RDONLY | O_DIRECTORY)
        let names = try folder.entryNames(of: path).map(\.text).filter { showsHidden || !$0.hasPrefix(".") }
        for name in names.sorted() {
            if !isLong {
                output.line(name)
            } else if let entry = try? ListedEntry(path: "\(path)/\(name)", name: name) {
                // What is gone by now is not listed.
                output.line(entry.line)
            }
        }
    }
}
