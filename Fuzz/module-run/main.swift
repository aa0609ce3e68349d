// Runs modules for `Fuzz/compare-engines`: of each path on a line of standard input the module's exported functions, with the
// same few arguments always, then what its memories and globals hold; a line for each, then an empty one.
import Foundation
import WasmModule
import WasmRuntime
import WasmText

/// Interesting bits of each type of number, by the number of the attempt.
func argument(_ type: ValueType, _ attempt: Int) -> UInt64? {
    let integers: [UInt64] = [0, 1, 0xFFFF_FFFF_FFFF_FFFF, 0x8000_0000_8000_0000, 0x7FFF_FFFF, 0x1234_5678_9ABC_DEF0]
    let bits = integers[attempt % integers.count]
    switch type {
    case .i32: return bits & 0xFFFF_FFFF
    case .i64: return bits
    case .f32: return UInt64([0, 1.5, -2.25, Float.infinity, 1e30, -0.0][attempt % 6].bitPattern)
    case .f64: return [0, 1.5, -2.25, Double.infinity, 1e300, -0.0][attempt % 6].bitPattern
    default: return nil
    }
}

/// A value's bits, those of a NaN as any NaN.
func shown(_ value: Value, _ type: ValueType) -> String {
    switch type {
    case .i32, .i64: String(value.low, radix: 16)
    case .f32:
        Float(bitPattern: UInt32(truncatingIfNeeded: value.low)).isNaN ? "nan" : String(value.low, radix: 16)
    case .f64: Double(bitPattern: value.low).isNaN ? "nan" : String(value.low, radix: 16)
    default: "-"
    }
}

/// FNV-1a.
func digest(_ memory: GuestMemory) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    var address: UInt64 = 0
    while address < memory.count {
        let count = min(memory.count - address, 1 << 20)
        guard let bytes = try? memory.bytes(at: UInt32(truncatingIfNeeded: address), count: UInt32(count)) else {
            break
        }
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        address += count
    }
    return String(hash, radix: 16)
}

/// An export and its number: names may be anything.
typealias Numbered = (number: Int, export: Module.Export)

/// What is exported and can be compared: functions of numbers, small memories, globals of numbers.
func comparable(_ module: Module) -> [Numbered] {
    let numbers: Set<ValueType> = [.i32, .i64, .f32, .f64]
    return module.exports.enumerated().map { ($0.offset, $0.element) }.filter { _, export in
        switch export.kind {
        case .function:
            let type = module.type(ofFunction: export.index)
            return type.parameters.allSatisfy(numbers.contains) && !type.results.contains(.v128)
        case .memory: return true
        case .global: return numbers.contains(module.globals[export.index].value)
        case .table, .tag: return false
        }
    }
}

/// The lines that say which exports there are, and of which types.
func listed(_ exports: [Numbered], of module: Module) -> [String] {
    exports.map { number, export in
        let words: [String] =
            switch export.kind {
            case .function:
                module.type(ofFunction: export.index).parameters.map { "\($0)" } + [">"]
                    + module.type(ofFunction: export.index).results.map { "\($0)" }
            case .memory: ["memory"]
            default: ["global", "\(module.globals[export.index].value)"]
            }
        return "= \(number) \(words.joined(separator: " "))"
    }
}

func run(_ path: String) -> [String] {
    guard var bytes = FileManager.default.contents(atPath: path).map({ Array($0) }) else { return ["not there"] }
    do {
        if path.hasSuffix(".wat") { bytes = try assemble(bytes) }
        let module = try Module(bytes)
        let exports = comparable(module)
        let store = try Store()
        do {
            let instance = try Instance(module, in: store) { _, _ in nil }
            return listed(exports, of: module) + calls(exports, of: instance) + state(exports, of: instance)
        } catch {
            guard case .trap(let trap) = error.problem else { return ["refused: \(error)"] }
            return listed(exports, of: module) + ["trap: \(trap.reason)"]
        }
    } catch {
        return ["refused: \(error)"]
    }
}

func calls(_ exports: [Numbered], of instance: Instance) -> [String] {
    var lines: [String] = []
    for (number, export) in exports {
        guard case .function(let function) = instance.export(export.name) else { continue }
        for attempt in 0..<(function.type.parameters.isEmpty ? 2 : 4) {
            let arguments = function.type.parameters.compactMap { argument($0, attempt) }
            do throws(CallEnd) {
                let results = try function.call(arguments.map { Value($0) })
                let texts = zip(results, function.type.results).map { shown($0, $1) }
                lines.append("\(number) \(attempt): \(texts.joined(separator: " "))")
            } catch {
                lines.append("\(number) \(attempt): \(ending(error))")
            }
        }
    }
    return lines
}

func state(_ exports: [Numbered], of instance: Instance) -> [String] {
    exports.compactMap { number, export in
        switch instance.export(export.name) {
        case .memory(let memory) where memory.contents.count <= 16 << 20:
            "\(number) memory: \(memory.contents.count) \(digest(memory.contents))"
        case .global(let global): "\(number) global: \(shown(global.value, global.type.value))"
        default: nil
        }
    }
}

func ending(_ end: CallEnd) -> String {
    guard case .trapped(let trap) = end else { return "exited" }
    return "trap: \(trap.reason)"
}

while let path = readLine() {
    // Written at once, so that nothing waits in a buffer when the next module ends the program.
    let answer = (run(path) + ["", ""]).joined(separator: "\n")
    try FileHandle.standardOutput.write(contentsOf: Data(answer.utf8))
}
