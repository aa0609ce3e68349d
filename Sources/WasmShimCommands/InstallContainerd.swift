internal import Glibc
internal import LinuxSystem

/// How the runtime is made known to containerd.
struct InstallContainerd {
    /// What stands before every absolute path.
    let root: String
    /// The configuration, as containerd names it.
    var configuration = "/etc/containerd/config.toml"

    /// What to do where `isPluginDisabled`.
    static let disabledAdvice =
        "disabled_plugins has the plugin for Kubernetes, which alone reads the runtime; take it out there for Kubernetes"

    /// The change; `nil` where the runtime is there already.
    func edit() throws(InstallError) -> InstallEdit? {
        let path = root + configuration
        guard let text = try InstallFile(path).text() else {
            // Every containerd from 1.3 on reads version 2.
            return InstallEdit(
                path: path, old: nil, new: "version = 2\n" + addition(version: 2, isFirst: true),
                service: "containerd")
        }
        let document = try parse(text, at: path)
        let version = try version(of: document, at: path)
        let table = InstallRuntime.table(version: version)
        if try isPresent(table, in: document, at: path) { return nil }
        let imports = try importedFiles(by: document, at: path)
        var target = (path: path, text: text, document: document)
        for file in imports {
            guard let text = try InstallFile(file).text() else { continue }
            let document = try parse(text, at: file)
            if try isPresent(table, in: document, at: file) { return nil }
            // containerd 1 takes a plugin's settings from the last file that has any, and forgets all others.
            if version < 3 && document.has(Array(table.prefix(2))) { target = (file, text, document) }
        }
        if version >= 3, let folder = dropInFolder(of: document, at: path) {
            let file = "\(folder)/\(InstallRuntime.name).toml"
            if try InstallFile(file).text() == nil {
                return InstallEdit(
                    path: file, old: nil, new: "version = \(version)\n" + addition(version: version, isFirst: false),
                    service: "containerd")
            }
        }
        if let obstacle = target.document.obstacle(to: table) {
            throw InstallError(
                .unexpected("\(InstallTOML.text(of: obstacle)) is written in a way that no table can be added to"),
                at: target.path)
        }
        let separator = target.text.isEmpty || target.text.hasSuffix("\n") ? "" : "\n"
        let isFirst = version < 3 && !target.document.has(Array(table.dropLast()))
        return InstallEdit(
            path: target.path, old: target.text,
            new: target.text + separator + addition(version: version, isFirst: isFirst), service: "containerd")
    }

    /// Whether the runtime is known, in the configuration or a file that it imports.
    func isInstalled() throws(InstallError) -> Bool {
        if try InstallFile(root + configuration).text() == nil { return false }
        return try edit() == nil
    }

    /// Whether the configuration turns Kubernetes' plugin off, as Docker's packages of containerd have it: then nobody
    /// reads the runtime's table.
    func isPluginDisabled() throws(InstallError) -> Bool {
        let path = root + configuration
        guard let text = try InstallFile(path).text(),
            case .list(let disabled) = try parse(text, at: path).values[["disabled_plugins"]]
        else { return false }
        return (1...3).contains { disabled.contains(.string(InstallRuntime.table(version: $0)[1])) }
    }

    /// The lines that are added. `isFirst`: no runtime is named yet. containerd 1 then forgets the one that it has by itself,
    /// and with it all of Kubernetes, so that one is named as well.
    private func addition(version: Int, isFirst: Bool) -> String {
        let path = InstallRuntime.table(version: version)
        let table = InstallTOML.text(of: path)
        let builtIn = InstallTOML.text(of: path.dropLast() + ["runc"])
        let first =
            isFirst
            ? """

            # What containerd has by itself as long as no runtime is named.
            [\(builtIn)]
              runtime_type = "io.containerd.runc.v2"

            """ : ""
        return first + """

            # WebAssembly containers: pods of a RuntimeClass with the handler "\(InstallRuntime.name)".
            [\(table)]
              runtime_type = "\(InstallRuntime.type)"

            """
    }

    private func parse(_ text: String, at path: String) throws(InstallError) -> InstallTOML {
        do throws(TOMLProblem) { return try InstallTOML(text) } catch {
            throw InstallError(.invalidTOML(reason: error.reason, line: error.line), at: path)
        }
    }

    /// A configuration that does not say is of version 1.
    private func version(of document: InstallTOML, at path: String) throws(InstallError) -> Int {
        switch document.values[["version"]] {
        case nil: return 1
        // 4 is what containerd 2.3 writes; its runtimes are where version 3 has them.
        case .integer(let version) where (1...4).contains(version): return version
        default: throw InstallError(.unexpected("its version is none that we know (1 to 4)"), at: path)
        }
    }

    /// Whether the runtime is there; an error where its name stands for another.
    private func isPresent(
        _ table: [String], in document: InstallTOML, at path: String
    ) throws(InstallError) -> Bool {
        guard document.has(table) else { return false }
        switch document.values[table + ["runtime_type"]] {
        case .string(InstallRuntime.type): return true
        case .string(let other): throw InstallError(.otherRuntime(type: other), at: path)
        default: throw InstallError(.otherRuntime(type: ""), at: path)
        }
    }

    /// The paths or patterns that `imports` lists, absolute.
    private func imports(of document: InstallTOML, at path: String) -> [String] {
        guard case .list(let list) = document.values[["imports"]] else { return [] }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        return list.compactMap { value in
            guard case .string(let text) = value else { return nil }
            return text.hasPrefix("/") ? root + text : "\(folder)/\(text)"
        }
    }

    private func importedFiles(by document: InstallTOML, at path: String) throws(InstallError) -> [String] {
        var files: [String] = []
        for pattern in imports(of: document, at: path) {
            guard pattern.contains("*"), let slash = pattern.lastIndex(of: "/") else {
                files.append(pattern)
                continue
            }
            let folder = String(pattern[..<slash])
            let name = String(pattern[pattern.index(after: slash)...])
            files += try InstallFile(folder).entries().filter { unsafe fnmatch(name, $0, 0) == 0 }
                .map { "\(folder)/\($0)" }
        }
        return files
    }

    /// The folder all of whose `.toml` files are imported, if there is such a one.
    private func dropInFolder(of document: InstallTOML, at path: String) -> String? {
        let folders = imports(of: document, at: path).filter { $0.hasSuffix("/*.toml") }.map { String($0.dropLast(7)) }
        return folders.first { !$0.contains("*") && (try? FileKind(at: $0)) == .folder }
    }
}
