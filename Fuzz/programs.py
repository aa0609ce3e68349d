"""Programs that are all about the translator: operands in every place, neighbours that become one instruction, values that
wait while others are computed, branches that carry values. They end, and have no NaN whose bits can be seen."""

INTEGERS = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 0x7FFFFFFF, 0x80000000,
            0xFFFFFFFF, 0xFFFFFFFE, 0xFFFF8000, 0xFFFFFFF0]
WIDE = [*INTEGERS, 1 << 32, (1 << 63), (1 << 64) - 1, (1 << 63) - 1, 0x1234_5678_9ABC_DEF0, (1 << 64) - 2]
FLOATS = ["0", "1", "-1", "1.5", "-0", "inf", "-inf", "1e30", "-3.25", "0.1", "2147483647", "4294967296", "-9e18", "1e-40"]
BINARY = {"i32": "add add add add sub mul and and or xor shl shl shr_s shr_u shr_u rotl rotr div_s div_u rem_s rem_u".split(),
          "i64": "add add add sub mul and or xor shl shr_s shr_u rotl rotr div_s div_u rem_s rem_u".split(),
          "f32": "add sub mul div min max".split(), "f64": "add sub mul div min max".split()}
UNARY = {"i32": "clz ctz popcnt extend8_s extend16_s".split(), "i64": "clz ctz popcnt extend8_s extend16_s extend32_s".split(),
         "f32": "abs neg ceil floor trunc nearest sqrt".split(), "f64": "abs neg ceil floor trunc nearest sqrt".split()}
COMPARE = {"i32": "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u".split(), "i64": "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u".split(),
           "f32": "eq ne lt gt le ge".split(), "f64": "eq ne lt gt le ge".split()}
CONVERT = {"i32": [("i32.wrap_i64", "i64"), ("i32.trunc_sat_f32_s", "f32"), ("i32.trunc_sat_f64_u", "f64"), ("i32.trunc_f64_s", "f64"),
                   ("i32.reinterpret_f32", "f32")],
           "i64": [("i64.extend_i32_s", "i32"), ("i64.extend_i32_u", "i32"), ("i64.trunc_sat_f64_s", "f64"), ("i64.trunc_f32_u", "f32"),
                   ("i64.reinterpret_f64", "f64")],
           "f32": [("f32.convert_i32_s", "i32"), ("f32.convert_i64_u", "i64"), ("f32.demote_f64", "f64"), ("f32.convert_i64_s", "i64")],
           "f64": [("f64.convert_i32_u", "i32"), ("f64.convert_i64_s", "i64"), ("f64.promote_f32", "f32"), ("f64.convert_i64_u", "i64")]}
LOADS = {"i32": "i32.load i32.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u".split(),
         "i64": "i64.load i64.load8_u i64.load16_s i64.load32_s i64.load32_u".split(), "f32": ["f32.load"], "f64": ["f64.load"]}
STORES = {"i32": "i32.store i32.store i32.store8 i32.store16".split(), "i64": "i64.store i64.store8 i64.store16 i64.store32".split(),
          "f32": ["f32.store"], "f64": ["f64.store"]}
TYPES = ["i32", "i32", "i32", "i64", "i64", "f32", "f64"]
SHAPES = {"i8x16": 16, "i16x8": 8, "i32x4": 4, "i64x2": 2}
LANE_OPS = {"i8x16": "add sub eq lt_s gt_u min_u max_s add_sat_s sub_sat_u avgr_u".split(),
            "i16x8": "add sub mul eq lt_u ge_s min_s max_u q15mulr_sat_s extmul_low_i8x16_s".split(),
            "i32x4": "add sub mul eq gt_s le_u min_u max_s dot_i16x8_s extmul_high_i16x8_u".split(),
            "i64x2": "add sub mul eq lt_s extmul_low_i32x4_u".split()}


