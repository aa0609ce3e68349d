"""Integers and floats."""
from vector_table import TESTS
from wasm_bytes import F32, F64, I32, I64, signed, V128


class Numbers:
    """A part of `Body`."""

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
