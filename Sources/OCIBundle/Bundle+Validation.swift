internal import LinuxSystem
internal import OCISpec

extension Bundle {
    /// The process of a configuration, when a wasm program can be started by it.
    static func checkedProcess(
        of spec: RuntimeSpec, at place: String
    ) throws(BundleError) -> ContainerProcessSpec {
        guard spec.ociVersion.hasPrefix("1.") else {
            throw BundleError(
                .configuration("ociVersion is \(spec.ociVersion.debugDescription), not 1.x"), at: place)
        }
        guard let process = spec.process else {
            throw BundleError(.configuration("there is no process"), at: place)
        }
        guard let arguments = process.args, let program = arguments.first, !Entrypoint(program).path.isEmpty else {
            throw BundleError(.configuration("process.args names no program"), at: place)
        }
        guard process.cwd.hasPrefix("/") else {
            throw BundleError(
                .configuration("process.cwd is \(process.cwd.debugDescription), not an absolute path"), at: place)
        }
        for text in arguments + (process.env ?? []) + [process.cwd] where text.utf8.contains(0) {
            throw BundleError(.configuration("\(text.debugDescription) holds a zero byte"), at: place)
        }
        for variable in process.env ?? [] where !isAssignment(variable) {
            throw BundleError(
                .configuration("process.env: \(variable.debugDescription) is not NAME=value"), at: place)
        }
        return process
    }

    /// A mount that shows a folder or a file; `nil` for one that a wasm program has no use for.
    static func bindMount(
        _ mount: RuntimeSpec.Mount, of bundle: String, at place: String
    ) throws(BundleError) -> BindMount? {
        guard let bind = BindMount(mount, bundle: bundle) else { return nil }
        guard bind.destination.hasPrefix("/"), !(bind.destination + bind.source).utf8.contains(0) else {
            throw BundleError(
                .configuration("the mount destination \(bind.destination.debugDescription) is not an absolute path"),
                at: place)
        }
        let kind: FileKind?
        do throws(SystemCallError) {
            kind = try FileKind(at: bind.source)
        } catch {
            throw BundleError(.system(error), at: place)
        }
        guard let kind else { throw BundleError(.noMountSource(bind.source), at: place) }
        return kind == .folder || kind == .regularFile ? bind : nil
    }

    private static func isAssignment(_ variable: String) -> Bool {
        guard let equals = variable.utf8.firstIndex(of: UInt8(ascii: "=")) else { return false }
        return equals != variable.utf8.startIndex
    }
}
