#!/usr/bin/env python3
"""Runs generated programs in this engine and in wasmtime, and compares what they give.

usage: Fuzz/compare-engines.py MODULE-RUN FOLDER SECONDS|PATH [FIRST-SEED]

Half of the programs are made by `wasm-tools smith`, half by Fuzz/programs.py. Results, traps by kind, memories and globals at
the end must be the same. A program that gives another result stays in FOLDER, and the exit code is 1; its path instead of
SECONDS compares it alone. Everything follows from the seed, which is printed."""
import collections
import pathlib
import random
import shutil
import subprocess
import sys
import time

import wasmtime

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.dont_write_bytecode = True
import peer  # noqa: E402
import programs  # noqa: E402

# What the module may use, as options of `wasm-tools smith`: each set is tried in turns.
COMMON = ["--ensure-termination", "--fuel", "1000", "--canonicalize-nans", "true", "--export-everything", "true",
          "--max-imports", "0", "--min-funcs", "1", "--max-memory32-bytes", "1048576", "--max-memory64-bytes", "1048576",
          "--max-table-elements", "1000", "--threads-enabled", "false", "--relaxed-simd-enabled", "false",
          "--custom-descriptors-enabled", "false", "--compact-imports-enabled", "false",
          "--shared-everything-threads-enabled", "false", "--generate-custom-sections", "false", "--allow-start-export", "false"]
FEATURES = {
    "plain": ["--simd-enabled", "false", "--gc-enabled", "false", "--exceptions-enabled", "false", "--memory64-enabled", "false",
              "--tail-call-enabled", "false", "--wide-arithmetic-enabled", "false", "--custom-page-sizes-enabled", "false"],
    "vectors": ["--simd-enabled", "true", "--gc-enabled", "false", "--exceptions-enabled", "false",
                "--memory64-enabled", "false", "--custom-page-sizes-enabled", "false", "--wide-arithmetic-enabled", "true"],
    "memories": ["--simd-enabled", "true", "--gc-enabled", "false", "--exceptions-enabled", "false", "--memory64-enabled", "true",
                 "--max-memories", "4", "--custom-page-sizes-enabled", "true", "--wide-arithmetic-enabled", "true"],
    "objects": ["--simd-enabled", "true", "--gc-enabled", "true", "--exceptions-enabled", "true", "--tail-call-enabled", "true",
                "--memory64-enabled", "true", "--custom-page-sizes-enabled", "false", "--wide-arithmetic-enabled", "false"],
}


def smith(tools, generator, path):
    """A module of `wasm-tools smith`; False when the bytes give none."""
    name = generator.choice(list(FEATURES))
    bytes_ = generator.randbytes(generator.choice([300, 1000, 3000, 8000]))
    made = subprocess.run([tools, "smith", *COMMON, *FEATURES[name], "-o", path], input=bytes_, capture_output=True)
    return made.returncode == 0


class Ours:
    """The program that runs modules, started again when one of them ends it."""

    def __init__(self, command):
        self.command, self.process = command, None

    def run(self, path):
        if not self.process or self.process.poll() is not None:
            self.process = subprocess.Popen([self.command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        lines = []
        while True:
            line = self.process.stdout.readline()
            if not line:
                return [f"ENDED with {self.process.wait()}"]
            if line == "\n":
                return lines
            lines.append(line.rstrip("\n"))


def split(lines):
    """What is listed, and what came out of it."""
    listed = [line for line in lines if line.startswith("= ")]
    return listed, peer.normal(lines[len(listed):])


def difference(ours, theirs):
    """The first line that is not the same, or nothing. After a stack or heap is exhausted nothing is comparable."""
    for mine, other in zip(ours, theirs):
        if any(f"trap {what}" in line for what in ("stack exhausted", "heap") for line in (mine, other)):
            return None
        if mine != other:
            return f"{mine}   but wasmtime: {other}"
    return None if len(ours) == len(theirs) else f"{len(ours)} lines, but wasmtime: {len(theirs)}"


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    ours, folder, limit = Ours(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    folder.mkdir(parents=True, exist_ok=True)
    if pathlib.Path(limit).exists():
        listed, mine = split(ours.run(limit))
        theirs = peer.run(limit, listed)
        print(difference(mine, theirs) or f"the same: {len(mine)} lines")
        return 1 if difference(mine, theirs) else 0
    tools = shutil.which("wasm-tools") or str(pathlib.Path(sys.executable).parent / "wasm-tools")
    seed = int(sys.argv[4]) if len(sys.argv) == 5 else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}, wasmtime {peer.version()}", flush=True)
    end, count, refused, lines, traps, different = time.monotonic() + float(limit), 0, 0, 0, 0, 0
    reasons = collections.Counter()
    while time.monotonic() < end:
        generator = random.Random(f"{seed} {count}")
        count += 1
        path = folder / ("now.wasm" if count % 2 else "now.wat")
        if count % 2:
            if not smith(tools, generator, path):
                continue
        else:
            path.write_text(programs.module(generator))
        listed, mine = split(ours.run(path))
        try:
            theirs = peer.run(path, listed)
        except peer.Refused as reason:
            refused += 1
            if not mine or not mine[0].startswith("refused"):
                reasons[str(reason)[:60]] += 1
            continue
        lines += len(theirs)
        traps += sum("trap" in line for line in theirs)
        found = difference(mine, theirs)
        if found:
            different += 1
            kept = path.rename(folder / f"different-{seed}-{count}{path.suffix}")
            print(f"{kept}: {found}", flush=True)
    for reason, times in reasons.most_common(5):
        print(f"refused by wasmtime alone, {times} times: {reason}")
    print(f"{count} programs, {refused} refused by wasmtime, {lines} results, {traps} of them traps: {different} different")
    return 1 if different else 0


sys.exit(main())
