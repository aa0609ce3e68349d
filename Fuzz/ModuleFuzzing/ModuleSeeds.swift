internal import FoundationEssentials
internal import WasmText

/// Modules to begin with: those of the official suite's scripts.
package enum ModuleSeeds {
    /// The binary modules of at most `limit` bytes in the scripts of a folder and the folders below it.
    package static func modules(in folder: String, limit: Int = 4096) -> [[UInt8]] {
        scripts(in: folder).flatMap { text -> [[UInt8]] in
            guard let script = try? Script(text) else { return [] }
            return script.commands.compactMap { command in
                switch command.kind {
                case .module(let module), .definition(let module), .assertInvalid(let module, _),
                    .assertMalformed(let module, _), .assertUnlinkable(let module, _):
                    guard let bytes = try? module.binary.get(), bytes.count <= limit else { return nil }
                    return bytes
                default: return nil
                }
            }
        }
    }

    /// The texts of the scripts, those of at most `limit` bytes.
    package static func scripts(in folder: String, limit: Int = .max) -> [[UInt8]] {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".wast") }.sorted().compactMap { name in
            guard let text = FileManager.default.contents(atPath: "\(folder)/\(name)"), text.count <= limit else {
                return nil
            }
            return Array(text)
        }
    }
}
