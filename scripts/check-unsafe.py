#!/usr/bin/env python3
"""Fails when `unsafe` stands in a source file that scripts/unsafe-files.txt does not list, or handles a pointer without
saying why that is safe.

A use that touches memory (pointers, buffers, bytes of another type) needs a comment with `SAFETY:` in or right above its
function, or right above its type where one reason holds for all of it. Calling a C function with a Swift string or
`&variable` alone needs none: the compiler lends the pointer for the call only."""
import pathlib
import re
import sys

LIST = pathlib.Path("scripts/unsafe-files.txt")
UNSAFE = re.compile(r"\bunsafe\b")
MEMORY = re.compile(r"Pointer|baseAddress|pointee|withUnsafe|withMemoryRebound|assumingMemoryBound|bindMemory"
                    r"|unsafeUninitialized|loadUnaligned|storeBytes|copyMemory|unsafeBitCast|unsafeAddress")
DECLARATION = re.compile(r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:package|internal|fileprivate|private|static|mutating|"
                         r"borrowing|consuming|nonisolated|override|final|indirect)\s+)*"
                         r"(?:func|init\b|deinit|subscript|var|let|struct|class|enum|extension|case)\b")


def code_of(line):
    """The line without its comment and without what is inside string literals."""
    return re.sub(r'"(?:\\.|[^"\\])*"', '""', line).split("//")[0]


def pieces(lines):
    """The file's declarations at the top (with what stands above them), and within those the members' ranges."""
    starts = [(number, len(line) - len(line.lstrip())) for number, line in enumerate(lines) if DECLARATION.match(line)]
    tops = [number for number, depth in starts if depth == 0]
    members = [number for number, depth in starts if depth in (0, 4)]
    return tops, members


def explained(lines, starts, number):
    """Whether the piece that `number` is in has a SAFETY: comment in it or in the comment above it."""
    first = max((start for start in starts if start <= number), default=0)
    last = min((start for start in starts if start > number), default=len(lines))
    while first > 0 and lines[first - 1].lstrip().startswith(("//", "@")):
        first -= 1
    return any("SAFETY:" in line for line in lines[first:last])


def check(file):
    lines = file.read_text().splitlines()
    uses = [number for number, line in enumerate(lines) if UNSAFE.search(code_of(line))]
    tops, members = pieces(lines)
    problems = []
    for number in uses:
        if not MEMORY.search(code_of(lines[number])) or explained(lines, members, number):
            continue
        top = max((start for start in tops if start <= number), default=0)
        if not explained(lines[:top + 1], [top], top):
            problems.append(f"{file}:{number + 1}: no SAFETY: comment says why this cannot go wrong; write one")
    return bool(uses), problems


def main():
    listed = {line for line in LIST.read_text().splitlines() if line and not line.startswith("#")}
    problems, used = [], set()
    for file in sorted(pathlib.Path("Sources").rglob("*.swift")):
        if "Generated" in file.parts:  # as its generator would have it
            continue
        has_uses, found = check(file)
        if has_uses:
            used.add(str(file))
            if str(file) not in listed:
                problems.append(f"{file}: uses unsafe and is not in {LIST}; do without, or list it")
        problems += found
    problems += [f"{LIST}: lists {name}, which uses no unsafe; remove the line" for name in sorted(listed - used)]
    print("\n".join(problems) or f"check-unsafe: {len(used)} files use unsafe, all listed and explained")
    return 1 if problems else 0


sys.exit(main())
