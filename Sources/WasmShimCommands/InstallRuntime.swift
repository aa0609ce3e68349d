/// What containerd and Docker are to know about us.
enum InstallRuntime {
    /// What people call the runtime: the handler of a RuntimeClass, `docker run --runtime`.
    static let name = "wasmshim"

    /// From which containerd makes the shim's file name.
    static let type = "io.containerd.wasmshim.v1"

    /// The shim's file name.
    static let shim = "containerd-shim-wasmshim-v1"

    /// Where Kubernetes' runtimes are in a configuration of containerd of that version.
    static func table(version: Int) -> [String] {
        let plugin =
            switch version {
            case ...1: "cri"
            case 2: "io.containerd.grpc.v1.cri"
            default: "io.containerd.cri.v1.runtime"
            }
        return ["plugins", plugin, "containerd", "runtimes", name]
    }
}
