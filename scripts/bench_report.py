"""How `scripts/bench` shows what it measured: tables in Markdown, and whether the project's goals are met."""
import os
import pathlib
import platform
import statistics

from bench_engines import say

BUSY = 1.5


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith(("model name", "CPU part")):
            return line.split(":")[1].strip()
    return platform.machine()


def load():
    """One-minute load average; above BUSY the figures are worth little, and that is said where they stand."""
    value = os.getloadavg()[0]
    if value > BUSY:
        say(f"LOAD AVERAGE IS {value:.1f}: do not quote these figures; run again on a quiet machine")
    return value


def table(header, rows):
    print("| " + " | ".join(header) + " |")
    print("| --- |" + " --: |" * (len(header) - 1))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def ratio(value, to):
    return f"{value / to:.2f}" if value and to else "–"


def number(value):
    return "no result" if value is None else f"{value:.0f}" if value >= 100 else f"{value:.1f}"


def hello_table(cases):
    native = next((case.median("wall") for case in cases if case.engine == "native"), None)
    rows = []
    for case in cases:
        median = case.median("wall")
        if median is None:
            rows.append([case.program, case.engine, "no result", "", "", "", ""])
            continue
        low, _, high = statistics.quantiles(case.wall, n=4, method="inclusive") if len(case.wall) > 1 else [median] * 3
        rows.append([case.program, case.engine, f"{median:.2f}", f"{low:.2f}–{high:.2f}", f"{case.peak / 1024:.1f}",
                     ratio(median, native), f"{median - native:+.2f}" if native else "–"])
    table(["guest", "engine", "ms", "middle half", "peak MiB", "× native", "ms over native"], rows)


def speed_table(names, cases, engine_names, of="guest"):
    """Milliseconds of each engine, in parentheses its ratio to native; then ours to wasm3's, and geometric means."""
    by = {(case.program, case.engine): case.median(of) for case in cases}
    present = ["native", *engine_names]
    rows, to_native, to_peer = [], {}, []
    for name in names:
        native, row = by.get((name, "native")), [name]
        for engine in present:
            value = by.get((name, engine))
            if (name, engine) not in by:
                row.append("not measured")
            elif engine == "native" or not value or not native:
                row.append(number(value))
            else:
                row.append(f"{number(value)} ({ratio(value, native)})")
                to_native.setdefault(engine, []).append(value / native)
        ours, theirs = by.get((name, "wasm-shim")), by.get((name, "wasm3"))
        if ours and theirs:
            to_peer.append(ours / theirs)
        rows.append([*row, ratio(ours, theirs)])

    def mean(ratios):
        if not ratios:
            return "–"
        return f"{statistics.geometric_mean(ratios):.2f}" + (f" of {len(ratios)}" if len(ratios) < len(names) else "")
    rows.append(["geometric mean", "1", *(mean(to_native.get(engine)) for engine in engine_names), mean(to_peer)])
    table(["", *(f"{engine}, ms" for engine in present), "wasm-shim ÷ wasm3"], rows)


# Names of kernels and programs, and how many times native's time each may take.
KERNEL_GOAL, PROGRAM_GOAL = 6, 15


def goals(cases, kernels, programs, alone):
    """What the project wants of these figures, and whether it is so."""
    by = {(case.program, case.engine): case for case in cases}

    def median(program, engine, of):
        case = by.get((program, engine))
        return case.median(of) if case else None
    native, ours = median("hello", "native", "wall"), median("hello", "wasm-shim", "wall")
    if native and ours:
        say_goal("hello at most 3 ms over native", ours - native <= 3, f"{ours - native:+.2f} ms")
    if alone:
        over = alone[1] - alone[0]
        say_goal("the guest program alone at most 1 ms over native", over <= 1,
                 f"{alone[1]:.2f} ms, native {alone[0]:.2f}: {over:+.2f} ms")

    def ratios(names, to):
        pairs = [(name, median(name, "wasm-shim", "guest"), median(name, to, "guest")) for name in names]
        return {name: mine / theirs for name, mine, theirs in pairs if mine and theirs}
    of_kernels = ratios(kernels, "native")
    if of_kernels:
        mean = statistics.geometric_mean(of_kernels.values())
        say_goal(f"kernels at most {KERNEL_GOAL} times native", mean <= KERNEL_GOAL, f"{mean:.2f}")
    for name, value in ratios(programs, "native").items():
        say_goal(f"{name} at most {PROGRAM_GOAL} times native", value <= PROGRAM_GOAL, f"{value:.1f}")
    for peer, most in (("wasm3", 1.1), ("wasmkit", 1.0)):
        found = ratios([*kernels, *programs], peer)
        if found:
            worst = max(found, key=found.get)
            say_goal(f"no slower than {most:.1f} times {peer} on any workload", found[worst] <= most,
                     f"{len(found)} compared, the worst {worst} {found[worst]:.2f}")
    for case in cases:
        if case.engine == "wasm-shim" and case.problem:
            say_goal(f"{case.program} has a result", False, case.problem)


def say_goal(what, is_met, figure):
    print(f"- {what}: {'met' if is_met else 'MISSED'} ({figure})")
