internal import OCISpec

/// How the runtime is made known to Docker 23 and newer, which takes a shim by its type.
struct InstallDocker {
    /// What stands before every absolute path.
    let root: String
    /// The configuration, as Docker names it.
    var configuration = "/etc/docker/daemon.json"

    /// Only what decides something is read.
    private struct Configuration: Decodable {
        struct Runtime: Decodable {
            var runtimeType: String?
        }

        var runtimes: [String: Runtime]?
    }

    /// The change; `nil` where the runtime is there already.
    func edit() throws(InstallError) -> InstallEdit? {
        let path = root + configuration
        let runtime = "{\"runtimeType\": \"\(InstallRuntime.type)\"}"
        let member = "\"\(InstallRuntime.name)\": \(runtime)"
        guard let text = try InstallFile(path).text() else {
            let new = "{\n    \"runtimes\": {\n        \(member)\n    }\n}\n"
            return InstallEdit(path: path, old: nil, new: new, service: "docker")
        }
        let found: Configuration
        do throws(SpecError) {
            found = try Document.decode(from: Array(text.utf8))
        } catch {
            throw InstallError(.document(error), at: path)
        }
        if let runtime = found.runtimes?[InstallRuntime.name] {
            if runtime.runtimeType == InstallRuntime.type { return nil }
            throw InstallError(.otherRuntime(type: runtime.runtimeType ?? ""), at: path)
        }
        let document = InstallJSON(text)
        guard let whole = document.object(at: 0) else {
            throw InstallError(.unexpected("is no JSON object"), at: path)
        }
        let new: String
        if let runtimes = whole.members.first(where: { $0.name == "runtimes" }) {
            guard let object = document.object(at: runtimes.value.lowerBound) else {
                throw InstallError(.unexpected("\"runtimes\" is no object"), at: path)
            }
            new = document.adding(name: InstallRuntime.name, value: runtime, to: object)
        } else if found.runtimes != nil {
            throw InstallError(.unexpected("\"runtimes\" is written with escapes"), at: path)
        } else {
            new = document.adding(name: "runtimes", value: "{\(member)}", to: whole)
        }
        return InstallEdit(path: path, old: text, new: new, service: "docker")
    }

    /// Whether the runtime is known.
    func isInstalled() throws(InstallError) -> Bool {
        if try InstallFile(root + configuration).text() == nil { return false }
        return try edit() == nil
    }
}
