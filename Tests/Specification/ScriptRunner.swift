import WasmModule
import WasmRuntime
package import WasmText

/// Runs a script's commands and counts how they went.
package struct ScriptRunner {
    package private(set) var counts = Counts()
    /// What the commands run in.
    let store: Store
    private let spectest: Spectest
    private var definitions: [String: ScriptModule] = [:]
    private var lastDefinition: ScriptModule?
    private var instances: [String: Instance] = [:]
    /// What modules may import, by the name that a script registered it under.
    private var registered: [[UInt8]: (String) -> External?] = [:]
    private var current: Instance?
    /// Of the instances of the thread that started this one, those that it shares.
    private let shared: [String: ScriptThread.SharedExports]
    private var threads: [String: ScriptThread] = [:]

    /// `collectsEvery`: how often the store collects objects besides when it must; 0 for never.
    package init(collectsEvery: Int = 0) throws {
        store = try Store(collectsEvery: collectsEvery)
        spectest = try Spectest(store)
        shared = [:]
    }

    /// For a thread, to which another lends memories.
    init(shared: [String: ScriptThread.SharedExports]) throws {
        store = try Store()
        spectest = try Spectest(store)
        self.shared = shared
    }

    /// How the commands of a script went.
    package struct Counts: Sendable {
        package var passed = 0
        package var failures: [Failure] = []
        /// Commands left out because one before them failed.
        package var notRun = 0

        fileprivate mutating func add(_ other: Counts) {
            passed += other.passed
            failures += other.failures
            notRun += other.notRun
        }
    }

    /// A command that did not do what it should.
    package struct Failure: Sendable {
        package let line: Int
        package let reason: String
    }

    /// Why a command failed.
    struct Problem: Error {
        let reason: String

        init(_ reason: String) { self.reason = reason }
    }

    /// A command cannot be run, because a module before it never came to be.
    struct NothingToRun: Error {}

    package mutating func run(_ script: Script) { run(script.commands) }

    /// Runs commands, and waits for the threads that they started and did not wait for.
    mutating func run(_ commands: [ScriptCommand]) {
        for command in commands { run(command) }
        for (name, thread) in threads {
            do {
                counts.add(try thread.counts())
            } catch {
                counts.failures.append(Failure(line: 0, reason: "thread \(name): \(error)"))
            }
        }
        threads = [:]
    }

    private mutating func run(_ command: ScriptCommand) {
        do {
            try perform(command.kind)
            counts.passed += 1
        } catch is NothingToRun {
            counts.notRun += 1
        } catch let problem as Problem {
            counts.failures.append(Failure(line: command.position.line, reason: problem.reason))
        } catch {
            counts.failures.append(Failure(line: command.position.line, reason: "\(error)"))
        }
    }

    private mutating func perform(_ command: ScriptCommand.Kind) throws {
        switch command {
        case .module(let module): try define(module)
        case .definition(let module):
            lastDefinition = module
            if let name = module.name { definitions[name] = module }
            _ = try Module(try module.binary.get())
        case .instance(let name, let definition):
            guard let module = definition.map({ definitions[$0] }) ?? lastDefinition else { throw NothingToRun() }
            current = nil
            current = try instantiate(module)
            if let name { instances[name] = current }
        case .register(let name, let instance): registered[name] = try exports(of: instance)
        case .action(let action): _ = try results(of: action)
        case .assertReturn(let action, let patterns): try expect(patterns, of: action)
        case .assertTrap(let action, let reason), .assertExhaustion(let action, let reason):
            try expectTrap(reason) { try results(of: action) }
        case .assertException(let action): try expectTrap("uncaught exception") { try results(of: action) }
        case .assertTrapAtStart(let module, let reason): try expectTrap(reason) { try instantiate(module) }
        case .assertMalformed(let module, _), .assertMalformedCustom(let module, _):
            try expectRefusal(of: module, mayBeInvalid: false)
        case .assertInvalid(let module, _), .assertInvalidCustom(let module, _):
            try expectRefusal(of: module, mayBeInvalid: true)
        case .assertUnlinkable(let module, _): try expectUnlinkable(module)
        case .thread(let name, let shared, let commands): try start(name ?? "", shared, commands)
        case .wait(let name):
            guard let thread = threads.removeValue(forKey: name ?? "") else { throw Problem("no such thread") }
            counts.add(try thread.counts())
        }
    }

    // MARK: - Modules

    private func resolve(_ module: String, _ name: String) -> External? {
        module == "spectest" ? spectest.export(name) : registered[Array(module.utf8)]?(name)
    }

    private func instantiate(_ module: ScriptModule) throws -> Instance {
        try Instance(Module(try module.binary.get()), in: store, resolve: resolve)
    }

    private mutating func define(_ module: ScriptModule) throws {
        current = nil
        if let name = module.name { instances[name] = nil }
        current = try instantiate(module)
        if let name = module.name { instances[name] = current }
        lastDefinition = module
        if let name = module.name { definitions[name] = module }
    }

    /// An instance by its name in the script, or the latest.
    private func instance(_ name: String?) throws -> Instance {
        guard let instance = name.map({ instances[$0] }) ?? current else { throw NothingToRun() }
        return instance
    }

    /// What an instance exports, or one that another thread shares with this.
    private func exports(of name: String?) throws -> (String) -> External? {
        if let name, instances[name] == nil, let memories = shared[name] {
            return { memories[$0].map { .memory($0) } }
        }
        return try instance(name).export
    }

    // MARK: - Threads

    private mutating func start(_ name: String, _ modules: [String], _ commands: [ScriptCommand]) throws {
        var shared: [String: ScriptThread.SharedExports] = [:]
        for module in modules {
            let instance = try instance(module)
            shared[module] = [:]
            for export in instance.module.exports {
                guard case .memory(let memory) = instance.export(export.name) else { continue }
                shared[module]?[export.name] = memory
            }
        }
        guard threads[name] == nil else { throw Problem("there is such a thread already") }
        threads[name] = ScriptThread(commands, shared: shared)
    }

    // MARK: - Refusals

    private func expectRefusal(of module: ScriptModule, mayBeInvalid: Bool) throws {
        let bytes: [UInt8]
        switch module.binary {
        case .success(let binary): bytes = binary
        case .failure: return
        }
        do throws(ModuleError) {
            _ = try Module(bytes)
        } catch {
            switch error.kind {
            case .unsupported: throw Problem("\(error)")
            case .invalid where !mayBeInvalid: throw Problem("invalid, not malformed: \(error)")
            case .malformed, .limit, .invalid: return
            }
        }
        throw Problem("accepted")
    }

    private func expectUnlinkable(_ module: ScriptModule) throws {
        do {
            _ = try instantiate(module)
        } catch let error as RuntimeError {
            if case .unlinkable = error.problem { return }
            throw Problem("\(error)")
        }
        throw Problem("instantiated")
    }

    // MARK: - Actions

    private struct Result {
        let value: Value
        let type: ValueType
    }

    private func results(of action: ScriptAction) throws -> [Result] {
        switch action {
        case .invoke(let name, let export, let arguments):
            guard case .function(let function) = try instance(name).export(String(decoding: export, as: UTF8.self))
            else {
                throw Problem("no such function: \(String(decoding: export, as: UTF8.self))")
            }
            let values: [Value] = try function.call(arguments.map(Self.value))
            return zip(values, function.type.results).map { Result(value: $0, type: $1) }
        case .get(let name, let export):
            guard case .global(let global) = try instance(name).export(String(decoding: export, as: UTF8.self)) else {
                throw Problem("no such global: \(String(decoding: export, as: UTF8.self))")
            }
            return [Result(value: global.value, type: global.type.value)]
        }
    }

    private func expect(_ patterns: [ScriptPattern], of action: ScriptAction) throws {
        let results = try results(of: action)
        guard results.count == patterns.count else { throw Problem("\(results.count) results, not \(patterns.count)") }
        for (result, pattern) in zip(results, patterns) where !Self.matches(result.value, pattern) {
            let high = result.value.high == 0 ? "" : " \(String(result.value.high, radix: 16))"
            throw Problem("gave \(result.type) 0x\(String(result.value.low, radix: 16))\(high), not \(pattern)")
        }
    }

    private func expectTrap(_ wanted: String, _ body: () throws -> some Any) throws {
        let reason: String
        do {
            _ = try body()
            throw Problem("returned instead of \(wanted)")
        } catch let end as CallEnd {
            guard case .trapped(let trap) = end else { throw end }
            reason = trap.reason
        } catch let error as RuntimeError {
            guard case .trap(let trap) = error.problem else { throw error }
            reason = trap.reason
        }
        // The suite asks for prefixes; some reasons of ours add what the standard's words leave out.
        let isSame =
            reason.hasPrefix(wanted) || wanted.hasPrefix(reason)
            || ["uninitialized", "undefined", "null"].contains { reason.hasPrefix($0) && wanted.hasPrefix($0) }
        guard isSame else { throw Problem("trapped with \"\(reason)\", not \"\(wanted)\"") }
    }
}
