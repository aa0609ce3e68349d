"""The list of checks, and what runs them: `ok NAME` or `FAILED NAME: why`, each in bounded time."""
import contextlib
import os
import signal
import sys
import time
import traceback

REFERENCE = os.environ.get("REFERENCE", "")


class Failed(Exception):
    """What a check expected and did not find."""


class TookTooLong(Exception):
    """A check's time is over."""


class Checks:
    """The checks of one suite, in the order in which they are written."""

    def __init__(self, suite):
        self.suite, self.registered = suite, []

    def check(self, name, ours_only=False, seconds=60):
        """Registers a function that takes the host. `ours_only` checks make no sense with REFERENCE=runc."""
        def register(function):
            self.registered.append((name, function, ours_only, seconds))
            return function
        return register

    def run(self, host, only=""):
        passed, failed, skipped, began = 0, [], 0, time.monotonic()
        for name, function, ours_only, seconds in self.registered:
            if only and only not in name:
                continue
            if REFERENCE and ours_only:
                skipped += 1
                continue
            try:
                with limit(seconds):
                    function(host)
            except Failed as problem:
                failed.append(name)
                report(f"FAILED {name}: {problem}")
            except TookTooLong:
                failed.append(name)
                report(f"FAILED {name}: took more than {seconds} s")
            except Exception as problem:
                failed.append(name)
                place = traceback.extract_tb(problem.__traceback__)[-1]
                report(f"FAILED {name}: {type(problem).__name__}: {problem} ({os.path.basename(place.filename)}:{place.lineno})")
            else:
                passed += 1
                report(f"ok {name}")
            with contextlib.suppress(Exception), limit(30):
                host.tidy()
        note = f" (reference {REFERENCE}; {skipped} checks only for wasm-shim)" if REFERENCE else ""
        report(f"e2e {self.suite}: {passed} passed, {len(failed)} failed in {time.monotonic() - began:.0f} s{note}")
        return 1 if failed or passed == 0 else 0


def report(line):
    print(line.rstrip(), flush=True)


@contextlib.contextmanager
def limit(seconds):
    def over(_signal, _frame):
        raise TookTooLong()
    signal.signal(signal.SIGALRM, over)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def expect(condition, why):
    if not condition:
        raise Failed(why)


def equal(actual, expected, what):
    if actual != expected:
        raise Failed(f"{what}: expected {shown(expected)}, got {shown(actual)}")


def contains(text, part, what):
    if part not in text:
        raise Failed(f"{what}: no {shown(part)} in {shown(text)}")


def shown(value):
    text = repr(value)
    return text if len(text) < 500 else text[:300] + " ... " + text[-150:]


def eventually(condition, what, seconds=10.0, pause=0.02):
    """Waits until `condition()` gives something true, and gives that."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Failed(f"{what}: not after {seconds} s")
        time.sleep(pause)


def missing(what):
    """A client is not there: said loudly; a failure where everything has to be tried."""
    print(f"SKIPPED {what}; install it with scripts/setup", file=sys.stderr, flush=True)
    sys.exit(1 if os.environ.get("CI") == "true" else 0)
