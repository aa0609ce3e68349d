/// What `--version` says.
enum Version {
    static let current = "wasm-shim 0.1.0"
}
