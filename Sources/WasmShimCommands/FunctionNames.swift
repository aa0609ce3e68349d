internal import WasmModule

/// What people call a module's functions: from its name section, else by what they are imported or exported as.
struct FunctionNames {
    private var names: [Int: String] = [:]

    /// Of bytes that are no valid module there are no names.
    init(of bytes: [UInt8]) {
        guard let module = try? Module(bytes) else { return }
        for export in module.exports where export.kind == .function { names[export.index] = export.name }
        for (index, name) in NameSection.functionNames(of: module) where !name.isEmpty {
            names[index] = Demangled.name(name)
        }
        var index = 0
        for item in module.imports {
            guard case .function = item.type else { continue }
            names[index] = "\(item.name) [\(item.module)]"
            index += 1
        }
    }

    subscript(function: Profile.Function) -> String {
        switch function {
        case .guest(let index): names[index] ?? "function \(index)"
        case .engine: "[engine]"
        case .omitted: "[more calls]"
        case .translation: "[translation]"
        }
    }
}
