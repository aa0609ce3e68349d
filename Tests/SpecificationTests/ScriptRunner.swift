import Foundation
import WasmModule
import WasmRuntime

/// Runs a script's commands and counts how they went.
struct ScriptRunner {
    let folder: String
    private(set) var passed = 0
    /// Commands left out because a module before them needs a feature that the engine refuses by name.
    private(set) var unsupported = 0
    private(set) var features: Set<String> = []
    private(set) var failures: [(line: Int, reason: String)] = []

    /// The counts, and the features that were missed.
    var summary: String {
        let missed = features.isEmpty ? "" : " for want of \(features.sorted().joined(separator: ", "))"
        return "\(passed) passed, \(failures.count) failed, \(unsupported) not run\(missed)"
    }

    private let store: Store
    private var instances: [String: Instance] = [:]
    private var registered: [String: Instance] = [:]
    private var current: Instance?
    private let spectest: Spectest
    private var definitions: [String: Module] = [:]

    init(folder: String) throws {
        self.folder = folder
        store = try Store()
        spectest = try Spectest(store)
    }

    mutating func run(_ script: Script) {
        for command in script.commands { run(command) }
    }

    private mutating func fail(_ command: Script.Command, _ reason: String) {
        failures.append((command.line, "\(command.type): \(reason)"))
    }

    private mutating func run(_ command: Script.Command) {
        switch command.type {
        case "module": define(command)
        case "register":
            guard let instance = instance(command.name) else { return unsupported += 1 }
            registered[command.as ?? ""] = instance
        case "assert_return": assertReturn(command)
        case "action": perform(command)
        case "assert_trap", "assert_exhaustion": assertTrap(command, command.text ?? "")
        case "assert_exception": assertTrap(command, "uncaught exception")
        case "assert_malformed", "assert_invalid": assertRefused(command)
        case "assert_unlinkable", "assert_uninstantiable": assertUnlinkable(command)
        case "module_definition", "module_instance", "thread", "wait", "assert_suspension":
            unsupported += 1
            features.insert(command.type)
        default: fail(command, "not a command that this runner knows")
        }
    }

