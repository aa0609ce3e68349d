"""What `scripts/bench` runs: programs, what each must print, and one run of one of them."""
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys

from bench_engines import INPUTS, SHARED, WORK, say

CHECKSUMS = dict(fib="8cccc9", nbody="4040bda0eb8c0f", mandel="fccecfd80e5ad6c9", sha256="2a553aad4465ebd2", matmul="1e1c",
                 sieve="316b06", memcopy="3d090700", indirect="77637d01", i64mul="19b2160627b0c64f", vmloop="fb2e6440",
                 collatz="1d50007cfbf", chase="9241da46b", lua="80155278", quickjs="4a884283",
                 sqlite="904fb5a077744f2f57aa127ab072f48e86b9a21d73b56cc1")
TIMED_LINE = re.compile(r"^\w+ checksum=0*([0-9a-f]+) ns=(\d+)$", re.M)
SPEEDTEST = re.compile(r"^ +TOTAL\.+ +([0-9.]+)s$.*^Verification Hash: \d+ ([0-9a-f]+)$", re.M | re.S)
GREETING = "hello, world\n"


class WrongResult(Exception):
    """The program ran, or did not, and gave something else than it must."""


def greeting(output, _):
    """Start-up: there is nothing to read but the greeting; the time is the process's."""
    if output != GREETING:
        raise WrongResult(f"printed {output[:80]!r}, not {GREETING!r}")


def timed_line(output, checksum):
    """`NAME checksum=HEX ns=ELAPSED`, in ms."""
    found = TIMED_LINE.search(output)
    if not found:
        raise WrongResult(f"printed no checksum: {output[:80]!r}")
    if found[1] != checksum:
        raise WrongResult(f"checksum {found[1]}, not {checksum}")
    return int(found[2]) / 1e6


def speedtest_total(output, checksum):
    """The TOTAL line of speedtest1, in ms; its verification hash is the checksum."""
    found = SPEEDTEST.search(output)
    if not found:
        raise WrongResult(f"printed no total or hash: {output[-80:]!r}")
    if found[2] != checksum:
        raise WrongResult(f"verification hash {found[2]}, not {checksum}")
    return float(found[1]) * 1e3


class Case:
    """One program on one engine: how to run it, and what was measured."""

    def __init__(self, program, engine, command, read):
        self.program, self.engine, self.command, self.read = program, engine, [str(word) for word in command], read
        self.wall, self.guest, self.peak, self.problem = [], [], 0, None

    def run(self, spawner, limit):
        if self.problem:
            return
        output = WORK / "output"
        process = subprocess.Popen([spawner, output, *self.command], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, start_new_session=True)
        try:
            line, errors = process.communicate(timeout=limit)
            if process.returncode != 0:
                raise WrongResult(errors.strip()[-200:])
            wall, peak, code = map(int, line.split())
            if code != 0:
                raise WrongResult(f"exit code {code}: {errors.strip()[-200:]}")
            elapsed = self.read(output.read_text(errors="replace"), CHECKSUMS.get(self.program))
        except subprocess.TimeoutExpired:
            self.problem = f"not done after {limit} s"
        except WrongResult as problem:
            self.problem = str(problem)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if self.problem:
            say(f"NO RESULT for {self.program} on {self.engine}: {self.problem}")
            return
        self.wall.append(wall / 1e6)
        self.peak = max(self.peak, peak)
        if elapsed is not None:
            self.guest.append(elapsed)

    def median(self, of="guest"):
        """In ms, or nothing when a result was wrong."""
        values = getattr(self, of)
        return statistics.median(values) if values and not self.problem else None


