"""Vectors."""
from vector_table import BINARY, FLOAT_BINARY, FLOAT_UNARY, LOAD_LANES, LOADS, SHIFTS, UNARY
from wasm_bytes import F32, F64, I32, I64, V128


class Vectors:
    """A part of `Body`."""

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
