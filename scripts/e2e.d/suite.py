"""Runs one suite: `suite.py NAME [PART OF A CHECK'S NAME]`."""
import importlib
import sys

from host import Host


def main():
    module = importlib.import_module("suite_" + sys.argv[1])
    host = Host()
    try:
        module.prepare(host)
        status = module.checks.run(host, sys.argv[2] if len(sys.argv) > 2 else "")
    finally:
        host.stop()
    return status


if __name__ == "__main__":
    sys.exit(main())