class Function:
    """One function's body, made from a generator of random numbers."""

    def __init__(self, module, number, generator):
        self.module, self.number, self.random = module, number, generator
        self.parameters = [generator.choice(TYPES) for _ in range(generator.randrange(4))]
        self.results = [generator.choice(TYPES) for _ in range(generator.choice([0, 1, 1, 1, 2, 3]))]
        self.locals = self.parameters + [generator.choice(TYPES) for _ in range(generator.randrange(1, 7))]
        self.vectors = 2 if module.has_vectors else 0
        self.counters = 0
        self.labels = []

    def text(self):
        body = self.statements(self.random.randrange(3, 9), 3)
        values = " ".join(self.value(t, 2) for t in self.results)
        declared = self.locals[len(self.parameters):] + ["v128"] * self.vectors + ["i32"] * self.counters
        return (f'(func $f{self.number} (export "f{self.number}") {self.clause("param", self.parameters)} '
                f'{self.clause("result", self.results)} {self.clause("local", declared)}\n{body}\n{values})\n')

    @staticmethod
    def clause(word, types):
        return f"({word} {' '.join(types)})" if types else ""

    def local(self, type_):
        """The number of a local of a type, or nothing."""
        found = [i for i, t in enumerate(self.locals) if t == type_]
        return self.random.choice(found) if found else None

    # Expressions

    def constant(self, type_):
        if type_ in ("f32", "f64"):
            return f"({type_}.const {self.random.choice(FLOATS)})"
        return f"({type_}.const {self.random.choice(INTEGERS if type_ == 'i32' else WIDE)})"

    def value(self, type_, depth):
        choice = self.random.random()
        local = self.local(type_)
        if depth <= 0 or choice < 0.25:
            if local is not None and self.random.random() < 0.7:
                return f"(local.get {local})"
            return self.constant(type_)
        if choice < 0.5:
            return self.binary(type_, depth - 1)
        if choice < 0.56:
            return f"({type_}.{self.random.choice(UNARY[type_])} {self.value(type_, depth - 1)})"
        if choice < 0.64:
            name, source = self.random.choice(CONVERT[type_])
            inner = self.value(source, depth - 1)
            return f"({name} {self.plain(source, inner) if 'reinterpret' in name else inner})"
        if choice < 0.74:
            return self.load(type_, depth - 1)
        if choice < 0.79 and local is not None:
            return f"(local.tee {local} {self.value(type_, depth - 1)})"
        if choice < 0.83:
            return f"(select {self.value(type_, depth - 1)} {self.value(type_, depth - 1)} {self.condition(depth - 1)})"
        if choice < 0.87:
            return (f"(if (result {type_}) {self.condition(depth - 1)} (then {self.statements(1, 0)} {self.value(type_, depth - 1)}) "
                    f"(else {self.value(type_, depth - 1)}))")
        if choice < 0.90:
            return (f"(block (result {type_}) {self.value(type_, depth - 1)} {self.condition(depth - 1)} (br_if 0) "
                    f"(drop) {self.value(type_, depth - 1)})")
        if choice < 0.93 and type_ == "i32":
            return f"(global.get $g{self.random.randrange(3)})"
        if choice < 0.96:
            called = self.callee(lambda f: f.results == [type_])
            if called:
                return called
        if self.vectors and choice < 0.98 and type_ in ("i32", "i64"):
            shape = "i64x2" if type_ == "i64" else "i32x4"
            return f"({shape}.extract_lane {self.random.randrange(SHAPES[shape])} {self.vector(depth - 1)})"
        if type_ == "i32":
            return self.condition(depth - 1)
        return self.binary(type_, depth - 1)

    def binary(self, type_, depth):
        name = self.random.choice(BINARY[type_])
        right = self.constant(type_) if self.random.random() < 0.5 else self.value(type_, depth)
        left = self.value(type_, depth)
        if name.startswith(("div", "rem")) and type_[0] == "i" and self.random.random() < 0.9:
            right = f"({type_}.or {right} ({type_}.const 1))"
        return f"({type_}.{name} {left} {right})"

    def condition(self, depth):
        choice = self.random.random()
        if choice < 0.45:
            type_ = self.random.choice(TYPES)
            right = self.constant(type_) if self.random.random() < 0.5 else self.value(type_, depth)
            return f"({type_}.{self.random.choice(COMPARE[type_])} {self.value(type_, depth)} {right})"
        if choice < 0.6:
            return f"(i32.and {self.value('i32', depth)} {self.constant('i32')})"
        if choice < 0.75:
            return f"(i32.eqz {self.value('i32', depth)})"
        if choice < 0.8:
            return f"(i64.eqz {self.value('i64', depth)})"
        return self.value("i32", depth)

    def plain(self, type_, value):
        """A float without a NaN's bits."""
        return f"(call $plain_{type_} {value})" if type_ in ("f32", "f64") else value

    def memory(self):
        """Index and address type of a memory."""
        return self.random.choice(self.module.memories)

    def address(self, type_, depth):
        """Mostly inside, sometimes at the end, seldom anywhere."""
        choice = self.random.random()
        if choice < 0.03:
            return self.value(type_, depth)
        if choice < 0.08:
            return f"({type_}.const {self.random.choice([65535, 65532, 65528, 65520, 65536])})"
        index = f"({type_}.and {self.value(type_, depth)} ({type_}.const {self.random.choice([7, 63, 4095])}))"
        if choice < 0.3:
            index = f"({type_}.shl {index} ({type_}.const {self.random.randrange(4)}))"
        if choice < 0.7:
            return f"({type_}.add {index} ({type_}.const {self.random.choice([0, 4, 8, 1024, 2000])}))"
        return index

    def immediate(self):
        return "" if self.random.random() < 0.5 else f"offset={self.random.choice([1, 4, 8, 16, 100, 1000])} "

    def load(self, type_, depth):
        memory, address = self.memory()
        return f"({self.random.choice(LOADS[type_])} {memory} {self.immediate()}{self.address(address, depth)})"

    def callee(self, wanted):
        """A call of a function made before this one, so that nothing recurses."""
        found = [f for f in self.module.functions if wanted(f)]
        if not found or self.module.budget <= 0:
            return None
        self.module.budget -= 1
        function = self.random.choice(found)
        arguments = " ".join(self.value(t, 1) for t in function.parameters)
        if self.random.random() < 0.3:
            types = f"{self.clause('param', function.parameters)} {self.clause('result', function.results)}"
            return f"(call_indirect {types} {arguments} (i32.const {function.number}))"
        return f"(call $f{function.number} {arguments})"

    def vector(self, depth):
        choice = self.random.random()
        shape = self.random.choice(list(SHAPES))
        if depth <= 0 or choice < 0.3:
            if self.random.random() < 0.6:
                return f"(local.get {len(self.locals) + self.random.randrange(self.vectors)})"
            return f"(v128.const i64x2 {self.random.choice(WIDE)} {self.random.choice(WIDE)})"
        if choice < 0.55:
            return f"({shape}.{self.random.choice(LANE_OPS[shape])} {self.vector(depth - 1)} {self.vector(depth - 1)})"
        if choice < 0.65:
            return f"(v128.{self.random.choice(['and', 'or', 'xor', 'andnot'])} {self.vector(depth - 1)} {self.vector(depth - 1)})"
        if choice < 0.72:
            return f"({shape}.splat {self.value('i64' if shape == 'i64x2' else 'i32', depth - 1)})"
        if choice < 0.8:
            return f"({shape}.{self.random.choice(['shl', 'shr_s', 'shr_u'])} {self.vector(depth - 1)} {self.value('i32', depth - 1)})"
        if choice < 0.86:
            lanes = " ".join(str(self.random.randrange(32)) for _ in range(16))
            return f"(i8x16.shuffle {lanes} {self.vector(depth - 1)} {self.vector(depth - 1)})"
        if choice < 0.9:
            return f"(v128.bitselect {self.vector(depth - 1)} {self.vector(depth - 1)} {self.vector(depth - 1)})"
        if choice < 0.94:
            lane = self.value("i64" if shape == "i64x2" else "i32", depth - 1)
            return f"({shape}.replace_lane {self.random.randrange(SHAPES[shape])} {self.vector(depth - 1)} {lane})"
        memory, address = self.memory()
        return f"(v128.load {memory} {self.immediate()}{self.address(address, depth - 1)})"

    # Statements

    def statements(self, count, depth):
        return "\n".join(self.statement(depth) for _ in range(count))

    def assignment(self):
        type_ = self.random.choice(self.locals)
        local = self.local(type_)
        if type_ in ("i32", "i64") and self.random.random() < 0.5:
            source = self.local(type_) if self.random.random() < 0.4 else local
            return f"(local.set {local} ({type_}.add (local.get {source}) {self.constant(type_)}))"
        return f"(local.set {local} {self.value(type_, 3)})"

    def store(self):
        type_ = self.random.choice(TYPES)
        memory, address = self.memory()
        place, offset = self.address(address, 1), self.immediate()
        if self.random.random() < 0.3 and type_ == "i32":
            local = self.local(address)
            if local is not None:
                place = f"(local.get {local})"
                return (f"(local.set {local} {self.address(address, 1)}) (i32.store {memory} {offset}{place} "
                        f"(i32.add (i32.load {memory} {offset}{place}) {self.constant('i32')}))")
        return f"({self.random.choice(STORES[type_])} {memory} {offset}{place} {self.plain(type_, self.value(type_, 2))})"

    def statement(self, depth):
        choice = self.random.random()
        if depth <= 0 or choice < 0.35:
            return self.assignment()
        if choice < 0.5:
            return self.store()
        if choice < 0.6:
            other = f"(else {self.statements(1, depth - 1)})" if self.random.random() < 0.5 else ""
            return f"(if {self.condition(2)} (then {self.statements(2, depth - 1)}) {other})"
        if choice < 0.7:
            return self.loop(depth)
        if choice < 0.77:
            return f"(block {self.statements(1, depth - 1)} (br_if 0 {self.condition(2)}) {self.statements(2, depth - 1)})"
        if choice < 0.82:
            return self.switch(depth)
        if choice < 0.87:
            number = self.random.randrange(3)
            if self.random.random() < 0.6:
                return (f"(global.set $g{number} (i32.add (global.get $g{self.random.choice([number, 0])}) {self.constant('i32')}))")
            local = self.local("i32")
            if local is not None:
                return f"(global.set $g{number} (i32.add (local.get {local}) {self.constant('i32')}))"
            return f"(global.set $g{number} {self.value('i32', 2)})"
        if choice < 0.92:
            called = self.callee(lambda f: True)
            if called:
                results = next(f for f in self.module.functions if f"$f{f.number} " in called or
                               called.endswith(f"(i32.const {f.number}))")).results
                return called + " " + "(drop)" * len(results)
        if choice < 0.95 and self.vectors:
            if self.random.random() < 0.5:
                return f"(local.set {len(self.locals) + self.random.randrange(self.vectors)} {self.vector(3)})"
            memory, address = self.memory()
            return f"(v128.store {memory} {self.immediate()}{self.address(address, 1)} {self.vector(2)})"
        if choice < 0.965:
            return f"(if {self.condition(1)} (then (return {' '.join(self.value(t, 1) for t in self.results)})))"
        if choice < 0.975:
            return f"(memory.fill (i32.const {self.random.randrange(4000)}) {self.value('i32', 1)} (i32.const {self.random.randrange(64)}))"
        return self.assignment()

    def loop(self, depth):
        if depth < 2:
            return self.assignment()
        counter = len(self.locals) + self.vectors + self.counters
        self.counters += 1
        count = self.random.randrange(1, 5)
        # Its number is known only at the end: locals of vectors and counters follow one another.
        name = f"(local.get {counter})"
        body = self.statements(2, depth - 2)
        if self.random.random() < 0.5:
            return (f"(local.set {counter} (i32.const {count})) (loop {body} "
                    f"(br_if 0 (local.tee {counter} (i32.add {name} (i32.const -1)))))")
        return (f"(local.set {counter} (i32.const 0)) (block (loop (br_if 1 (i32.ge_u {name} (i32.const {count}))) {body} "
                f"(local.set {counter} (i32.add {name} (i32.const 1))) (br 0)))")

    def switch(self, depth):
        index = self.value("i32", 1)
        if self.random.random() < 0.5:
            index = f"(i32.add {index} (i32.const {self.random.choice([-2, -1, 1, -70000])}))"
        return (f"(block (block (block {index} (br_table {self.random.randrange(3)} {self.random.randrange(3)} 1 2)) "
                f"{self.statements(1, depth - 1)} (br 1)) {self.statements(1, depth - 1)})")


