"""Makes modules that a translator may get wrong: sums, shifts and masks before accesses and branches, operands that wait
while a local or a block changes, the last argument before a call, carried values, many types in the same frame.

Everything ends soon: loops count, calls go to functions made before only, and an estimate bounds the whole. A NaN that
an operation makes reaches no bits that are compared."""
import random
import struct

from vectors import (BINARY, FLOAT_BINARY, FLOAT_UNARY, LOAD_LANES, LOADS, SHIFTS, STORE_LANES, TESTS, UNARY)
from wasm_bytes import (F32, F64, FUNCREF, I32, I64, V128, counted, function_type, section, signed, unsigned, value_type,
                        vector)

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
LONGS = INTEGERS + [0x80000000, 0xFFFFFFFF, 1 << 32, (1 << 32) + 5, -(1 << 33), (1 << 63) - 1, -(1 << 63), 0x123456789ABCDEF]
FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, 1.5, -2.5, 3e9, -3e9, 1e19, -1e19, 2147483648.0, float("inf"), float("-inf"), float("nan"), 1e-40]


def bits(type_, value):
    """A float's bytes."""
    return struct.pack("<f" if type_ == F32 else "<d", value if type_ == F64 else struct.unpack("<f", struct.pack("<f", value))[0])


def is_reference(type_):
    return isinstance(type_, tuple) or type_ == ANY


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
            return b"\x42" + signed(self.random.choice(LONGS)) + b"\x0b"
        if type_ in (F32, F64):
            return bytes([0x43 if type_ == F32 else 0x44]) + bits(type_, self.random.choice(FLOATS[:10])) + b"\x0b"
        if type_ == V128:
            return b"\xfd\x0c" + self.random.randbytes(16) + b"\x0b"
        return b"\xd0" + value_type(type_)[-1:] + b"\x0b"


