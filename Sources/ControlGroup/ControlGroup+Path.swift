extension ControlGroup {
    /// The path below a hierarchy's root that `linux.cgroupsPath` means: itself, or the folder where systemd would have
    /// the scope that `slice:prefix:name` asks for.
    static func path(from cgroupsPath: String) throws(ControlGroupError) -> String {
        if cgroupsPath.isEmpty { throw ControlGroupError(.path("the path is empty"), at: "linux.cgroupsPath") }
        let parts = cgroupsPath.split(separator: ":", omittingEmptySubsequences: false)
        let isScope = parts.count == 3 && !cgroupsPath.contains("/")
        let path = isScope ? try scope(slice: parts[0], prefix: parts[1], name: parts[2]) : cgroupsPath
        let components = path.split(separator: "/").filter { $0 != "." }
        guard !components.isEmpty else {
            throw ControlGroupError(.path("\(cgroupsPath.debugDescription) is the root"), at: "linux.cgroupsPath")
        }
        for component in components {
            guard component != "..", component.utf8.count < 256,
                !component.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
            else {
                throw ControlGroupError(
                    .path("\(cgroupsPath.debugDescription) has the part \(String(component).debugDescription)"),
                    at: "linux.cgroupsPath")
            }
        }
        return "/" + components.joined(separator: "/")
    }

    /// `a-b.slice` lies in `a.slice`; the scope `prefix-name.scope` lies in it.
    private static func scope(
        slice: Substring, prefix: Substring, name: Substring
    ) throws(ControlGroupError) -> String {
        guard !name.isEmpty else { throw ControlGroupError(.path("the scope has no name"), at: "linux.cgroupsPath") }
        var path = ""
        // systemd.slice(5): "-.slice" is the root.
        if slice != "-.slice" {
            let suffix = ".slice"
            let whole = slice.isEmpty ? "system.slice" : String(slice)
            guard whole.hasSuffix(suffix) else {
                throw ControlGroupError(
                    .path("\(whole.debugDescription) does not end in .slice"), at: "linux.cgroupsPath")
            }
            var above = ""
            for part in whole.dropLast(suffix.count).split(separator: "-", omittingEmptySubsequences: false) {
                guard !part.isEmpty else {
                    throw ControlGroupError(
                        .path("\(whole.debugDescription) has an empty part"), at: "linux.cgroupsPath")
                }
                above += above.isEmpty ? String(part) : "-\(part)"
                path += "/\(above)\(suffix)"
            }
        }
        if name.hasSuffix(".slice") { return "\(path)/\(name)" }
        return prefix.isEmpty ? "\(path)/\(name).scope" : "\(path)/\(prefix)-\(name).scope"
    }
}