def hello_cases(shim, compared, natives):
    """Start-up: modules and images, each as a whole process. `shim` is the path of wasm-shim."""
    made = [Case("hello", "native", [natives.compile(INPUTS / "src" / "hello.c", "hello", "-static")], greeting)]
    for name in ("hello", "hello_s", "hello_min"):
        module = INPUTS / "wasm" / f"{name}.wasm"
        made += [Case(name, engine.name, engine.command(module, [], None), greeting) for engine in compared]
    for name, flags in (("hello, tar image", []), ("hello, wasm artifact", ["--artifact"])):
        layout = WORK / name.split(" ")[-1]
        shutil.rmtree(layout, ignore_errors=True)
        built = subprocess.run([shim, "image", "build", INPUTS / "wasm" / "hello.wasm", "-o", layout, "--tag", "v1", *flags],
                               capture_output=True, text=True)
        if built.returncode != 0:
            sys.exit(f"bench: wasm-shim image build failed: {built.stderr}")
        made.append(Case(name, "wasm-shim", [shim, "run", f"{layout}:v1"], greeting))
    return made


def guest_alone(shim, natives, rounds):
    """Milliseconds of the guest program alone from start to exit for hello, and of a native hello in turns with it."""
    prefix = WORK / "alone"
    for folder in ("bin", "libexec"):
        (prefix / folder).mkdir(parents=True, exist_ok=True)
    shutil.copy(shim, prefix / "bin" / "wasm-shim")
    guest = pathlib.Path(shim).parent.parent / "libexec" / "wasm-shim-guest"
    words = {"GUEST": f'"{guest}"', "NATIVE": f'"{natives.folder / "hello"}"', "ROUNDS": rounds}
    stand_in = natives.compile(pathlib.Path(__file__).parent / "bench-guest.c", "bench-guest", "-static",
                               *(f"-D{name}={value}" for name, value in words.items()))
    shutil.copy(stand_in, prefix / "libexec" / "wasm-shim-guest")
    done = subprocess.run([prefix / "bin" / "wasm-shim", "run", INPUTS / "wasm" / "hello.wasm"], text=True,
                          capture_output=True)
    if done.returncode != 0 or done.stdout != GREETING * 2 * rounds:
        say(f"NO RESULT for the guest program alone: {done.stderr[-200:]}")
        return None
    native, guest = zip(*(map(int, line.split()) for line in done.stderr.splitlines()))
    return statistics.median(native) / 1e6, statistics.median(guest) / 1e6


def kernel_cases(name, compared, natives):
    module = INPUTS / "wasm" / f"{name}.wasm"
    native = natives.compile(INPUTS / "src" / f"{name}.c", name, "-lm")
    return [Case(name, "native", [native], timed_line)] + [
        Case(name, engine.name, engine.command(module, [], None), timed_line) for engine in compared]


# Of each program: the native one and how to come by it, the module, its arguments, the folder it reads, how it reports.
PROGRAMS = {
    "lua": ("lua", "run scripts/bench-natives",
            INPUTS / "wasm" / "lua.wasm", [INPUTS / "src" / "bench.lua"], INPUTS / "src", timed_line),
    "quickjs": ("qjs", "put a QuickJS-NG 0.11.0 built with clang -O2 at .build/bench/native/qjs",
                SHARED / "programs" / "wasm" / "quickjs.wasm", ["--std", INPUTS / "src" / "bench.js"], INPUTS / "src", timed_line),
    "sqlite": ("speedtest1", "run scripts/bench-natives",
               INPUTS / "wasm" / "speedtest1.wasm", ["--size", "15", "--verify", ":memory:"], None, speedtest_total),
}


def program_cases(name, compared, natives):
    program, remedy, module, arguments, folder, read = PROGRAMS[name]
    native = natives.made(program, remedy)
    return ([Case(name, "native", [native, *arguments], read)] if native else []) + [
        Case(name, engine.name, engine.command(module, arguments, folder), read) for engine in compared]


def measure(cases, rounds, spawner, limit):
    """Every case once a round; each round begins with another one, so that none is always after the same neighbour."""
    for number in range(rounds):
        if sys.stderr.isatty():
            say(f"round {number + 1} of {rounds}")
        offset = number % len(cases) if cases else 0
        for case in cases[offset:] + cases[:offset]:
            case.run(spawner, limit)
