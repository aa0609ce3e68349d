"""The types and values that generated modules are made of."""
import struct

from wasm_bytes import F32, F64, I32, I64, V128

STRUCT, CHILD, REFS, INTS, BYTES, SHORTS, LONGS, SINGLES, DOUBLES, VECTORS = range(10)
TYPES_OF_OBJECTS = 10
OBJECT, LINKS, ANY = ("ref", STRUCT), ("ref", REFS), 0x6E
# A structure's fields and arrays' elements: as stored, and as a value.
FIELDS = [(b"\x7f", I32), (b"\x7e", I64), (b"\x63\0", OBJECT), (b"\x78", I32), (b"\x77", I32), (b"\x7d", F32), (b"\x7c", F64),
          (b"\x7b", V128)]
ELEMENTS = {REFS: FIELDS[2], INTS: FIELDS[0], BYTES: FIELDS[3], SHORTS: FIELDS[4], LONGS: FIELDS[1], SINGLES: FIELDS[5],
            DOUBLES: FIELDS[6], VECTORS: FIELDS[7]}
ARRAYS = [("ref", kind) for kind in ELEMENTS]
REFERENCES = [OBJECT, OBJECT, LINKS, ("ref", INTS), ANY]
BUDGET = 20_000

INTEGERS = [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 33, 63, 64, 127, 128, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF,
            -1, -2, -4, -8, -16, -128, -129, -0x8000, -0x8001, -0x80000000]
WIDE = INTEGERS + [0x80000000, 0xFFFFFFFF, 1 << 32, (1 << 32) + 5, -(1 << 33), (1 << 63) - 1, -(1 << 63), 0x123456789ABCDEF]
FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, 1.5, -2.5, 3e9, -3e9, 1e19, -1e19, 2147483648.0, float("inf"), float("-inf"), float("nan"), 1e-40]


def bits(type_, value):
    """A float's bytes."""
    return struct.pack("<f" if type_ == F32 else "<d", value if type_ == F64 else struct.unpack("<f", struct.pack("<f", value))[0])


def is_reference(type_):
    return isinstance(type_, tuple) or type_ == ANY
