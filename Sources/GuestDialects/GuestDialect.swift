package import WasmModule

/// What kind of host a module was made for, by what it imports.
package enum GuestDialect: String, CaseIterable, Encodable, Sendable {
    case preview1 = "wasi-preview1"
    case unstable = "wasi-unstable"
    case wasix
    case wasmEdgeSockets = "wasmedge-sockets"
    case threads = "wasi-threads"
    case neuralNetwork = "wasi-nn"
    case preview2 = "wasi-preview2"
    case assemblyScript = "assemblyscript"
    case emscripten
    case javy = "javy-dynamic"
    case goForJavaScript = "go-js"
    case wasmBindgen = "wasm-bindgen"
    case javaScript = "javascript"
    case dynamicLibrary = "dynamic-library"

    /// What an import belongs to; `nil` for what nobody else has a name for. `isProvided`: by the host, with that type.
    package init?(_ item: Module.Import, isProvided: Bool) {
        let (module, name) = (item.module, item.name)
        switch module {
        case "wasi_snapshot_preview1" where !isProvided && Self.isWasmEdge(name): self = .wasmEdgeSockets
        case "wasi_snapshot_preview1": self = .preview1
        case "wasi_unstable": self = .unstable
        case "wasix_32v1", "wasix_64v1": self = .wasix
        case "wasi" where name.hasPrefix("thread"): self = .threads
        case "wasi_ephemeral_nn", "wasi_nn", "wasmedge_tensorflow", "wasmedge_tensorflowlite": self = .neuralNetwork
        case "gojs", "go": self = .goForJavaScript
        case "wbg", "__wbindgen_placeholder__", "__wbindgen_externref_xform__": self = .wasmBindgen
        case "js_code", "dart2wasm", "console", "Math", "Date", "performance": self = .javaScript
        case "env": self.init(environment: name)
        // Emscripten's optimised modules call everything by one letter.
        case "a": self = .emscripten
        default:
            if module.hasPrefix("javy_quickjs_provider") || module.hasPrefix("javy-default-plugin") {
                self = .javy
            } else if module.hasPrefix("wasi:") || module.hasPrefix("cm32p2") {
                self = .preview2
            } else if module.hasPrefix("wasm:js") {
                self = .javaScript
            } else if module.hasPrefix("GOT.") {
                self = .dynamicLibrary
            } else if module.hasPrefix("./") && module.hasSuffix("_bg.js") {
                self = .wasmBindgen
            } else {
                return nil
            }
        }
    }

    /// The names that several tools use `env` for.
    private init?(environment name: String) {
        let emscripten = [
            "emscripten_", "_emscripten_", "__emscripten_", "invoke_", "__syscall_", "_embind_", "_emval_",
            "__cxa_", "_tzset_js", "_localtime_js", "__assert_fail", "_abort_js", "_mmap_js", "_munmap_js",
        ]
        switch name {
        case "abort", "trace", "seed": self = .assemblyScript
        case let name where name.hasPrefix("console.") || name.hasPrefix("Date.") || name.hasPrefix("performance."):
            self = .assemblyScript
        case "__memory_base", "__table_base", "__stack_pointer", "__indirect_function_table": self = .dynamicLibrary
        case let name where emscripten.contains(where: { name.hasPrefix($0) }): self = .emscripten
        default: return nil
        }
    }

    private static func isWasmEdge(_ name: String) -> Bool {
        name.hasPrefix("sock_") || name == "epoll_oneoff"
    }

    /// For people.
    package var title: String {
        switch self {
        case .preview1: "WASI preview 1"
        case .unstable: "WASI preview 0 (wasi_unstable)"
        case .wasix: "WASIX"
        case .wasmEdgeSockets: "WasmEdge's sockets in WASI preview 1"
        case .threads: "wasi-threads"
        case .neuralNetwork: "WASI-NN"
        case .preview2: "WASI preview 2 (component model)"
        case .assemblyScript: "AssemblyScript"
        case .emscripten: "Emscripten"
        case .javy: "Javy, dynamically linked"
        case .goForJavaScript: "Go for JavaScript (GOOS=js)"
        case .wasmBindgen: "wasm-bindgen (Rust for JavaScript)"
        case .javaScript: "a JavaScript host"
        case .dynamicLibrary: "a dynamically linked library"
        }
    }

    /// What makes a module of it that can be run; for those whose imports are missing.
    package var advice: String {
        switch self {
        case .preview1, .unstable: "build with a toolchain for wasm32-wasip1"
        case .wasix: "build for wasm32-wasip1 instead of WASIX"
        case .wasmEdgeSockets: "build for wasm32-wasip1 without WasmEdge's sockets"
        case .threads: "build for wasm32-wasip1 without threads"
        case .neuralNetwork: "build without WASI-NN"
        case .preview2: "build a core module for wasm32-wasip1 instead of a component"
        case .assemblyScript: "compile with --config node_modules/@assemblyscript/wasi-shim/asconfig.json"
        case .emscripten: "link with -sSTANDALONE_WASM -sPURE_WASI, or build with wasi-sdk"
        case .javy: "give the plugin that it was built with: --preload NAME=plugin.wasm; or build without -C dynamic"
        case .goForJavaScript: "build with GOOS=wasip1 GOARCH=wasm"
        case .wasmBindgen: "build for the target wasm32-wasip1, without wasm-bindgen"
        case .javaScript: "build for WASI preview 1, if the language can; it runs in JavaScript engines only"
        case .dynamicLibrary: "link it statically: without -shared, -pie or -sSIDE_MODULE"
        }
    }
}
