"""What changes something: locals, globals, the way that is taken."""
from values import BUDGET
from wasm_bytes import I32, unsigned, vector


class Statements:
    """A part of `Body`."""

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
