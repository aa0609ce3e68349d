import FoundationEssentials
import WasmModule
import WasmRuntime

/// One module, instantiated, called as somebody asks, and told of line by line.
struct Trial {
    private let store: Store
    private let instance: Instance

    /// Reads and instantiates the module in a file. `collectsEvery`: at each so-manieth new object the collector runs.
    init(path: String, collectsEvery: Int) throws {
        let module = try Module([UInt8](Data(contentsOf: URL(filePath: path))))
        store = try Store(collectsEvery: collectsEvery)
        instance = try Instance(module, in: store) { _, _ in nil }
    }

    /// The exports in order, a line each: what they are, and of functions the types of parameters and results.
    var exports: [String] {
        instance.module.exports.map { export in
            guard case .function(let function) = instance.export(export.name) else { return "\(export.kind)" }
            let parameters = function.type.parameters.map { ",\($0)" }.joined()
            return "function\(parameters);\(function.type.results.map { ",\($0)" }.joined())"
        }
    }

    /// Calls the export at an index of the module's exports, with the halves of its arguments; what came of it.
    func call(_ index: Int, _ halves: [UInt64]) -> String {
        guard instance.module.exports.indices.contains(index),
            case .function(let function) = instance.export(instance.module.exports[index].name),
            halves.count == 2 * function.type.parameters.count
        else { return "no such function" }
        let arguments = stride(from: 0, to: halves.count, by: 2).map { Value(halves[$0], high: halves[$0 + 1]) }
        do throws(CallEnd) {
            let results: [Value] = try function.call(arguments)
            let texts = zip(results, function.type.results).map { Self.text(of: $0, $1) }
            return "values " + texts.joined(separator: " ")
        } catch {
            return switch error {
            case .exited(let code): "exited \(code)"
            case .trapped(let trap): "trap \(trap.reason)"
            }
        }
    }

    /// The exported memories and globals as they are now, a line each.
    var state: [String] {
        instance.module.exports.enumerated().compactMap { index, export in
            switch instance.export(export.name) {
            case .memory(let memory):
                let count = memory.contents.count
                guard let size = UInt32(exactly: count), let bytes = try? memory.contents.bytes(at: 0, count: size)
                else { return "memory \(index) \(count)" }
                return "memory \(index) \(count) \(Checksum.crc32(bytes))"
            case .global(let global):
                return "global \(index) \(Self.text(of: global.value, global.type.value))"
            default: return nil
            }
        }
    }

    private static func text(of value: Value, _ type: ValueType) -> String {
        switch type {
        case .i32, .f32: "\(type):\(String(value.low & 0xFFFF_FFFF, radix: 16))"
        case .i64, .f64: "\(type):\(String(value.low, radix: 16))"
        case .v128: "v128:\(String(value.low, radix: 16)):\(String(value.high, radix: 16))"
        default: value.low == 0 ? "null" : "reference"
        }
    }
}
