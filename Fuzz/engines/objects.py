"""Structures, arrays, small integers, and what references are tested for."""
from values import ANY, ARRAYS, bits, BYTES, CHILD, ELEMENTS, FIELDS, INTS, LINKS, OBJECT, REFS, SHORTS, STRUCT
from wasm_bytes import F64, I32, signed, unsigned, value_type


class Objects:
    """A part of `Body`."""

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
                self.labels.append(None)
                self.expression(OBJECT, depth)
                self.labels.pop()
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
