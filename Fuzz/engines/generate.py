"""Makes modules that a translator may get wrong: sums, shifts and masks before accesses and branches, operands that wait
while a local or a block changes, the last argument before a call, carried values, many types in the same frame.

Everything ends soon: loops count, calls go to functions made before only, and an estimate bounds the whole. A NaN that
an operation makes reaches no bits that are compared."""
import random

from body import Body
from values import ANY, bits, ELEMENTS, FIELDS, FLOATS, OBJECT, REFERENCES, STRUCT, TYPES_OF_OBJECTS, WIDE
from wasm_bytes import counted, F32, F64, function_type, I32, I64, section, signed, unsigned, V128, value_type, vector


class Maker:
    """One module."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.has = {name: self.random.random() < share for name, share in [
            ("vectors", .4), ("objects", .3), ("exceptions", .4), ("wide", .2), ("atomics", .2), ("tails", .4), ("floats", .7)]}
        self.types, self.functions, self.costs = [], [], []
        self.numbers = [I32, I32, I32, I64] + ([F32, F64] if self.has["floats"] else [])
        if self.has["vectors"]:
            self.numbers += [V128, V128]
        self.values = self.numbers + (REFERENCES if self.has["objects"] else [])
        self.memories = self.make_memories()
        self.globals = [I32, I32, I64, I32] + ([F32, F64] if self.has["floats"] else []) + ([V128] if self.has["vectors"] else [])
        self.globals += [OBJECT, ANY] if self.has["objects"] else []
        self.tags = []

    def make_memories(self):
        """Each: 64-bit addresses, log2 of the page size or None, bytes."""
        chance = self.random.random()
        first = (False, None, 65536)
        if chance < .12:
            first = (True, None, 65536)
        elif chance < .2:
            first = (False, 0, self.random.choice([100, 4096, 70000]))
        elif chance < .24:
            first = (True, 0, 70000)
        rest = [(False, None, 65536), (True, None, 65536), (False, 0, 1000)]
        return [first] + self.random.sample(rest, self.random.choice([0, 0, 1, 2]))

    def type(self, parameters, results):
        """The index of a function type."""
        key = (tuple(parameters), tuple(results))
        if key not in self.types:
            self.types.append(key)
        return self.types.index(key) + (TYPES_OF_OBJECTS if self.has["objects"] else 0)

    def pick_types(self, most):
        return [self.random.choice(self.numbers) for _ in range(self.random.randint(0, most))]

    def make(self):
        if self.has["exceptions"]:
            for _ in range(3):
                self.tags.append(self.pick_types(3))
        bodies = []
        for _ in range(self.random.randint(2, 6)):
            most = 20 if self.random.random() < .1 else 5
            parameters = self.pick_types(most)
            if self.has["objects"] and self.random.random() < .3:
                parameters.append(self.random.choice(REFERENCES))
            results = self.pick_types(12 if self.random.random() < .1 else self.random.choice([1, 1, 3]))
            body = Body(self, parameters, results)
            bodies.append(body.code())
            self.functions.append((parameters, results))
            self.costs.append(body.cost)
        return self.assemble(bodies)

    def assemble(self, bodies):
        tag_types = [self.type(tag, []) for tag in self.tags]
        function_types = [self.type(*function) for function in self.functions]
        recursive = []
        if self.has["objects"]:
            fields = b"".join(stored + b"\1" for stored, _ in FIELDS)
            recursive = [b"\x50\0\x5f" + unsigned(len(FIELDS)) + fields,
                         b"\x50" + vector([unsigned(STRUCT)]) + b"\x5f" + unsigned(len(FIELDS) + 1) + fields + b"\x7c\1"]
            recursive += [b"\x5e" + stored + b"\1" for stored, _ in ELEMENTS.values()]
        groups = ([b"\x4e" + vector(recursive)] if recursive else []) + [function_type(*type_) for type_ in self.types]
        out = b"\0asm\1\0\0\0" + section(1, vector(groups))
        out += section(3, vector(map(unsigned, function_types)))
        count = len(self.functions)
        # The table: each function, null, each function.
        # A second one, for instructions that change tables: nothing is called through that.
        size = unsigned(2 * count + 1)
        out += section(4, vector([b"\x70\1" + size + size, b"\x70\1\x05\x0a"]))
        out += section(5, vector(self.memory(*memory) for memory in self.memories))
        if self.tags:
            out += section(13, vector(b"\0" + unsigned(type_) for type_ in tag_types))
        out += section(6, vector(value_type(type_) + b"\1" + self.initial(type_) for type_ in self.globals))
        exports = [counted(b"f%d" % i) + b"\0" + unsigned(i) for i in range(count)]
        exports += [counted(b"m%d" % i) + b"\2" + unsigned(i) for i in range(len(self.memories))]
        exports += [counted(b"g%d" % i) + b"\3" + unsigned(i) for i in range(len(self.globals))]
        out += section(7, vector(exports))
        everything = vector(map(unsigned, range(count)))
        out += section(9, vector([b"\0\x41\0\x0b" + everything, b"\0\x41" + signed(count + 1) + b"\x0b" + everything,
                                  b"\x01\0" + everything]))
        out += section(12, unsigned(len(self.memories) + 1))
        out += section(10, vector(map(counted, bodies)))
        data = [self.data(i, *memory) for i, memory in enumerate(self.memories)]
        return out + section(11, vector(data + [b"\1" + counted(self.random.randbytes(40))]))

    def memory(self, wide, log2, size):
        flags = 1 | (4 if wide else 0) | (8 if log2 is not None else 0)
        pages = size >> (16 if log2 is None else log2)
        most = pages + (1 if log2 is None else 500)
        return bytes([flags]) + unsigned(pages) + unsigned(most) + (unsigned(log2) if log2 is not None else b"")

    def data(self, index, wide, _log2, size):
        offset = bytes([0x42 if wide else 0x41]) + signed(8) + b"\x0b"
        return b"\2" + unsigned(index) + offset + counted(self.random.randbytes(min(size - 8, 600)))

    def initial(self, type_):
        if type_ == I32:
            return b"\x41" + signed(self.random.choice([1024, 65536, 0, -1])) + b"\x0b"
        if type_ == I64:
            return b"\x42" + signed(self.random.choice(WIDE)) + b"\x0b"
        if type_ in (F32, F64):
            return bytes([0x43 if type_ == F32 else 0x44]) + bits(type_, self.random.choice(FLOATS[:10])) + b"\x0b"
        if type_ == V128:
            return b"\xfd\x0c" + self.random.randbytes(16) + b"\x0b"
        return b"\xd0" + value_type(type_)[-1:] + b"\x0b"


def generate(seed):
    """The module of a seed."""
    return Maker(seed).make()
