import LinuxSystem
import TestSupport
import Testing

/// The programs under test, as they lie beside the test bundle, and a guest for them.
enum Programs {
    /// The folder that this build puts programs into.
    private static let folder: String? = {
        guard let own = try? readLink(at: "/proc/self/exe") else { return nil }
        let candidates = [own, CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? ""].map { path in
            path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        }
        return candidates.first { exists("\($0)/wasm-shim") && exists("\($0)/wasm-shim-guest") }
    }()

    /// `wasm-shim`; `nil`, said loudly, where it was not built.
    static let wasmShim: String? = {
        if let folder { return "\(folder)/wasm-shim" }
        SharedFolder.skip("the programs as a user runs them", because: "wasm-shim is not built; run: swift build")
        return nil
    }()

    /// The folder for what is built once for all tests.
    private static let built = try? TestFolder()

    /// `Tests/Guests/end-to-end.c` as a module; `nil`, said loudly, where there is no compiler for it.
    static let guest: String? = {
        guard let built, let root = Optional(SharedFolder.packageRoot) else { return nil }
        let module = built.path("guest.wasm")
        let command = [
            "\(root)/scripts/wasi-clang", "-O1", "\(root)/Tests/Guests/end-to-end.c", "-o", module,
        ]
        if shell(command.map(quoted).joined(separator: " ")) == 0 { return module }
        SharedFolder.skip("guests as a user runs them", because: "the guest was not compiled; run: scripts/setup")
        return nil
    }()

    /// The guest as an image with a root file system.
    static let image: String? = {
        guard let built, let wasmShim, let guest else { return nil }
        let layout = built.path("image")
        let command = [wasmShim, "image", "build", guest, "-o", layout, "--tag", "v1"]
        return shell(command.map(quoted).joined(separator: " ") + " >/dev/null") == 0 ? layout : nil
    }()
}
