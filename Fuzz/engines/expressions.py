"""Values of any type: blocks, branches, calls, choices."""
from values import BUDGET, is_reference
from wasm_bytes import F32, F64, I32, I64, signed, unsigned, V128, value_type, vector


class Expressions:
    """A part of `Body`."""

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
