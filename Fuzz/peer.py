"""What wasmtime makes of a module, in the same lines as `module-run`."""
import importlib.metadata
import math
import struct

import wasmtime

INTEGERS = [0, 1, 0xFFFF_FFFF_FFFF_FFFF, 0x8000_0000_8000_0000, 0x7FFF_FFFF, 0x1234_5678_9ABC_DEF0]
FLOATS = [0.0, 1.5, -2.25, math.inf, 1e30, -0.0]
DOUBLES = [0.0, 1.5, -2.25, math.inf, 1e300, -0.0]
NUMBERS = ("i32", "i64", "f32", "f64")

# Words in a trap's message, and what kind it is; the first that is found.
KINDS = [("stack exhausted", "stack exhausted"), ("unreachable", "unreachable"), ("out of bounds memory", "memory"),
         ("undefined element", "table"), ("uninitialized element", "element"), ("out of bounds table", "table"),
         ("indirect call type mismatch", "signature"), ("divide by zero", "zero"), ("integer overflow", "overflow"),
         ("invalid conversion", "conversion"), ("null", "null"), ("out of bounds array", "array"), ("cast failure", "cast"),
         ("uncaught exception", "exception"), ("thrown", "exception"), ("unaligned", "unaligned"),
         ("out of memory", "heap"), ("GC heap", "heap"), ("allocation size too large", "heap")]


class Refused(Exception):
    """wasmtime does not take the module, or cannot say what it gives."""


def version():
    return importlib.metadata.version("wasmtime")


def kind(message):
    lower = message.lower()
    for words, name in KINDS:
        if words.lower() in lower:
            return f"trap {name}"
    raise Refused(message)


def configuration():
    config = wasmtime.Config()
    for name in ("gc", "function_references", "exceptions", "memory64", "multi_memory", "tail_call", "custom_page_sizes",
                 "wide_arithmetic", "relaxed_simd"):
        setattr(config, f"wasm_{name}", True)
    config.max_wasm_stack = 512 << 10
    config.memory_init_cow = False
    return config


ENGINE = wasmtime.Engine(configuration())


def bits(value, type_):
    if type_ == "i32":
        return f"{value & 0xFFFF_FFFF:x}"
    if type_ == "i64":
        return f"{value & 0xFFFF_FFFF_FFFF_FFFF:x}"
    if math.isnan(value):
        return "nan"
    code, integer = ("<f", "<I") if type_ == "f32" else ("<d", "<Q")
    return f"{struct.unpack(integer, struct.pack(code, value))[0]:x}"


def argument(type_, attempt):
    value = INTEGERS[attempt % 6]
    if type_ == "i32":
        value &= 0xFFFF_FFFF
        return value - (1 << 32) if value >> 31 else value
    if type_ == "i64":
        return value - (1 << 64) if value >> 63 else value
    return {"f32": FLOATS, "f64": DOUBLES}[type_][attempt % 6]


def digest(data):
    """As module-run's; long runs of zeros are many, and each only multiplies."""
    hash_ = 0xCBF2_9CE4_8422_2325
    for part in (data[i:i + 4096] for i in range(0, len(data), 4096)):
        if not any(part):
            hash_ = hash_ * pow(0x100_0000_01B3, len(part), 1 << 64) & 0xFFFF_FFFF_FFFF_FFFF
            continue
        for byte in part:
            hash_ = (hash_ ^ byte) * 0x100_0000_01B3 & 0xFFFF_FFFF_FFFF_FFFF
    return f"{hash_:x}"


def run(path, listed):
    """The lines for a module, of the exports that `module-run` listed: wasmtime's interface ends the process when it is asked
    about a vector. Raises Refused."""
    try:
        module = wasmtime.Module.from_file(ENGINE, str(path))
    except wasmtime.WasmtimeError as error:
        raise Refused(str(error)) from error
    store = wasmtime.Store(ENGINE)
    try:
        instance = wasmtime.Instance(store, module, [])
    except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
        return [kind(str(error))]
    lines, ends, exports = [], [], instance.exports(store).by_index
    for line in listed:
        name, *words = line[2:].split(" ")
        name = int(name)
        if words == ["memory"]:
            size = exports[name].data_len(store)
            ends += [(name, size)] if size <= 16 << 20 else []
        elif words[0] == "global":
            ends.append((name, words[1]))
        else:
            at = words.index(">")
            lines += calls(store, exports[name], name, words[:at], words[at + 1:])
    for name, what in ends:
        if what in NUMBERS:
            lines.append(f"{name} global: {bits(exports[name].value(store), what)}")
        else:
            size = exports[name].data_len(store)
            if size <= 16 << 20:
                lines.append(f"{name} memory: {size} {digest(bytes(exports[name].read(store, 0, size)))}")
    return lines


def calls(store, function, name, types, results):
    lines = []
    for attempt in range(2 if not types else 4):
        try:
            given = function(store, *(argument(t, attempt) for t in types))
        except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
            lines.append(f"{name} {attempt}: {kind(str(error))}")
            continue
        given = [] if not results else [given] if len(results) == 1 else given
        shown = [bits(v, t) if t in NUMBERS else "-" for v, t in zip(given, results)]
        lines.append(f"{name} {attempt}: {' '.join(shown)}")
    return lines


def normal(lines):
    """Our lines with traps by kind."""
    made = []
    for line in lines:
        head, trap, message = line.partition("trap: ")
        made.append(head + kind(message) if trap else line)
    return made