class Program:
    """A module's parts."""

    def __init__(self, generator):
        self.functions, self.budget = [], 12
        self.has_vectors = generator.random() < 0.3
        self.memories = [("", "i32")]
        if generator.random() < 0.3:
            self.memories += [("$second", "i32"), ("$wide", "i64")]
        for number in range(generator.randrange(1, 5)):
            function = Function(self, number, generator)
            function.body = function.text()
            self.functions.append(function)

    def text(self):
        memories = '(memory (export "m0") 1)'
        if len(self.memories) > 1:
            memories += '(memory $second (export "m1") 1 1) (memory $wide (export "m2") i64 1 2)'
        globals_ = "".join(f'(global $g{i} (export "g{i}") (mut i32) (i32.const {i * 1000}))' for i in range(3))
        plain = "".join(f"(func $plain_{t} (param {t}) (result {t}) (select (local.get 0) ({t}.const nan) "
                        f"({t}.eq (local.get 0) (local.get 0))))\n" for t in ("f32", "f64"))
        names = " ".join(f"$f{f.number}" for f in self.functions)
        return (f"(module {memories} {globals_}\n(table {len(self.functions)} funcref) (elem (i32.const 0) {names})\n"
                f'(data (i32.const 0) "\\01\\02\\03\\04\\80\\ff\\7f\\00\\10\\20\\30\\40")\n'
                + "".join(f.body for f in self.functions) + plain + ")\n")


def module(generator):
    """A module's text."""
    return Program(generator).text()