    private func bytes(_ command: Script.Command) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/" + (command.filename ?? ""))))
    }

    private func resolve(_ module: String, _ name: String) -> External? {
        module == "spectest" ? spectest.export(name) : registered[module]?.export(name)
    }

    /// An instance by its name in the script, or the latest.
    private func instance(_ name: String?) -> Instance? { name.map { instances[$0] } ?? current }

    private mutating func define(_ command: Script.Command) {
        current = nil
        guard command.moduleType == "binary" else {
            features.insert("text format")
            return unsupported += 1
        }
        if let name = command.name { instances[name] = nil }
        do {
            let instance = try Instance(Module(try bytes(command)), in: store, resolve: resolve)
            current = instance
            if let name = command.name { instances[name] = instance }
            passed += 1
        } catch let error as ModuleError {
            if case .unsupported(let feature) = error.kind {
                unsupported += 1
                features.insert(feature)
            } else {
                fail(command, "\(error)")
            }
        } catch let error as RuntimeError {
            // What an unsupported module would have exported is missing here.
            if case .unlinkable = error.problem, !features.isEmpty {
                unsupported += 1
            } else {
                fail(command, "\(error)")
            }
        } catch {
            fail(command, "\(error)")
        }
    }

    // MARK: - Actions

    private enum Outcome {
        case values([UInt64], [ValueType])
        case trap(Trap)
        case missing
    }

    private func outcome(_ command: Script.Command) -> Outcome {
        guard let action = command.action, let instance = instance(action.module) else { return .missing }
        switch (action.type, instance.export(action.field)) {
        case ("invoke", .function(let function)):
            let arguments = (action.args ?? []).map(Self.bits)
            guard !arguments.contains(nil) else { return .missing }
            do throws(CallEnd) {
                return .values(try function.call(arguments.compactMap { $0 }), function.type.results)
            } catch {
                switch error {
                case .trapped(let trap): return .trap(trap)
                case .exited(let code): return .trap(Trap(reason: "exited \(code)"))
                }
            }
        case ("get", .global(let global)): return .values([global.bits], [global.type.value])
        default: return .missing
        }
    }

    private mutating func assertReturn(_ command: Script.Command) {
        switch outcome(command) {
        case .missing: unsupported += 1
        case .trap(let trap): fail(command, "trapped: \(trap.reason)")
        case .values(let values, let types):
            let expected = command.expected ?? []
            guard values.count == expected.count else { return fail(command, "\(values.count) results") }
            for ((value, type), want) in zip(zip(values, types), expected) where !Self.matches(value, type, want) {
                return fail(command, "\(command.action?.field ?? "") gave \(String(value, radix: 16)), not \(want)")
            }
            passed += 1
        }
    }

    private mutating func perform(_ command: Script.Command) {
        switch outcome(command) {
        case .missing: unsupported += 1
        case .trap(let trap): fail(command, "trapped: \(trap.reason)")
        case .values: passed += 1
        }
    }

    private mutating func assertTrap(_ command: Script.Command, _ wanted: String) {
        if command.action == nil { return assertUnlinkable(command) }
        switch outcome(command) {
        case .missing: unsupported += 1
        case .values: fail(command, "returned instead of \(wanted)")
        case .trap(let trap):
            if trap.reason.hasPrefix(wanted) || wanted.hasPrefix(trap.reason) || Self.sameTrap(trap.reason, wanted) {
                passed += 1
            } else {
                fail(command, "trapped with \"\(trap.reason)\", not \"\(wanted)\"")
            }
        }
    }

    /// The suite asks for prefixes; one reason of ours adds what the standard's words leave out.
    private static func sameTrap(_ reason: String, _ wanted: String) -> Bool {
        reason.hasPrefix("uninitialized element") && wanted.hasPrefix("uninitialized")
            || reason.hasPrefix("undefined element") && wanted.hasPrefix("undefined")
    }

    // MARK: - Refusals

    private mutating func assertRefused(_ command: Script.Command) {
        guard command.moduleType == "binary" else {
            features.insert("text format")
            return unsupported += 1
        }
        do {
            _ = try Module(try bytes(command))
            fail(command, "accepted; \(command.text ?? "")")
        } catch let error as ModuleError {
            switch error.kind {
            case .unsupported(let feature):
                unsupported += 1
                features.insert(feature)
            case .malformed, .limit:
                passed += 1
            case .invalid:
                if command.type == "assert_invalid" { passed += 1 } else { fail(command, "\(error)") }
            }
        } catch {
            fail(command, "\(error)")
        }
    }

    private mutating func assertUnlinkable(_ command: Script.Command) {
        do {
            _ = try Instance(Module(try bytes(command)), in: store, resolve: resolve)
            fail(command, "instantiated; \(command.text ?? "")")
        } catch is RuntimeError {
            passed += 1
        } catch let error as ModuleError {
            if case .unsupported(let feature) = error.kind {
                unsupported += 1
                features.insert(feature)
            } else {
                fail(command, "\(error)")
            }
        } catch {
            fail(command, "\(error)")
        }
    }

    // MARK: - Values

    private static func bits(_ value: Script.Value) -> UInt64? {
        switch value.type {
        case "i32": value.text.flatMap { Int64($0) }.map { UInt64(UInt32(truncatingIfNeeded: $0)) }
        case "i64":
            value.text.flatMap { text in Int64(text).map { UInt64(bitPattern: $0) } ?? UInt64(text) }
        case "f32": value.text.flatMap { UInt64($0) }
        case "f64": value.text.flatMap { UInt64($0) }
        case "externref": value.text == "null" ? 0 : value.text.flatMap { UInt64($0) }.map { $0 + 1 }
        case "funcref", "exnref": value.text == "null" ? 0 : nil
        default: nil
        }
    }

    private static func matches(_ value: UInt64, _ type: ValueType, _ want: Script.Value) -> Bool {
        switch (want.type, want.text) {
        case ("f32", "nan:canonical"): UInt32(truncatingIfNeeded: value) & 0x7FFF_FFFF == 0x7FC0_0000
        case ("f32", "nan:arithmetic"): UInt32(truncatingIfNeeded: value) & 0x7FC0_0000 == 0x7FC0_0000
        case ("f64", "nan:canonical"): value & 0x7FFF_FFFF_FFFF_FFFF == 0x7FF8_0000_0000_0000
        case ("f64", "nan:arithmetic"): value & 0x7FF8_0000_0000_0000 == 0x7FF8_0000_0000_0000
        case ("i32", _), ("f32", _): bits(want) == UInt64(UInt32(truncatingIfNeeded: value))
        case ("funcref", nil), ("externref", nil), ("exnref", nil): value != 0
        case ("refnull", _): value == 0
        default: bits(want) == value
        }
    }
}
