"""A function of a generated module."""
from expressions import Expressions
from memories import Memories
from numeric import Numbers
from objects import Objects
from statements import Statements
from values import bits, BUDGET, FLOATS, INTEGERS, is_reference, WIDE
from vectors import Vectors
from wasm_bytes import F32, F64, I32, I64, signed, unsigned, V128, value_type, vector


class Body(Expressions, Numbers, Vectors, Memories, Objects, Statements):
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

    def integer(self, value):
        self.op(0x41, signed(value))

    def constant(self, type_):
        if type_ == I32:
            self.integer(self.random.choice(INTEGERS) if self.random.random() < .8 else self.random.randint(-1 << 31, (1 << 31) - 1))
        elif type_ == I64:
            self.op(0x42, signed(self.random.choice(WIDE) if self.random.random() < .8 else self.random.randint(-1 << 63, (1 << 63) - 1)))
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
