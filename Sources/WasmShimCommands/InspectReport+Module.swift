internal import GuestLaunch
internal import WASIPreview1
internal import WasmModule

/// Finding out.
extension InspectReport {
    /// Looks at a module.
    init(_ subject: InspectSubject) throws(Failure) {
        let isComponent = ModuleKind(firstBytes: Array(subject.bytes.prefix(ModuleKind.bytesNeeded))) == .component
        self.init(
            target: subject.target, found: subject.kindName, path: subject.path,
            kind: isComponent ? "component" : "module", size: subject.bytes.count, function: subject.function)
        if isComponent {
            look(at: ComponentOutline(subject.bytes))
            return
        }
        do throws(ModuleError) {
            let module = try Module(subject.bytes)
            do throws(WASIPreview1Error) { try look(at: module) } catch {
                throw ModuleError(.unsupported("WASI"), error.description, at: 0)
            }
        } catch {
            obstacles.append(Obstacle(reason: error.description, advice: Self.advice(on: error)))
        }
        runs = obstacles.isEmpty
    }

    private mutating func look(at component: ComponentOutline) {
        dialects = [.preview2]
        imports = component.imports.map {
            Import(module: $0, name: "", kind: "interface", type: "", isProvided: false, problem: "missing")
        }
        exports = component.exports.map { Export(name: $0, kind: "interface") }
        producers = component.producers.fields.flatMap { field in
            field.producers.map { Producer(field: field.name, name: $0.name, version: $0.version) }
        }
        customSections = component.customSections.map { CustomSection(name: $0.name, size: $0.range.count) }
        obstacles.append(
            Obstacle(
                reason: "a component (WASI preview 2), which this version does not run yet",
                advice: InspectDialect.preview2.advice))
    }

    private mutating func look(at module: Module) throws(WASIPreview1Error) {
        try lookAtImports(of: module)
        exports = module.exports.map {
            Export(name: $0.name, kind: $0.kind.word, index: $0.index, type: module.text(of: $0))
        }
        for (index, memory) in module.memories.enumerated() {
            memories.append(Storage(memory, index: index, isImported: index < module.importCount { $0.isMemory }))
        }
        for (index, table) in module.tables.enumerated() {
            tables.append(Storage(table, index: index, isImported: index < module.importCount { $0.isTable }))
        }
        let names = NameSection.functionNames(of: module)
        functions = module.bodies.count
        namedFunctions = names.count
        start = module.start.map { Start(function: $0, name: names[$0]) }
        features = FeatureScan.features(of: module).map(\.rawValue)
        producers = ProducersSection(of: module).fields.flatMap { field in
            field.producers.map { Producer(field: field.name, name: $0.name, version: $0.version) }
        }
        customSections = module.customSections.map { CustomSection(name: $0.name, size: $0.range.count) }
        lookForEntry(in: module)
    }

    /// Asks our host for each import. Those that are missing are told together, by whom they are from.
    private mutating func lookAtImports(of module: Module) throws(WASIPreview1Error) {
        let provided = try InspectProvided(to: module)
        var missing: [(dialect: InspectDialect?, names: [String])] = []
        var known: Set<InspectDialect> = []
        for item in module.imports {
            let problem = provided.problem(with: item)
            imports.append(
                Import(
                    module: item.module, name: item.name, kind: item.type.word, type: module.words(for: item.type),
                    isProvided: problem == nil, problem: problem))
            let dialect = InspectDialect(item, isProvided: problem == nil)
            if let dialect { known.insert(dialect) }
            guard let problem else { continue }
            let name = "\(item.module).\(item.name)" + (problem == "missing" ? "" : " (\(problem))")
            if let place = missing.firstIndex(where: { $0.dialect == dialect }) {
                missing[place].names.append(name)
            } else {
                missing.append((dialect, [name]))
            }
        }
        if module.customSection("dylink.0") != nil { known.insert(.dynamicLibrary) }
        dialects = InspectDialect.allCases.filter(known.contains)
        for (dialect, names) in missing {
            let list = names.prefix(6).joined(separator: ", ") + (names.count > 6 ? " and \(names.count - 6) more" : "")
            let owner = dialect.map { " (\($0.title))" } ?? ""
            obstacles.append(
                Obstacle(
                    reason: "\(names.count == 1 ? "import" : "imports") not provided\(owner): \(list)",
                    advice: dialect?.advice
                        ?? "wasm-shim provides \(WASIPreview1Host.moduleNames[0]): build for wasm32-wasip1"))
        }
    }

    /// `run` calls a function that takes nothing.
    private mutating func lookForEntry(in module: Module) {
        let others = module.exports.filter {
            $0.kind == .function && module.type(ofFunction: $0.index).parameters.isEmpty
        }
        guard let export = module.export(function), export.kind == .function else {
            let names = others.prefix(4).map { "#\($0.name)" }
            let isLibrary = module.export("_initialize") != nil
            obstacles.append(
                Obstacle(
                    reason: "no exported function \"\(function)\" to run"
                        + (isLibrary ? ": it is a library (reactor)" : ""),
                    advice: names.isEmpty
                        ? "build a command, which has \"_start\""
                        : "name one with --entrypoint: \(names.joined(separator: ", "))"))
            return
        }
        let type = module.type(ofFunction: export.index)
        if !type.parameters.isEmpty {
            obstacles.append(
                Obstacle(
                    reason: "function \"\(function)\" wants arguments (\(type))",
                    advice: "name a function that takes none with --entrypoint #FUNCTION"))
        }
    }

    private static func advice(on error: ModuleError) -> String? {
        switch error.kind {
        case .malformed, .invalid: "the file is damaged, or its compiler is wrong: build or copy it again"
        case .unsupported(let feature): "build it without the feature \"\(feature)\""
        case .limit: "make it smaller"
        }
    }
}
