internal import GuestDialects
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
                advice: GuestDialect.preview2.advice))
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
        var missing = MissingImports()
        var known: Set<GuestDialect> = []
        for item in module.imports {
            let problem = provided.problem(with: item)
            imports.append(
                Import(
                    module: item.module, name: item.name, kind: item.type.word, type: module.words(for: item.type),
                    isProvided: problem == nil, problem: problem))
            let dialect = GuestDialect(item, isProvided: problem == nil)
            if let dialect { known.insert(dialect) }
            if let problem { missing.add(item, problem: problem == InspectProvided.missing ? nil : problem) }
        }
        if module.customSection("dylink.0") != nil { known.insert(.dynamicLibrary) }
        dialects = GuestDialect.allCases.filter(known.contains)
        obstacles += missing.groups.map { Obstacle(reason: $0.reason(naming: 6), advice: $0.advice) }
    }

    /// `run` calls a function that takes nothing.
    private mutating func lookForEntry(in module: Module) {
        let others = module.exports.filter {
            $0.kind == .function && $0.name != "_initialize"
                && module.type(ofFunction: $0.index).parameters.isEmpty
        }
        // Its start function is a program too.
        if function == "_start", module.export(function) == nil, module.start != nil { return }
        guard let export = module.export(function), export.kind == .function else {
            let names = others.prefix(4).map { "#\($0.name)" }
            let isLibrary = module.export("_initialize") != nil
            obstacles.append(
                Obstacle(
                    reason: "no exported function \"\(function)\" to run"
                        + (isLibrary ? ": it is a library (reactor)" : ""),
                    advice: names.isEmpty
                        ? "call one with --invoke, or build a command, which has \"_start\""
                        : "name one with --entrypoint: \(names.joined(separator: ", ")); or call any with --invoke"))
            return
        }
        let type = module.type(ofFunction: export.index)
        if !type.parameters.isEmpty {
            obstacles.append(
                Obstacle(
                    reason: "function \"\(function)\" wants arguments (\(type))",
                    advice: "call it with --invoke \(function) -- ARGUMENTS…"))
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
