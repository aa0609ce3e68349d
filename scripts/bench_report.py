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
    """Milliseconds of each engine, in parentheses its ratio to native; then ours to wasmkit's, and geometric means."""
    by = {(case.program, case.engine): case.median(of) for case in cases}
    present = ["native", *engine_names]
    rows, to_native, to_wasmkit = [], {}, []
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
        ours, theirs = by.get((name, "wasm-shim")), by.get((name, "wasmkit"))
        if ours and theirs:
            to_wasmkit.append(ours / theirs)
        rows.append([*row, ratio(ours, theirs)])

    def mean(ratios):
        if not ratios:
            return "–"
        return f"{statistics.geometric_mean(ratios):.2f}" + (f" of {len(ratios)}" if len(ratios) < len(names) else "")
    rows.append(["geometric mean", "1", *(mean(to_native.get(engine)) for engine in engine_names), mean(to_wasmkit)])
    table(["", *(f"{engine}, ms" for engine in present), "wasm-shim ÷ wasmkit"], rows)


def goals(cases):
    """What the project wants of these figures, and whether it is so."""
    by = {(case.program, case.engine): case for case in cases}
    native = by.get(("hello", "native")) and by["hello", "native"].median("wall")
    ours = by.get(("hello", "wasm-shim")) and by["hello", "wasm-shim"].median("wall")
    if native and ours:
        over = ours - native
        print(f"- hello at most 3 ms over native: {'met' if over <= 3 else 'MISSED'} ({over:+.2f} ms)")
    compared, slower = 0, []
    for (program, engine), case in by.items():
        other = by.get((program, "wasmkit"))
        if engine != "wasm-shim" or not other:
            continue
        of = "guest" if other.guest else "wall"
        mine, theirs = case.median(of), other.median(of)
        if mine is None:
            slower.append(f"{program} has no result")
        elif theirs is not None:
            compared += 1
            slower += [f"{program} {mine / theirs:.2f}"] if mine > theirs else []
    if compared or slower:
        print(f"- no slower than wasmkit on any workload: {'MISSED: ' + ', '.join(slower) if slower else 'met'} ({compared} compared)")
