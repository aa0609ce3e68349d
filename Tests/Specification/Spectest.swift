import WasmModule
import WasmRuntime

/// The `spectest` module that the suite's modules import from.
struct Spectest {
    private var exports: [String: External] = [:]

    init(_ store: Store) throws {
        func print(_ types: ValueType...) -> External {
            .function(Function(HostFunction(FunctionType(types)) { _ in .returned }, in: store))
        }
        exports["print"] = print()
        exports["print_i32"] = print(.i32)
        exports["print_i64"] = print(.i64)
        exports["print_f32"] = print(.f32)
        exports["print_f64"] = print(.f64)
        exports["print_i32_f32"] = print(.i32, .f32)
        exports["print_f64_f64"] = print(.f64, .f64)
        func global(_ type: ValueType, _ bits: UInt64) -> External {
            .global(Global(GlobalType(value: type, isMutable: false), value: Value(bits)))
        }
        exports["global_i32"] = global(.i32, 666)
        exports["global_i64"] = global(.i64, 666)
        exports["global_f32"] = global(.f32, UInt64(Float(666.6).bitPattern))
        exports["global_f64"] = global(.f64, 666.6.bitPattern)
        exports["table"] = .table(
            try Table(TableType(element: .funcref, limits: Limits(minimum: 10, maximum: 20)), in: store))
        exports["table64"] = .table(
            try Table(
                TableType(element: .funcref, limits: Limits(minimum: 10, maximum: 20), address: .i64), in: store))
        exports["shared_memory"] = .memory(
            try LinearMemory(MemoryType(limits: Limits(minimum: 1, maximum: 2), isShared: true)))
        exports["memory"] = .memory(try LinearMemory(MemoryType(limits: Limits(minimum: 1, maximum: 2))))
    }

    func export(_ name: String) -> External? { exports[name] }
}
