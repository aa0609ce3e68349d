#!/usr/bin/env python3
"""Fails when a source file imports a target of ours that Package.swift does not give to its own target.

SwiftPM lets that pass wherever the imported module happens to be built already. Two rules go beyond Package.swift:
`Wasm*` sees no containers and `OCI*` sees no engine, whatever arrows somebody draws there."""
import json
import pathlib
import re
import subprocess
import sys

IMPORT = re.compile(
    r"^[ \t]*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?"
    r"import\s+(?:(?:class|struct|enum|protocol|func|var|let|typealias)\s+)?(\w+)", re.M)
# Prefix of a target's name: prefixes of names that it must not import.
NEVER = {"Wasm": ("OCI", "LinuxSystem"), "OCI": ("Wasm", "WASI")}
FRONT_DOORS = {"WasmShimCommands"}


def folder_of(target):
    if target.get("path"):
        return pathlib.Path(target["path"])
    return pathlib.Path("Tests" if target["type"] == "test" else "Sources") / target["name"]


def given_to(target):
    return {list(dependency.values())[0][0] for dependency in target["dependencies"]}


def main():
    package = json.loads(subprocess.check_output(["swift", "package", "dump-package"]))
    targets = {target["name"]: target for target in package["targets"]}
    problems = []
    files = 0
    for name, target in targets.items():
        allowed = given_to(target) | {name}
        forbidden = ()
        if target["type"] != "test" and name not in FRONT_DOORS:
            forbidden = next((NEVER[prefix] for prefix in NEVER if name.startswith(prefix)), ())
        for file in sorted(folder_of(target).rglob("*.swift")):
            files += 1
            for module in sorted(set(IMPORT.findall(file.read_text()))):
                if module not in targets:
                    continue
                if module not in allowed:
                    problems.append(f"{file}: imports {module}, which Package.swift does not give to {name}; "
                                    "move the code, or draw the arrow there and in specs/architecture.md")
                elif module != name and module.startswith(forbidden) and forbidden:
                    problems.append(f"{file}: imports {module}, which {name} must never see; "
                                    "move what needs both to ContainerProcess")
    print("\n".join(problems) or f"check-layers: {files} files of {len(targets)} targets import only what they are given")
    return 1 if problems else 0


sys.exit(main())
