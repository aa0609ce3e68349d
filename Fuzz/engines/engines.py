#!/usr/bin/env python3
"""Runs generated modules in our engine and in Wasmtime, and compares what calls give and what memories and globals hold then.

    engines.py RUNNER FOLDER SECONDS [SEED]    modules of our own generator, and of `wasm-tools smith` in between
    engines.py RUNNER FOLDER FILE.wasm         one module again
    engines.py RUNNER FOLDER own:SEED          what the generator makes of a seed; smith:SEED likewise

What differs is left in FOLDER, with what was said. Seconds are of the processors', not of the clock."""
import collections
import os
import random
import select
import subprocess
import sys
import time
import zlib

sys.dont_write_bytecode = True
import generate  # noqa: E402
import smith  # noqa: E402
from wasm_bytes import F32, F64, I32, I64, V128  # noqa: E402

LIMIT = 20
TYPES = {"i32": I32, "i64": I64, "f32": F32, "f64": F64, "v128": V128}
SEEDS_A_RUN = 1 << 32
HALVES = [0, 1, 2, 3, 5, 8, 31, 64, 100, 255, 65528, 65535, 65536, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFF8000,
          1 << 32, (1 << 32) + 1, (1 << 63) - 1, 1 << 63, (1 << 64) - 1, (1 << 64) - 2]
SINGLES = [0, 0x80000000, 0x3F800000, 0xBF800000, 0x40490FDB, 0x4F000000, 0xCF000000, 0x7F800000, 0xFF800000, 0x7FC00000, 1]
DOUBLES = [0, 1 << 63, 0x3FF0000000000000, 0xBFF0000000000000, 0x400921FB54442D18, 0x41E0000000000000, 0x7FF0000000000000,
           0xFFF0000000000000, 0x7FF8000000000000, 1, 0x43E0000000000000]


