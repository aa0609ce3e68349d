"""Addresses, loads and stores, bulk instructions, tables."""
from vector_table import STORE_LANES
from wasm_bytes import F32, F64, I32, I64, signed, unsigned, V128


class Memories:
    """A part of `Body`."""

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