class Body:
    """One function's body."""

    def __init__(self, maker, parameters, results):
        self.maker, self.random, self.results = maker, maker.random, results
        self.locals = list(parameters) + [self.random.choice(maker.values) for _ in range(self.random.randint(1, 8))]
        self.parameter_count = len(parameters)
        self.reserved = []
        self.out = bytearray()
        # What a branch to each label carries; None where one may not go.
        self.labels = [list(results)]
        self.cost, self.times = 0, 1
        # Locals that only hold small numbers.
        self.pointers = [self.scratch(I32) for _ in range(2)]

    def local(self, type_):
        """A new local."""
        self.locals.append(type_)
        return len(self.locals) - 1

    def scratch(self, type_):
        """A new local that only the caller names: what it holds may be NaN."""
        local = self.local(type_)
        self.reserved.append(local)
        return local

    def of_type(self, type_):
        return [i for i, other in enumerate(self.locals) if other == type_ and i not in self.reserved]

    def any_local(self, type_):
        found = self.of_type(type_)
        return self.random.choice(found) if found else self.local(type_)

    def op(self, opcode, *immediates):
        self.cost += self.times
        if opcode > 0xFF:
            self.out.append(opcode >> 16 if opcode > 0xFFFF else opcode >> 8)
            self.out += unsigned(opcode & (0xFFFF if opcode > 0xFFFF else 0xFF))
        else:
            self.out.append(opcode)
        for immediate in immediates:
            self.out += immediate if isinstance(immediate, (bytes, bytearray)) else unsigned(immediate)

    def vector_op(self, number, *immediates):
        self.op(0xFD0000 + number, *immediates)

    def code(self):
        for pointer in self.pointers:
            self.integer(self.random.choice([0, 1, 2, 8, 40, 63]))
            self.op(0x21, pointer)
        for local, type_ in enumerate(self.locals):
            if is_reference(type_) and self.random.random() < .8 and local >= self.parameter_count:
                self.new_object(type_, 1)
                self.op(0x21, local)
        for _ in range(self.random.randint(1, 8)):
            self.statement(3)
        self.tail()
        self.op(0x0B)
        groups = [b"\1" + value_type(type_) for type_ in self.locals[self.parameter_count:]]
        return vector(groups) + bytes(self.out)

    def tail(self):
        """The results, or a call that gives them."""
        callees = [i for i, (_, results) in enumerate(self.maker.functions) if results == self.results]
        if self.maker.has["tails"] and callees and self.random.random() < .5 and self.affordable(callees):
            callee = self.random.choice(callees)
            parameters = self.maker.functions[callee][0]
            for type_ in parameters:
                self.expression(type_, 2)
            self.cost += self.times * self.maker.costs[callee]
            chance = self.random.random()
            if chance < .5:
                self.op(0x12, callee)
            elif chance < .7:
                self.op(0xD2, callee)
                self.op(0x15, self.maker.type(parameters, self.results))
            else:
                self.integer(callee)
                self.op(0x13, self.maker.type(parameters, self.results), 0)
            return
        for type_ in self.results:
            self.expression(type_, 3)
        if self.random.random() < .2:
            self.op(0x0F)

    def affordable(self, callees):
        return self.cost + self.times * max(self.maker.costs[i] for i in callees) < BUDGET

    # Constants and variables

    def integer(self, value):
        self.op(0x41, signed(value))

    def constant(self, type_):
        if type_ == I32:
            self.integer(self.random.choice(INTEGERS) if self.random.random() < .8 else self.random.randint(-1 << 31, (1 << 31) - 1))
        elif type_ == I64:
            self.op(0x42, signed(self.random.choice(LONGS) if self.random.random() < .8 else self.random.randint(-1 << 63, (1 << 63) - 1)))
        elif type_ in (F32, F64):
            self.op(0x43 if type_ == F32 else 0x44, bits(type_, self.random.choice(FLOATS)))
        elif type_ == V128:
            self.vector_op(12, self.random.choice([bytes(16), b"\xff" * 16, bytes(range(16)), self.random.randbytes(16)]))
        else:
            self.new_object(type_, 1)

    def leaf(self, type_):
        chance = self.random.random()
        locals_ = self.of_type(type_)
        globals_ = [i for i, other in enumerate(self.maker.globals) if other == type_]
        if locals_ and chance < .6:
            self.op(0x20, self.random.choice(locals_))
        elif globals_ and chance < .7:
            self.op(0x23, self.random.choice(globals_))
        else:
            self.constant(type_)

    # Expressions

    def expression(self, type_, depth):
        if depth <= 0 or self.cost > BUDGET:
            return self.leaf(type_)
        chance = self.random.random()
        if chance < .12:
            return self.leaf(type_)
        if chance < .2:
            self.expression(type_, depth - 1)
            return self.op(0x22, self.any_local(type_))
        if chance < .25:
            return self.select(type_, depth - 1)
        if chance < .37:
            return self.block_expression(type_, depth - 1)
        if chance < .42 and self.call([type_], depth - 1):
            return None
        if chance < .45 and [type_] in self.labels:
            return self.branch_expression(type_, depth - 1)
        if is_reference(type_):
            return self.reference(type_, depth - 1)
        if self.maker.has["objects"] and chance > .93:
            return self.member(type_, depth - 1)
        {I32: self.i32, I64: self.i64, F32: self.f32, F64: self.f64, V128: self.v128}[type_](depth - 1)
        return None

    def select(self, type_, depth):
        self.expression(type_, depth)
        self.expression(type_, depth)
        self.condition(depth)
        self.op(*((0x1C, b"\1" + value_type(type_)) if is_reference(type_) or self.random.random() < .3 else (0x1B,)))

    def condition(self, depth):
        """An i32, mostly a comparison or a test."""
        chance = self.random.random()
        if chance < .3:
            self.i32(depth)
        elif chance < .6:
            self.comparison(depth)
        elif chance < .7:
            self.expression(I32, depth - 1)
            self.integer(self.random.choice([1, 2, 6, 0x80000000 - (1 << 32), 0xFF]))
            self.op(0x71)
        elif chance < .8:
            self.condition(depth - 1) if depth > 0 else self.leaf(I32)
            self.op(0x45)
        elif chance < .9:
            local = self.any_local(I32)
            self.op(0x20, local)
            self.integer(self.random.choice([1, -1, -4, 7]))
            self.op(0x6A)
            if self.random.random() < .7:
                self.op(0x22, local)
        else:
            self.leaf(I32)

    def comparison(self, depth):
        type_, first, last = self.random.choice([(I32, 0x46, 0x4F), (I32, 0x46, 0x4F), (I64, 0x51, 0x5A)] +
                                                ([(F32, 0x5B, 0x60), (F64, 0x61, 0x66)] if self.maker.has["floats"] else []))
        self.expression(type_, depth - 1)
        if self.random.random() < .5:
            self.constant(type_)
        else:
            self.expression(type_, depth - 1)
        self.op(self.random.randint(first, last))

    def block_type(self, parameters, results):
        if not parameters and not results:
            return b"\x40"
        if not parameters and len(results) == 1 and self.random.random() < .8:
            return value_type(results[0])
        return signed(self.maker.type(parameters, results))

    def block_expression(self, type_, depth):
        """A value from a block; what waits on the stack stays there."""
        kind = self.random.choice(["block", "block", "if", "if", "loop", "guard"])
        parameters = [self.random.choice(self.maker.numbers)] if self.random.random() < .3 else []
        for parameter in parameters:
            self.expression(parameter, depth)
        if kind == "if":
            self.condition(depth)
            self.op(0x04, self.block_type(parameters, [type_]))
            for arm in range(2):
                self.labels.append([type_])
                self.take(parameters)
                self.statements(depth)
                self.expression(type_, depth)
                if self.random.random() < .2:
                    self.jump(depth)
                self.labels.pop()
                if arm == 0:
                    self.op(0x05)
            self.op(0x0B)
        elif kind == "guard" and self.maker.tags:
            for parameter in reversed(parameters):
                self.op(0x21, self.any_local(parameter))
            self.guard(type_, depth)
        elif kind == "loop":
            self.op(0x03, self.block_type(parameters, [type_]))
            self.labels.append(None)
            self.take(parameters)
            self.statements(depth)
            self.expression(type_, depth)
            self.labels.pop()
            self.op(0x0B)
        else:
            self.op(0x02, self.block_type(parameters, [type_]))
            self.labels.append([type_])
            self.take(parameters)
            self.statements(depth)
            self.expression(type_, depth)
            self.labels.pop()
            self.op(0x0B)

    def take(self, parameters):
        for parameter in reversed(parameters):
            if self.random.random() < .8:
                self.op(0x21, self.any_local(parameter))
            else:
                self.op(0x1A)

    def guard(self, type_, depth):
        """A value, or what a clause catches: block $out (result t) block $caught (result …) try_table … end br $out end … end."""
        tag = self.random.randrange(len(self.maker.tags))
        carried = self.maker.tags[tag]
        kind = self.random.choice([0, 0, 1, 2, 3])
        caught = (carried if kind < 2 else []) + ([0x69] if kind in (1, 3) else [])
        self.op(0x02, value_type(type_))
        self.labels.append([type_])
        self.op(0x02, self.block_type([], caught))
        self.labels.append(None)
        clause = bytes([kind]) + (unsigned(tag) if kind < 2 else b"") + unsigned(0)
        self.op(0x1F, value_type(type_), vector([clause]))
        self.labels.append([type_])
        self.statements(depth)
        if self.random.random() < .5:
            self.throw(depth)
        self.expression(type_, depth)
        self.labels.pop()
        self.op(0x0B)
        self.op(0x0C, 1)
        self.labels.pop()
        self.op(0x0B)
        if caught and caught[-1] == 0x69:
            if self.random.random() < .2:
                self.op(0x0A)
            else:
                self.op(0x1A)
        self.take([type2 for type2 in caught if type2 != 0x69])
        self.expression(type_, depth)
        self.labels.pop()
        self.op(0x0B)

    def throw(self, depth):
        tag = self.random.randrange(len(self.maker.tags))
        self.condition(depth)
        self.op(0x04, b"\x40")
        self.labels.append([])
        for type_ in self.maker.tags[tag]:
            self.expression(type_, depth - 1)
        self.op(0x08, tag)
        self.labels.pop()
        self.op(0x0B)

    def branch_expression(self, type_, depth):
        """A value that a branch may take with it."""
        targets = [i for i, label in enumerate(reversed(self.labels)) if label == [type_]]
        target = self.random.choice(targets)
        self.expression(type_, depth)
        if self.random.random() < .8:
            self.condition(depth)
            self.op(0x0D, target)
        else:
            self.expression(I32, depth)
            others = [self.random.choice(targets) for _ in range(self.random.randint(0, 4))]
            self.op(0x0E, vector(map(unsigned, others)), target)
            # Cannot be reached; the type holds.
            self.leaf(type_)

    def call(self, results, depth):
        callees = [i for i, (_, other) in enumerate(self.maker.functions) if other == results]
        callees = [i for i in callees if self.affordable([i])]
        if not callees:
            return False
        callee = self.random.choice(callees)
        parameters = self.maker.functions[callee][0]
        for type_ in parameters[:-1]:
            self.expression(type_, depth)
        if parameters:
            self.leaf(parameters[-1]) if self.random.random() < .5 else self.expression(parameters[-1], depth)
        self.cost += self.times * self.maker.costs[callee]
        if self.random.random() < .65:
            self.op(0x10, callee)
        elif self.random.random() < .4:
            self.op(0xD2, callee)
            self.op(0x14, self.maker.type(parameters, results))
        else:
            self.integer(callee)
            self.op(0x11, self.maker.type(parameters, results), 0)
        return True

    # Numbers

    def i32(self, depth):
        chance = self.random.random()
        if chance < .3:
            return self.usual_sum(depth)
        if chance < .5:
            self.expression(I32, depth)
            self.expression(I32, depth) if self.random.random() < .5 else self.constant(I32)
            opcode = self.random.randint(0x6A, 0x78)
            if 0x6D <= opcode <= 0x70 and self.random.random() < .9:
                self.integer(1)
                self.op(0x72)
            return self.op(opcode)
        if chance < .58:
            return self.comparison(depth)
        if chance < .64:
            self.expression(I32, depth)
            return self.op(self.random.choice([0x45, 0x67, 0x68, 0x69, 0xC0, 0xC1]))
        if chance < .7:
            self.expression(I64, depth)
            return self.op(self.random.choice([0xA7, 0xA7, 0x50]))
        if chance < .88:
            return self.load(I32, depth)
        if chance < .9:
            memory = self.random.randrange(len(self.maker.memories))
            self.op(0x3F, memory)
            return self.op(0xA7) if self.maker.memories[memory][0] else None
        return self.from_others(I32, depth)

    def usual_sum(self, depth):
        """What addresses are made of."""
        self.expression(I32, depth - 1)
        for _ in range(self.random.randint(1, 3)):
            opcode = self.random.choice([0x6A, 0x6A, 0x6A, 0x6B, 0x74, 0x76, 0x71, 0x71])
            if opcode in (0x74, 0x76):
                self.integer(self.random.choice([1, 2, 3, 8, 16, 31, 32, 35, -1]))
            elif self.random.random() < .25:
                self.expression(I32, depth - 1)
            else:
                self.constant(I32)
            self.op(opcode)

    def from_others(self, type_, depth):
        """An i32 from floats, vectors or objects, if those are there."""
        kinds = []
        if self.maker.has["floats"]:
            kinds += ["float", "float"]
        if self.maker.has["vectors"]:
            kinds += ["test", "lane"]
        if self.maker.has["objects"]:
            kinds += ["object", "object"]
        if not kinds:
            return self.leaf(I32)
        kind = self.random.choice(kinds)
        if kind == "float":
            from_, opcode = self.random.choice([(F32, 0xFC00), (F32, 0xFC01), (F64, 0xFC02), (F64, 0xFC03)])
            self.expression(from_, depth)
            if self.random.random() < .25:
                if from_ == F64:
                    self.op(0xB6)
                self.canonical(F32)
                return self.op(0xBC)
            if self.random.random() < .15:
                opcode = {0xFC00: 0xA8, 0xFC01: 0xA9, 0xFC02: 0xAA, 0xFC03: 0xAB}[opcode]
            return self.op(opcode)
        if kind == "test":
            self.expression(V128, depth)
            return self.vector_op(self.random.choice(TESTS))
        if kind == "lane":
            self.expression(V128, depth)
            number, lanes = self.random.choice([(21, 16), (22, 16), (24, 8), (25, 8), (27, 4)])
            return self.vector_op(number, bytes([self.random.randrange(lanes)]))
        return self.object_number(depth)

    def i64(self, depth):
        chance = self.random.random()
        if chance < .5:
            self.expression(I64, depth)
            self.expression(I64, depth) if self.random.random() < .5 else self.constant(I64)
            opcode = self.random.choice([0x7C, 0x7C, 0x7D, *range(0x7C, 0x8B)])
            if 0x7F <= opcode <= 0x82 and self.random.random() < .9:
                self.op(0x42, signed(1))
                self.op(0x84)
            return self.op(opcode)
        if chance < .6:
            self.expression(I64, depth)
            return self.op(self.random.choice([0x79, 0x7A, 0x7B, 0xC2, 0xC3, 0xC4]))
        if chance < .75:
            self.expression(I32, depth)
            return self.op(self.random.choice([0xAC, 0xAD]))
        if chance < .9 or not (self.maker.has["floats"] or self.maker.has["vectors"] or self.maker.has["wide"]):
            return self.load(I64, depth)
        if self.maker.has["wide"] and self.random.random() < .5:
            count, number = self.random.choice([(4, 19), (4, 20), (2, 21), (2, 22)])
            for _ in range(count):
                self.expression(I64, depth - 1)
            self.op(0xFC00 + number)
            return self.op(0x21, self.any_local(I64)) if self.random.random() < .5 else self.op(self.random.choice([0x7C, 0x85]))
        if self.maker.has["vectors"] and self.random.random() < .4:
            self.expression(V128, depth)
            return self.vector_op(29, bytes([self.random.randrange(2)]))
        if self.maker.has["floats"]:
            type_ = self.random.choice([F32, F64])
            self.expression(type_, depth)
            if type_ == F64 and self.random.random() < .3:
                self.canonical(F64)
                return self.op(0xBD)
            return self.op(0xFC00 + (self.random.choice([4, 5]) if type_ == F32 else self.random.choice([6, 7])))
        return self.leaf(I64)

    def solid(self, type_, depth):
        """A float that is no NaN of an operation, without looking."""
        chance = self.random.random()
        if chance < .5:
            from_, opcode = self.random.choice([(I32, 0xB2), (I32, 0xB3), (I64, 0xB4), (I32, 0xBE)] if type_ == F32 else
                                               [(I32, 0xB7), (I32, 0xB8), (I64, 0xBA), (I64, 0xBF)])
            self.expression(from_, depth)
            self.op(opcode)
        elif chance < .8:
            self.load(type_, depth)
        else:
            self.constant(type_)

    def canonical(self, type_):
        """The number on the stack, or 0 for NaN."""
        local = self.scratch(type_)
        self.op(0x22, local)
        self.op(0x43 if type_ == F32 else 0x44, bytes(4 if type_ == F32 else 8))
        self.op(0x20, local)
        self.op(0x20, local)
        self.op(0x5B if type_ == F32 else 0x61)
        self.op(0x1B)

    def f32(self, depth):
        self.float(F32, depth, 0x8B, 0x92, [(I32, 0xB2), (I32, 0xB3), (I64, 0xB4), (I64, 0xB5), (F64, 0xB6), (I32, 0xBE)], 31, 4)

    def f64(self, depth):
        self.float(F64, depth, 0x99, 0xA0, [(I32, 0xB7), (I32, 0xB8), (I64, 0xB9), (I64, 0xBA), (F32, 0xBB), (I64, 0xBF)], 33, 2)

    def float(self, type_, depth, unary, binary, conversions, extract, lanes):
        chance = self.random.random()
        if chance < .5:
            number = self.random.randint(0, 6)
            self.expression(type_, depth)
            if number == 6 and self.random.random() < .7:
                self.solid(type_, depth)
            else:
                self.expression(type_, depth)
                if number == 6:
                    self.canonical(type_)
            self.op(binary + number)
        elif chance < .65:
            self.expression(type_, depth)
            self.op(unary + self.random.randint(0, 6))
        elif chance < .8:
            from_, opcode = self.random.choice(conversions)
            self.expression(from_, depth)
            self.op(opcode)
        elif chance < .92 or not self.maker.has["vectors"]:
            self.load(type_, depth)
        else:
            self.expression(V128, depth)
            self.vector_op(extract, bytes([self.random.randrange(lanes)]))

    # Vectors

    def v128(self, depth):
        chance = self.random.random()
        if chance < .3:
            self.expression(V128, depth)
            self.expression(V128, depth)
            self.vector_op(self.random.choice(BINARY))
        elif chance < .38:
            self.expression(V128, depth)
            self.vector_op(self.random.choice(UNARY))
        elif chance < .5:
            test = self.random.choice([65, 71])
            self.expression(V128, depth)
            if self.random.random() < .6:
                self.expression(V128, depth)
                self.vector_op(self.random.choice(FLOAT_BINARY[test]))
            else:
                self.vector_op(self.random.choice(FLOAT_UNARY[test]))
            local = self.scratch(V128)
            self.op(0x22, local)
            self.op(0x20, local)
            self.op(0x20, local)
            self.vector_op(test)
            self.vector_op(78)
        elif chance < .58:
            self.expression(V128, depth)
            self.expression(I32, depth) if self.random.random() < .5 else self.constant(I32)
            self.vector_op(self.random.choice(SHIFTS))
        elif chance < .66:
            type_, splat, replace, lanes = self.random.choice(
                [(I32, 15, 23, 16), (I32, 16, 26, 8), (I32, 17, 28, 4), (I64, 18, 30, 2)] +
                ([(F32, 19, 32, 4), (F64, 20, 34, 2)] if self.maker.has["floats"] else []))
            is_replaced = self.random.random() < .5
            if is_replaced:
                self.expression(V128, depth)
            if type_ in (F32, F64) and self.random.random() < .7:
                self.solid(type_, depth)
            else:
                self.expression(type_, depth)
                if type_ in (F32, F64):
                    self.canonical(type_)
            self.vector_op(replace, bytes([self.random.randrange(lanes)])) if is_replaced else self.vector_op(splat)
        elif chance < .72:
            self.expression(V128, depth)
            self.expression(V128, depth)
            self.vector_op(13, bytes(self.random.randrange(32) for _ in range(16)))
        elif chance < .78:
            for _ in range(3):
                self.expression(V128, depth)
            self.vector_op(82)
        elif chance < .92:
            number, size = self.random.choice(LOADS)
            memory = self.address(depth)
            self.vector_op(number, self.immediate(memory, size))
        else:
            number, size = self.random.choice(LOAD_LANES)
            memory = self.address(depth)
            self.expression(V128, depth)
            self.vector_op(number, self.immediate(memory, size), bytes([self.random.randrange(16 // size)]))

    # Memories

    def address(self, depth, aligned=None):
        """An address on the stack; the memory that it is for."""
        memory = 0 if self.random.random() < .7 else self.random.randrange(len(self.maker.memories))
        wide, _, size = self.maker.memories[memory]
        chance = self.random.random()
        if aligned:
            self.expression(I32, depth)
            self.integer(0x7F0 if chance < .97 else 0x7FF)
            self.op(0x71)
        elif chance < .2:
            self.integer(self.random.choice([0, 8, 16, 100, size - 8, size - 4, size - 1, size]) if chance < .03 else self.random.randrange(0, 90))
        elif chance < .5:
            self.expression(I32, depth)
            self.integer(self.random.choice([0x3F, 0xFF, 0x7F8, 0xFFF0 if size > 65000 else 0xF0]))
            self.op(0x71)
            if self.random.random() < .6:
                self.integer(self.random.choice([1, 8, 32, 255]))
                self.op(0x6A)
        elif chance < .75:
            self.expression(I32, depth)
            self.integer(self.random.choice([0x7, 0x1F, 0x3F]))
            self.op(0x71)
            if self.random.random() < .5:
                self.op(0x22, self.any_local(I32))
            self.integer(self.random.choice([1, 2, 3]))
            self.op(0x74)
            if self.random.random() < .7:
                self.integer(self.random.choice([0, 16, 64, 200])) if self.random.random() < .7 else self.small(depth)
                self.op(0x6A)
        elif chance < .97:
            self.small(depth)
            if self.random.random() < .5:
                self.integer(self.random.choice([0, 4, 16, 64, 200]))
                self.op(0x6A)
        else:
            self.expression(I32, depth)
        if wide:
            self.op(self.random.choice([0xAC, 0xAD, 0xAD, 0xAD]))
            if self.random.random() < .3:
                self.op(0x42, signed(self.random.choice([0, 8, 64, 128])))
                self.op(0x7C)
        return memory

    def small(self, depth):
        """A number that is an address in every memory."""
        if self.random.random() < .6:
            pointer = self.random.choice(self.pointers)
            if self.random.random() < .3:
                self.expression(I32, depth - 1)
                self.integer(self.random.choice([7, 0x3F]))
                self.op(0x71)
                self.op(0x21, pointer)
            self.op(0x20, pointer)
            if self.random.random() < .25:
                self.integer(self.random.choice([1, 2]))
                self.op(0x74)
            return
        local = self.any_local(I32)
        self.op(0x20, local)
        self.integer(0x3F)
        self.op(0x71)
        if self.random.random() < .5:
            self.op(0x22, local)

    def immediate(self, memory, size, aligned=False):
        exponent = size.bit_length() - 1
        align = exponent if aligned else self.random.randint(0, exponent)
        offset = self.random.choice([0, 0, 0, 1, 4, 8, 16, 100, 200])
        if aligned:
            offset = self.random.choice([0, 8, 16])
        elif self.random.random() < .01:
            offset = self.random.choice([65530, 0xFFFFFFFF, 0x80000000] + ([1 << 33, (1 << 64) - 1] if self.maker.memories[memory][0] else []))
        if memory:
            return unsigned(align | 64) + unsigned(memory) + unsigned(offset)
        return unsigned(align) + unsigned(offset)

    def load(self, type_, depth):
        if self.maker.has["atomics"] and type_ in (I32, I64) and self.random.random() < .3:
            return self.atomic(type_, depth)
        choices = {I32: [(0x28, 4), (0x2C, 1), (0x2D, 1), (0x2E, 2), (0x2F, 2)],
                   I64: [(0x29, 8), (0x30, 1), (0x31, 1), (0x32, 2), (0x33, 2), (0x34, 4), (0x35, 4)],
                   F32: [(0x2A, 4)], F64: [(0x2B, 8)]}[type_]
        opcode, size = self.random.choice(choices)
        memory = self.address(depth)
        return self.op(opcode, self.immediate(memory, size))

    def atomic(self, type_, depth):
        """An atomic load, change or exchange, of a width that the type has."""
        widths = [(0, 4), (2, 1), (3, 2)] if type_ == I32 else [(1, 8), (4, 1), (5, 2), (6, 4)]
        which, size = self.random.choice(widths)
        kind = self.random.randrange(8)
        memory = self.address(depth, aligned=size)
        if kind == 7:
            return self.op(0xFE0000 + 0x10 + which, self.immediate(memory, size, True))
        if kind == 6:
            self.expression(type_, depth)
        self.expression(type_, depth)
        first = 0x48 if kind == 6 else 0x1E + 7 * kind
        return self.op(0xFE0000 + first + which, self.immediate(memory, size, True))

    def atomic_store(self, depth):
        """An atomic store, a notification of nobody, or a fence."""
        chance = self.random.random()
        if chance < .1:
            return self.op(0xFE03, b"\0")
        if chance < .2:
            memory = self.address(depth, aligned=4)
            self.expression(I32, depth)
            self.op(0xFE00, self.immediate(memory, 4, True))
            return self.op(0x1A)
        number, type_, size = self.random.choice([(0x17, I32, 4), (0x18, I64, 8), (0x19, I32, 1), (0x1A, I32, 2), (0x1B, I64, 1),
                                                  (0x1C, I64, 2), (0x1D, I64, 4)])
        memory = self.address(depth, aligned=size)
        self.expression(type_, depth)
        return self.op(0xFE0000 + number, self.immediate(memory, size, True))

    def store(self, depth):
        chance = self.random.random()
        if chance > .9 and self.maker.has["atomics"]:
            return self.atomic_store(depth)
        if chance < .15 and self.maker.has["vectors"]:
            memory = self.address(depth)
            self.expression(V128, depth)
            if self.random.random() < .5:
                return self.vector_op(11, self.immediate(memory, 16))
            number, size = self.random.choice(STORE_LANES)
            return self.vector_op(number, self.immediate(memory, size), bytes([self.random.randrange(16 // size)]))
        opcode, type_, size = self.random.choice(
            [(0x36, I32, 4)] * 4 + [(0x3A, I32, 1), (0x3B, I32, 2), (0x37, I64, 8), (0x37, I64, 8), (0x3C, I64, 1), (0x3D, I64, 2), (0x3E, I64, 4)] +
            ([(0x38, F32, 4), (0x39, F64, 8)] if self.maker.has["floats"] else []))
        memory = self.address(depth)
        if type_ in (F32, F64) and self.random.random() < .7:
            self.solid(type_, depth)
        else:
            self.expression(type_, depth)
            if type_ in (F32, F64):
                self.canonical(type_)
        return self.op(opcode, self.immediate(memory, size))

    def bulk(self, depth):
        """memory.fill, copy, init, grow."""
        kind = self.random.choice([11, 10, 8, "grow", "table"])
        memory = self.random.randrange(len(self.maker.memories))
        wide = self.maker.memories[memory][0]
        def number(mask, is_wide):
            self.expression(I32, depth)
            self.integer(mask)
            self.op(0x71)
            if is_wide:
                self.op(0xAD)
        if kind == 11:
            number(0x1FF, wide)
            self.expression(I32, depth)
            number(0x3F, wide)
            self.op(0xFC0B, memory)
        elif kind == 10:
            other = self.random.randrange(len(self.maker.memories))
            other_wide = self.maker.memories[other][0]
            number(0x1FF, wide)
            number(0x1FF, other_wide)
            number(0x3F, wide and other_wide)
            self.op(0xFC0A, memory, other)
        elif kind == 8:
            number(0x1FF, wide)
            number(0x1F, False)
            number(0xF, False)
            self.op(0xFC08, len(self.maker.memories), memory)
        elif kind == "grow":
            number(1, wide)
            self.op(0x40, memory)
            if self.random.random() < .5:
                self.op(0x21, self.any_local(I64 if wide else I32))
            else:
                self.op(0x1A)
        else:
            self.table(number)

    def table(self, number):
        """The second table's size, contents and growth."""
        kind = self.random.choice(["size", "null", "grow", "fill", "copy", "init", "set"])
        if kind == "size":
            self.op(0xFC10, self.random.randrange(2))
            return self.op(0x21, self.any_local(I32))
        if kind == "null":
            number(7, False)
            self.op(0x25, 1)
            self.op(0xD1)
            return self.op(0x21, self.any_local(I32))
        if kind == "grow":
            self.op(0xD0, b"\x70")
            number(1, False)
            self.op(0xFC0F, 1)
            return self.op(0x21, self.any_local(I32))
        number(3, False)
        if kind == "set":
            self.op(0xD0, b"\x70")
            return self.op(0x26, 1)
        if kind == "fill":
            self.op(0xD0, b"\x70")
        else:
            number(1, False)
        number(1, False)
        return self.op(*{"fill": (0xFC11, 1), "copy": (0xFC0E, 1, self.random.randrange(2)), "init": (0xFC0C, 2, 1)}[kind])

    # Objects

    def value_or_leaf(self, type_, depth):
        """A value of a type that the module may have no locals of."""
        if type_ in self.maker.values and depth > 0:
            self.expression(type_, depth)
        else:
            self.leaf(type_)

    def new_object(self, type_, depth):
        if self.random.random() < .04:
            return self.op(0xD0, value_type(type_)[-1:])
        if type_ == ANY:
            if self.random.random() < .4:
                self.expression(I32, depth - 1)
                return self.op(0xFB1C)
            return self.new_object(self.random.choice([OBJECT, *ARRAYS]), depth)
        kind = type_[1]
        if kind == STRUCT:
            child = self.random.random() < .3
            if self.random.random() < .5 or depth < 1:
                return self.op(0xFB01, CHILD if child else STRUCT)
            for _, field in FIELDS:
                if field == OBJECT:
                    self.op(0x20, self.any_local(OBJECT)) if self.random.random() < .4 else self.op(0xD0, b"\0")
                else:
                    self.value_or_leaf(field, depth - 1)
            if child:
                self.op(0x44, bits(F64, 2.5))
            return self.op(0xFB00, CHILD if child else STRUCT)
        chance = self.random.random()
        if chance < .3:
            self.expression(I32, depth - 1)
            self.integer(0x1F)
            self.op(0x71)
            return self.op(0xFB07, kind)
        if chance < .4 and kind != REFS:
            self.integer(self.random.choice([0, 1, 3]))
            self.integer(self.random.choice([0, 1, 2]))
            return self.op(0xFB09, kind, len(self.maker.memories))
        element = ELEMENTS[kind][1]
        if chance < .5:
            self.value_or_leaf(element, depth - 1)
            self.integer(self.random.choice([1, 5, 9]))
            return self.op(0xFB06, kind)
        count = self.random.randint(1, 6)
        for _ in range(count):
            self.leaf(element) if element == OBJECT and depth < 2 else self.value_or_leaf(element, depth - 1)
        return self.op(0xFB08, kind, count)

    def array(self, type_, depth):
        """An array, mostly one that is in a local."""
        if type_ not in self.maker.values or self.random.random() < .7:
            found = self.of_type(type_)
            if not found:
                self.new_object(type_, 1)
                return self.op(0x22, self.local(type_))
            return self.op(0x20, self.random.choice(found))
        return self.expression(type_, depth)

    def reference(self, type_, depth):
        chance = self.random.random()
        if chance < .4:
            return self.new_object(type_, depth)
        if type_ == ANY:
            return self.expression(self.random.choice([OBJECT, LINKS, ("ref", INTS)]), depth)
        if chance < .5:
            self.expression(ANY, depth)
            return self.narrow(type_, depth)
        if type_ == OBJECT and chance < .7:
            self.expression(OBJECT, depth)
            return self.op(0xFB02, STRUCT, 2)
        if type_ == OBJECT and chance < .85:
            self.array(LINKS, depth)
            self.index(2)
            return self.op(0xFB0B, REFS)
        if chance < .9:
            self.expression(type_, depth)
            return self.op(0xFB17, signed(CHILD if type_ == OBJECT and self.random.random() < .2 else type_[1]))
        return self.leaf(type_)

    def narrow(self, type_, depth):
        """The reference on the stack, of any type, as one of a type; or another one."""
        kind = self.random.choice(["cast", "branch", "branch", "fail", "non-null"])
        wanted = value_type(type_)[1:]
        if kind == "cast" and self.random.random() < .3:
            return self.op(0xFB17, wanted)
        holder = self.scratch(ANY)
        self.op(0x21, holder)
        self.op(0x02, value_type(type_))
        if kind == "fail":
            self.op(0x02, value_type(ANY))
            self.op(0x20, holder)
            self.op(0xFB19, b"\3", unsigned(0), b"\x6e", wanted)
            self.op(0x0C, 1)
            self.op(0x0B)
            self.op(0x1A)
        elif kind == "non-null":
            self.op(0x20, holder)
            self.op(0xFB18, b"\1", unsigned(0), b"\x6e", wanted)
            self.op(0x1A)
        else:
            self.op(0x20, holder)
            self.op(0xFB18, b"\3", unsigned(0), b"\x6e", wanted)
            self.op(0x1A)
        self.labels += [None]
        self.leaf(type_)
        self.labels.pop()
        self.op(0x0B)

    def index(self, depth):
        chance = self.random.random()
        if chance < .4:
            return self.integer(self.random.choice([0, 0, 0, 1, 2]))
        if chance < .6:
            # Whatever is left in it: sometimes past the end.
            return self.op(0x20, self.random.choice(self.pointers))
        self.expression(I32, depth - 1)
        self.integer(self.random.choice([0, 0, 1, 3]))
        return self.op(0x71)

    def member(self, type_, depth):
        """A field or element of a type."""
        fields = [i for i, (_, field) in enumerate(FIELDS) if field == type_]
        if self.random.random() < .5:
            field = self.random.choice(fields)
            self.expression(OBJECT, depth)
            get = self.random.choice([0xFB03, 0xFB04]) if FIELDS[field][0] in (b"\x77", b"\x78") else 0xFB02
            return self.op(get, STRUCT, field)
        kind = self.random.choice([kind for kind, (_, element) in ELEMENTS.items() if element == type_])
        self.array(("ref", kind), depth)
        self.index(depth)
        return self.op(self.random.choice([0xFB0C, 0xFB0D]) if kind in (BYTES, SHORTS) else 0xFB0B, kind)

    def object_number(self, depth):
        kind = self.random.choice(["member", "member", "length", "test", "class", "class", "null", "same", "small", "branch"])
        if kind == "member":
            return self.member(I32, depth)
        if kind == "length":
            self.array(self.random.choice(ARRAYS), depth)
            return self.op(0xFB0F)
        if kind == "small":
            self.expression(I32, depth)
            if self.random.random() < .5:
                self.op(0xFB1C)
            else:
                self.op(0xFB1C)
                self.op(0x22, self.any_local(ANY))
                self.op(0xFB16, b"\x6c")
            return self.op(self.random.choice([0xFB1D, 0xFB1E]))
        if kind in ("class", "branch"):
            self.expression(ANY, depth)
            test = b"\x6d\x6c\x6b\x6a\0\1\2\3"[self.random.randrange(8):][:1]
            self.op(self.random.choice([0xFB14, 0xFB15]), test)
            if kind == "branch":
                self.op(0x04, value_type(I32))
                self.labels.append([I32])
                self.expression(I32, depth - 1)
                self.op(0x05)
                self.expression(I32, depth - 1)
                self.labels.pop()
                self.op(0x0B)
            return None
        self.expression(OBJECT, depth)
        if kind == "test":
            return self.op(self.random.choice([0xFB14, 0xFB15]), signed(CHILD))
        if kind == "null":
            return self.op(0xD1)
        self.expression(OBJECT, depth)
        return self.op(0xD3)

    def change_object(self, depth):
        kind = self.random.choice(["field", "field", "element", "element", "fill", "copy", "data", "null"])
        if kind == "null":
            # A branch if it is, or is not, null.
            self.op(0x02, b"\x40")
            self.labels.append([])
            if self.random.random() < .5:
                self.expression(OBJECT, depth)
                self.op(0xD5, 0)
                self.op(0x1A)
            else:
                self.op(0x02, b"\x64\0")
                self.expression(OBJECT, depth)
                self.op(0xD6, 0)
                self.op(0x0C, 1)
                self.op(0x0B)
                self.op(0x21, self.any_local(OBJECT))
            self.assign(depth)
            self.labels.pop()
            return self.op(0x0B)
        if kind == "field":
            field = self.random.randrange(len(FIELDS))
            self.expression(OBJECT, depth)
            self.value_or_leaf(FIELDS[field][1], depth)
            return self.op(0xFB05, STRUCT, field)
        array = self.random.choice(list(ELEMENTS))
        if kind == "data" and array != REFS:
            self.array(("ref", array), depth)
            self.integer(0)
            self.integer(self.random.choice([0, 3]))
            self.integer(1)
            return self.op(0xFB12, array, len(self.maker.memories))
        self.array(("ref", array), depth)
        self.index(depth)
        if kind == "copy":
            self.array(("ref", array), depth)
            self.index(depth)
            self.integer(self.random.choice([0, 1]))
            return self.op(0xFB11, array, array)
        self.value_or_leaf(ELEMENTS[array][1], depth)
        if kind == "fill":
            self.integer(self.random.choice([0, 1, 2]))
            return self.op(0xFB10, array)
        return self.op(0xFB0E, array)

    # Statements

    def statements(self, depth):
        for _ in range(self.random.choice([0, 0, 1, 1, 2, 3])):
            self.statement(depth)

    def statement(self, depth):
        if depth <= 0 or self.cost > BUDGET:
            return self.assign(1)
        chance = self.random.random()
        if chance < .3:
            return self.assign(depth)
        if chance < .4:
            return self.sums()
        if chance < .5:
            return self.store(depth - 1)
        if chance < .58:
            return self.conditional(depth - 1)
        if chance < .66:
            return self.loop(depth - 1)
        if chance < .72:
            return self.jump_out(depth - 1)
        if chance < .77:
            return self.set_global(depth - 1)
        if chance < .82:
            self.call_and_take(depth - 1)
            return None
        if chance < .86:
            return self.switch(depth - 1)
        if chance < .89:
            return self.bulk(depth - 1)
        if chance < .93 and self.maker.has["objects"]:
            return self.change_object(depth - 1)
        if chance < .95 and self.maker.has["exceptions"]:
            return self.throw(depth - 1) if self.random.random() < .3 else None
        type_ = self.random.choice(self.maker.values)
        self.expression(type_, depth - 1)
        return self.op(0x1A)

    def assign(self, depth):
        choices = [i for i in range(len(self.locals)) if i not in self.reserved]
        local = self.random.choice(choices) if choices else self.local(I32)
        self.expression(self.locals[local], depth)
        if self.random.random() < .2:
            self.op(0x22, local)
            local = self.any_local(self.locals[local])
        self.op(0x21, local)

    def sums(self):
        """local = local + immediate, a few times."""
        for _ in range(self.random.randint(1, 3)):
            self.op(0x20, self.any_local(I32))
            self.constant(I32)
            self.op(self.random.choice([0x6A, 0x6A, 0x6A, 0x6B]))
            self.op(0x21, self.any_local(I32))

    def set_global(self, depth):
        chance = self.random.random()
        if chance < .6:
            # As compiled programs move their stack pointer.
            index = self.random.choice([0, 0, 1])
            self.op(0x23, index) if chance < .4 else self.op(0x20, self.any_local(I32))
            self.integer(self.random.choice([16, -16, 32, 1]))
            self.op(self.random.choice([0x6A, 0x6B]))
            if self.random.random() < .5:
                self.op(0x22, self.any_local(I32))
            self.op(0x24, index if self.random.random() < .8 else 1)
            if chance < .1 and self.labels[0] == []:
                self.op(0x0F)
            return
        index = self.random.randrange(len(self.maker.globals))
        self.expression(self.maker.globals[index], depth)
        self.op(0x24, index)

    def conditional(self, depth):
        self.condition(depth)
        self.op(0x04, b"\x40")
        self.labels.append([])
        self.statements(depth)
        self.statement(depth)
        if self.random.random() < .3:
            self.jump(depth)
        if self.random.random() < .5:
            self.op(0x05)
            self.statements(depth)
            if self.random.random() < .2:
                self.jump(depth)
        self.labels.pop()
        self.op(0x0B)

    def jump(self, depth):
        """A jump out of some block, with what it carries."""
        targets = [i for i, label in enumerate(reversed(self.labels)) if label is not None]
        target = self.random.choice(targets)
        for type_ in self.labels[len(self.labels) - 1 - target]:
            self.expression(type_, min(depth, 1))
        if target == len(self.labels) - 1 and self.random.random() < .6:
            self.op(0x0F)
        else:
            self.op(0x0C, target)

    def jump_out(self, depth):
        """A conditional branch; what it carries is dropped where it is not taken."""
        targets = [i for i, label in enumerate(reversed(self.labels)) if label is not None]
        target = self.random.choice(targets)
        carried = self.labels[len(self.labels) - 1 - target]
        if target == len(self.labels) - 1 and self.random.random() < .7:
            # Mostly one goes on to the end of the function.
            return
        for type_ in carried:
            self.expression(type_, min(depth, 1))
        self.condition(depth)
        self.op(0x0D, target)
        for type_ in reversed(carried):
            self.op(0x1A) if self.random.random() < .5 else self.op(0x21, self.any_local(type_))

    def switch(self, depth):
        """A branch table over blocks around it, carrying a value or not."""
        carried = [self.random.choice(self.maker.numbers)] if self.random.random() < .5 else []
        count = self.random.randint(1, 4)
        for _ in range(count):
            self.op(0x02, self.block_type([], carried))
            self.labels.append(None)
        for type_ in carried:
            self.expression(type_, depth)
        self.expression(I32, depth)
        if self.random.random() < .5:
            self.integer(self.random.choice([1, -1, -97, 32767, -32768, 40000]))
            self.op(0x6A)
        elif self.random.random() < .5:
            self.integer(3)
            self.op(0x71)
        self.op(0x0E, vector(unsigned(self.random.randrange(count)) for _ in range(self.random.randint(0, 6))), self.random.randrange(count))
        for _ in range(count):
            self.labels.pop()
            self.op(0x0B)
            for type_ in carried:
                self.op(0x21, self.any_local(type_))
            if self.random.random() < .5:
                self.assign(depth)
            for type_ in carried:
                self.expression(type_, 1)
        for _ in carried:
            self.op(0x1A)

    def loop(self, depth):
        """A loop that counts, perhaps with a value carried around."""
        counter = self.scratch(I32)
        times = self.random.randint(1, 6)
        if self.cost + self.times * times * 30 > BUDGET:
            times = 1
        carried = [self.random.choice(self.maker.numbers)] if self.random.random() < .3 else []
        shape = self.random.choice(["down", "down", "up", "forward"])
        self.integer(0 if shape == "up" else times)
        self.op(0x21, counter)
        for type_ in carried:
            self.expression(type_, depth)
        if shape == "forward":
            self.op(0x02, self.block_type(carried, carried))
            self.labels.append(carried)
        self.op(0x03, self.block_type(carried, carried))
        self.labels.append(None)
        self.times *= times
        self.take(carried)
        self.statements(depth)
        self.statements(depth)
        for type_ in carried:
            self.expression(type_, depth)
        if shape == "forward":
            self.op(0x20, counter)
            self.op(0x45)
            self.op(0x0D, 1)
            self.op(0x20, counter)
            self.integer(-1)
            self.op(0x6A)
            self.op(0x21, counter)
            self.op(0x0C, 0)
        else:
            self.op(0x20, counter)
            self.integer(1 if shape == "up" else self.random.choice([-1, 1]))
            negative = self.out[-1] == 1 and shape == "down"
            self.op(0x6B if negative else 0x6A)
            if shape == "down":
                if self.random.random() < .5:
                    self.op(0x22, counter)
                else:
                    self.op(0x21, counter)
                    if self.random.random() < .5:
                        self.sums()
                    self.op(0x20, counter)
                if self.random.random() < .3:
                    self.integer(0)
                    self.op(0x47)
            else:
                self.op(0x22, counter)
                self.integer(times)
                self.op(self.random.choice([0x48, 0x49, 0x47]))
            self.op(0x0D, 0)
        self.times //= times
        self.labels.pop()
        self.op(0x0B)
        if shape == "forward":
            self.labels.pop()
            self.op(0x0B)
        for type_ in reversed(carried):
            self.op(0x21, self.any_local(type_))

    def call_and_take(self, depth):
        if not self.maker.functions:
            return
        callee = self.random.randrange(len(self.maker.functions))
        results = self.maker.functions[callee][1]
        if self.call(results, depth):
            for type_ in reversed(results):
                self.op(0x21, self.any_local(type_)) if self.random.random() < .7 else self.op(0x1A)


def generate(seed):
    """The module of a seed."""
    return Maker(seed).make()
