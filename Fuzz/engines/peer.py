"""The other engine: Wasmtime, in this process (`pip install wasmtime`)."""
import ctypes
import zlib

import wasmtime
from wasmtime import _bindings as ffi
from wasmtime._func import enter_wasm

from wasm_bytes import F32, F64, I32, I64, V128

KINDS = {0: I32, 1: I64, 2: F32, 3: F64, 4: V128}
# A trap's code there, and what our reason for the same begins with.
REASONS = {
    "STACK_OVERFLOW": "call stack exhausted", "MEMORY_OUT_OF_BOUNDS": "out of bounds memory access",
    "HEAP_MISALIGNED": "unaligned atomic", "TABLE_OUT_OF_BOUNDS": "out of bounds table access",
    "INDIRECT_CALL_TO_NULL": "uninitialized element", "BAD_SIGNATURE": "indirect call type mismatch",
    "INTEGER_OVERFLOW": "integer overflow", "INTEGER_DIVISION_BY_ZERO": "integer divide by zero",
    "BAD_CONVERSION_TO_INTEGER": "invalid conversion to integer", "UNREACHABLE": "unreachable executed",
    "ATOMIC_WAIT_NON_SHARED_MEMORY": "expected shared memory", "NULL_REFERENCE": "null",
    "ARRAY_OUT_OF_BOUNDS": "out of bounds array access", "CAST_FAILURE": "cast failure",
    "ALLOCATION_TOO_LARGE": "out of memory",
}
NAMES = {I32: "i32", I64: "i64", F32: "f32", F64: "f64"}


class Refused(Exception):
    """The module is not taken, or cannot be instantiated."""


class OutOfTime(Exception):
    """The module runs too long to be compared."""


def engine():
    """An engine with everything on that ours has."""
    config = wasmtime.Config()
    for name in ("threads", "tail_call", "simd", "multi_memory", "memory64", "relaxed_simd", "relaxed_simd_deterministic", "exceptions",
                 "function_references", "gc", "wide_arithmetic", "custom_page_sizes"):
        setattr(config, f"wasm_{name}", True)
    config.consume_fuel = True
    config.cranelift_opt_level = "none"
    config.parallel_compilation = False
    config.memory_reservation = 1 << 20
    config.memory_guard_size = 1 << 16
    return wasmtime.Engine(config)


class Instance:
    """A module's instance, and what its exports do."""

    def __init__(self, engine_, module):
        try:
            self.module = wasmtime.Module(engine_, module)
        except wasmtime.WasmtimeError as error:
            raise Refused(str(error)) from error
        self.store = wasmtime.Store(engine_)
        self.store.set_fuel(20_000_000)
        self.trap = None
        try:
            self.exports = list(wasmtime.Instance(self.store, self.module, []).exports(self.store)._extern_seq)
        except wasmtime.Trap as trap:
            self.trap, self.exports = self.reason(trap), []
        except wasmtime.WasmtimeError as error:
            raise Refused(str(error)) from error

    def call(self, index, arguments, types):
        """What a call of the export gives, with results of these types: `values …` or `trap …`;
        None if a null here is none of the parameter's type."""
        function = self.exports[index]
        given = (ffi.wasmtime_val_t * max(1, len(arguments)))()
        for value, (type_, low, high) in zip(given, arguments):
            self.fill(value, type_, low, high)
        results = (ffi.wasmtime_val_t * max(1, len(types)))()
        try:
            with enter_wasm(self.store) as trap:
                error = ffi.wasmtime_func_call(self.store._context(), ctypes.byref(function._func), given, len(arguments),
                                               results, len(types), trap)
                if error:
                    raise wasmtime.WasmtimeError._from_ptr(error)
        except wasmtime.Trap as trap_:
            return "trap " + self.reason(trap_)
        except wasmtime.WasmtimeError as error_:
            text = str(error_)
            if "fuel" in text:
                raise OutOfTime() from error_
            if "argument type mismatch" in text:
                return None
            return "trap " + text
        return "values " + " ".join(self.text(value) for value in results[:len(types)])

    @staticmethod
    def reason(trap):
        try:
            code = trap.trap_code.name if trap.trap_code else None
        except ValueError:
            code = None
        if code == "OUT_OF_FUEL":
            raise OutOfTime()
        if code is None and "exception" in trap.message:
            return "uncaught exception"
        return REASONS.get(code, code or trap.message)

    @staticmethod
    def fill(value, type_, low, high):
        if type_ == V128:
            value.kind = 4
            ctypes.memmove(ctypes.addressof(value.of), low.to_bytes(8, "little") + high.to_bytes(8, "little"), 16)
        elif type_ in (I32, I64, F32, F64):
            value.kind = {I32: 0, I64: 1, F32: 2, F64: 3}[type_]
            ctypes.memmove(ctypes.addressof(value.of), low.to_bytes(8, "little"), 8)
        else:
            # All zeros are null.
            value.kind = 5 if "func" in type_ else 6 if "extern" in type_ else 7

    @staticmethod
    def text(value):
        raw = ctypes.string_at(ctypes.addressof(value.of), 24)
        if value.kind == 4:
            return f"v128:{int.from_bytes(raw[:8], 'little'):x}:{int.from_bytes(raw[8:16], 'little'):x}"
        if value.kind in KINDS:
            type_ = KINDS[value.kind]
            return f"{NAMES[type_]}:{int.from_bytes(raw[:4 if type_ in (I32, F32) else 8], 'little'):x}"
        return "null" if int.from_bytes(raw[:8], "little") == 0 else "reference"

    def state(self):
        """Exported memories and globals, a line each."""
        lines = []
        for index, item in enumerate(self.exports):
            if isinstance(item, wasmtime.Memory):
                size = item.data_len(self.store)
                data = (ctypes.c_ubyte * size).from_address(ctypes.addressof(item.data_ptr(self.store).contents)) if size else b""
                lines.append(f"memory {index} {size} {zlib.crc32(data)}")
            elif isinstance(item, wasmtime.Global):
                value = ffi.wasmtime_val_t()
                ffi.wasmtime_global_get(self.store._context(), ctypes.byref(item._global), ctypes.byref(value))
                lines.append(f"global {index} {self.text(value)}")
        return lines
