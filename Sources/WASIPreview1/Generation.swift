/// The two published layouts of preview 1. They differ in three types only.
enum Generation {
    /// `wasi_unstable`, snapshot 0.
    case unstable
    /// `wasi_snapshot_preview1`.
    case preview1

    init?(moduleName: String) {
        switch moduleName {
        case "wasi_unstable": self = .unstable
        case "wasi_snapshot_preview1": self = .preview1
        default: return nil
        }
    }
}