class Runner:
    """Our engine, in a process that lasts for many modules."""

    def __init__(self, program):
        self.program, self.process, self.rest = program, None, b""

    def ask(self, line):
        """The lines that answer one; None if the process ended or did not answer in time."""
        if self.process is None:
            self.process = subprocess.Popen([self.program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.rest = b""
        try:
            self.process.stdin.write(line.encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return None
        started = self.processor_time()
        while not (self.rest == b"done\n" or self.rest.endswith(b"\ndone\n")):
            ready, _, _ = select.select([self.process.stdout], [], [], 1)
            if ready:
                piece = os.read(self.process.stdout.fileno(), 1 << 16)
                if not piece:
                    return None
                self.rest += piece
            elif self.processor_time() - started > LIMIT:
                return None
        lines = self.rest.decode(errors="replace").splitlines()[:-1]
        self.rest = b""
        return lines

    def processor_time(self):
        """What the process has used: one that is stopped does not hang."""
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self):
        """Ends the process; how it ended, or that it had not."""
        if self.process is None:
            return ""
        time.sleep(.05)
        status = self.process.poll()
        self.process.kill()
        text = self.process.stderr.read().decode(errors="replace")[-2000:]
        self.process.wait()
        self.process = None
        return ("did not end" if status is None else f"ended with {status}") + (": " + text if text else "")


def function_types(line):
    """The types of parameters and results: a byte each, or a text for a reference."""
    return [[TYPES.get(type_, type_) for type_ in half.split(",")[1:]] for half in line.split(";")]


def arguments(chance, types):
    """Values for parameters; None if a type has none that both engines can be given."""
    values = []
    for type_ in types:
        if type_ in (I32, I64):
            low = chance.choice(HALVES) if chance.random() < .7 else chance.getrandbits(64)
            values.append((type_, low & (0xFFFFFFFF if type_ == I32 else (1 << 64) - 1), 0))
        elif type_ in (F32, F64):
            values.append((type_, chance.choice(SINGLES if type_ == F32 else DOUBLES), 0))
        elif type_ == V128:
            values.append((type_, chance.getrandbits(64), chance.choice([0, chance.getrandbits(64)])))
        elif "null" in type_ or type_.endswith("ref"):
            values.append((type_, 0, 0))
        else:
            return None
    return values


def same(ours, theirs):
    """Whether two lines say the same: NaNs are one."""
    if ours == theirs:
        return True
    if ours.startswith("trap") and theirs.startswith("trap"):
        ours, theirs = ours[5:], theirs[5:]
        return (ours.startswith(theirs)
                or ours.startswith("undefined element") and theirs == "out of bounds table access"
                or ours.startswith("null") and theirs == "uninitialized element"
                # Of a copy between arrays both can be true.
                or ours == "null array reference" and theirs == "out of bounds array access")
    mine, others = ours.split(), theirs.split()
    return len(mine) == len(others) and all(a == b or is_nan(a) and is_nan(b) for a, b in zip(mine, others))


def is_nan(word):
    type_, _, bits = word.partition(":")
    if type_ == "f32":
        return int(bits, 16) & 0x7FFFFFFF > 0x7F800000
    return type_ == "f64" and int(bits, 16) & (1 << 63) - 1 > 0x7FF << 52


class Comparison:
    """All modules of a run."""

    def __init__(self, program, folder):
        import peer
        self.peer, self.engine = peer, peer.engine()
        self.runner, self.folder = Runner(program), folder
        self.counts = collections.Counter()
        self.found = 0

    def try_one(self, module, name, is_ours):
        """Whether the engines agree on a module."""
        path = os.path.join(self.folder, "current.wasm")
        with open(path, "wb") as file:
            file.write(module)
        self.said = []
        problem = self.compare(path, module, is_ours)
        if problem is None:
            return True
        self.found += 1
        if not os.path.exists(name):
            name = os.path.join(self.folder, name.replace(":", "-"))
            with open(name + ".wasm", "wb") as file:
                file.write(module)
        with open(name + ".txt", "w") as file:
            file.write("\n".join(self.said + [problem]) + "\n")
        print(f"{name}: {problem}"[:600], flush=True)
        return False

    def compare(self, path, module, is_ours):
        """What the engines do not agree on, or None."""
        counts = self.counts
        counts["modules"] += 1
        vectors = "portable" if len(module) % 16 < 4 else "own"
        answer = self.ask(f"module {path} {(0, 0, 1, 3)[len(module) % 4]} {vectors}")
        if answer is None:
            return "instantiation: ours " + self.runner.end()
        try:
            theirs = self.peer.Instance(self.engine, module)
        except self.peer.OutOfTime:
            counts["out of time"] += 1
            return None
        except self.peer.Refused as refusal:
            counts["refused by theirs"] += 1
            text = str(refusal)
            return f"{answer[0]}, theirs refused: {text}" if is_ours or answer[0] == "ready" and "limit" not in text else None
        if theirs.trap is not None:
            return None if same(answer[0], "trap " + theirs.trap) else f"instantiation: {answer[0]}, theirs trap {theirs.trap}"
        if answer[0] != "ready":
            counts["refused by ours"] += 1
            return f"{answer[0]}, theirs ready"
        types = {i: function_types(line) for i, line in enumerate(answer[1:]) if line.startswith("function")}
        functions = list(types)
        # The same calls for the same exports, so that a module can be made smaller.
        chance = random.Random(zlib.crc32("".join(answer).encode()))
        for index in functions * 2 + functions[-2:] * 2:
            values = arguments(chance, types[index][0])
            if values is None:
                counts["functions not called"] += 1
                continue
            line = f"call {index} " + " ".join(f"{low:x} {high:x}" for _, low, high in values)
            try:
                expected = theirs.call(index, values, types[index][1])
            except self.peer.OutOfTime:
                counts["out of time"] += 1
                return None
            if expected is None:
                counts["functions not called"] += 1
                continue
            answer = self.ask(line)
            if answer is None:
                return f"{line}: ours " + self.runner.end()
            counts["calls"] += 1
            counts["traps"] += expected.startswith("trap")
            if "exhausted" in answer[0] + expected or "out of memory" in answer[0] + expected:
                counts["exhausted"] += 1
                return None
            if not same(answer[0], expected.strip() if expected != "values " else expected):
                return f"{line}: ours {answer[0]}, theirs {expected}"
        answer = self.ask("state")
        if answer is None:
            return "state: ours " + self.runner.end()
        expected = theirs.state()
        for mine, other in zip(filter(None, answer), expected, strict=True):
            if not same(mine, other):
                return f"state: ours {mine}, theirs {other}"
        return None

    def ask(self, line):
        answer = self.runner.ask(line)
        self.said += [line] + (answer or [])
        return answer


def main():
    if len(sys.argv) < 4:
        print(__doc__)
        return 64
    program, folder, what = sys.argv[1:4]
    os.makedirs(folder, exist_ok=True)
    comparison = Comparison(program, folder)
    if os.path.exists(what):
        with open(what, "rb") as file:
            agree = comparison.try_one(file.read(), what, True)
        print("\n".join(comparison.said))
        return 0 if agree else 1
    if ":" in what:
        kind, seed = what.split(":")
        module = generate.generate(int(seed)) if kind == "own" else smith.generate(int(seed), folder)
        return 0 if module and comparison.try_one(module, what, kind == "own") else 1
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else random.randrange(SEEDS_A_RUN)
    print(f"seeds from {seed}", flush=True)
    told = 0
    while used() < float(what):
        seed += 1
        if seed % 4:
            comparison.try_one(generate.generate(seed), f"own:{seed}", True)
        else:
            module = smith.generate(seed, folder)
            comparison.counts["of smith"] += 1
            if module:
                comparison.try_one(module, f"smith:{seed}", False)
        if used() - told > 120:
            told = used()
            print(f"{told:.0f} s: {dict(comparison.counts)}", flush=True)
    comparison.runner.end()
    print(f"engines: {dict(comparison.counts)} in {used():.0f} s of processors; {comparison.found} did not agree")
    return 1 if comparison.found else 0


def used():
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


if __name__ == "__main__":
    sys.exit(main())
