"""Many containers through one containerd, each with a life of its own; a tenth of the way at a time it is counted what is in use.

`soak.py [COUNT]`; see scripts/soak."""
import collections
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import threading
import time

import grpc

import samples
from checks import REFERENCE, Failed, TookTooLong, equal, expect, report
from host import OTHER, Host
from soak_client import RUNNING, Client
from soak_lives import KILLED, Container, chance_of, chosen

WORKERS, POD = 4, "soak"
# containerd and the reference's shim are Go: their heaps and threads wander.
WANDERING = {"containerd: kB PSS": 1 << 30, "containerd: threads": 8, "containerd: descriptors": 4, "snapshots": 1 << 30}
MEMORY = {"pod: kB PSS": 1 << 30 if REFERENCE else 256, "pod: threads": 8 if REFERENCE else 0}
COLUMNS = ("processes", "zombies", "pod: descriptors", "pod: threads", "pod: kB PSS", "containerd: descriptors", "containerd: threads",
           "containerd: kB PSS", "control groups", "mounts", "network namespaces", "fifos", "sockets", "bundles")


class Soak:
    """One run: a pod that lives all along, workers, and what they found."""

    def __init__(self, host, count, seed, outages, say=report):
        self.host, self.count, self.seed, self.outages, self.say = host, count, seed, outages, say
        self.lock, self.begun, self.done = threading.Lock(), 0, 0
        self.kinds, self.problems, self.interrupted = collections.Counter(), collections.Counter(), []
        # Odd while containerd is away.
        self.era, self.there = 0, threading.Event()
        self.there.set()
        self.rows = []

    # --- the pod

    def prepare(self):
        """The client, and the pod with its first container."""
        host = self.host
        host.soak_output = host.work / "out"
        host.soak_output.mkdir(exist_ok=True)
        committed, = [line.split()[0] for line in host.ctr("snapshots", "ls").out.splitlines() if line.split()[-1] == "Committed"]
        self.client = Client(host, json.dumps(host.specification()), committed)
        self.keeper = Container(host, self.client, "keeper", None, POD)
        self.keeper.running("sleep")
        self.shim, = host.shims()

    def pod_works(self):
        """The pod's container is the one that it was."""
        expect(self.shim in self.host.shims(), "the pod's shim has ended")
        equal(self.client.state("keeper"), RUNNING, "state of the pod's first container")
        expect(os.path.exists(f"/proc/{self.keeper.pid}"), "the pod's first container has no process")
        equal(self.keeper.exec("x", OTHER, "exit", 7)(), 7, "exit code in the pod's first container")
        equal(self.client.delete_exec("keeper", "x"), 7, "exit code of DeleteProcess in the pod's first container")

    # --- the others

    def work(self, until):
        """Containers, one after another, until so many have been begun."""
        while True:
            self.there.wait()
            with self.lock:
                number = self.begun
                if number >= until:
                    return
                chance = chance_of(self.seed, number)
                place = chance.choices(("pod", "alone", "pair"), (50, 38, 6))[0]
                self.begun += 2 if place == "pair" else 1
            if place == "pair":
                self.pair(number, chance)
            else:
                self.one(number, chance, POD if place == "pod" else None)

    def one(self, number, chance, group=None, network=None):
        """One container's life."""
        life = chosen(chance, group is None)
        if group == POD and chance.random() < 0.5:
            network = f"/proc/{self.keeper.pid}/ns/net"
        self.lived(Container(self.host, self.client, f"c{number}", chance, group, network), life)

    def pair(self, number, chance):
        """A pod for two: one is there while the other lives."""
        def for_two(first):
            first.running("sleep")
            self.one(number + 1, chance, first.group, f"/proc/{first.pid}/ns/net")
            first.kill()
            first.ended(KILLED)
        self.lived(Container(self.host, self.client, f"c{number}", chance, f"pair-{number}"), for_two)

    def lived(self, container, life):
        """A life, and what came of it. Where containerd went away meanwhile, a call that failed is none of ours."""
        era, problem = self.era, None
        try:
            life(container)
        except grpc.RpcError as failure:
            problem = f"{failure.code().name} {failure.details()}"
            lost = failure.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED) or "context canceled" in problem
            if lost and (era % 2 == 1 or self.era != era):
                problem = None
                self.interrupted.append(f"{container.name} {life.__name__}")
            self.swept(container, life)
        except TookTooLong:
            raise
        except Exception as failure:
            problem = f"{type(failure).__name__} {failure}"
            self.swept(container, life)
        with self.lock:
            self.done += 1
            self.kinds[life.__name__] += 1
        if problem:
            self.went_wrong(container, life, problem)

    def swept(self, container, life):
        """Removes what is left of it, however long containerd is away."""
        for _ in range(3):
            self.there.wait()
            era = self.era
            try:
                return container.swept()
            except (grpc.RpcError, Failed) as failure:
                if era == self.era:
                    return self.went_wrong(container, life, f"cannot be removed: {failure}")

    def went_wrong(self, container, life, problem):
        """Counts it; the first twenty are told."""
        kind = life.__name__
        with self.lock:
            self.problems[kind] += 1
            if sum(self.problems.values()) > 20:
                return
        where = f"in {container.group}" if container.group else "alone"
        lines = [f"WRONG {container.name} ({kind}, {where}): {problem}"]
        named = re.compile(rf"\b{container.name}\b")
        told = [line for line in self.host.log().splitlines() if "level=debug" not in line and named.search(line)]
        # At once: others write as well.
        self.say("\n".join(lines + [f"    containerd: {line[:300]}" for line in told[-3:]]))

    # --- containerd goes away

    def outage(self, graceful):
        """containerd is killed, or told to end, and started again."""
        self.era += 1
        self.there.clear()
        if graceful:
            self.host.containerd.terminate()
            self.host.containerd.wait(20)
        else:
            self.host.kill_containerd()
        self.host.start()
        self.era += 1
        self.there.set()

    # --- figures

    def forget_clients(self):
        """What clients that were killed or interrupted have left, whatever the shim does: fifos, logs, and mounts of ctr's own."""
        self.host.forget_fifos()
        for mount in self.host.mounts():
            if mount.startswith(f"{self.host.soak_output}/"):
                subprocess.run(["umount", "-l", mount], check=True)
        for left in self.host.soak_output.iterdir():
            left.rmdir() if left.is_dir() else left.unlink()

    def figures(self, before, tolerances, seconds):
        """What is in use once everything is still, and what of it is more than before."""
        self.forget_clients()
        end = time.monotonic() + seconds
        while True:
            processes = {"pod": self.shim, "containerd": self.host.containerd.pid}
            found, more = samples.settled(self.host, processes, before, tolerances)
            found["processes"] = sum(name.isdigit() for name in os.listdir("/proc"))
            found["control groups"] = sum(value for name, value in found.items() if name.startswith("groups in "))
            more = samples.grown(before, found, tolerances)
            if not more or time.monotonic() > end:
                return found, more

    def row(self, found):
        """One line of the table."""
        words = [str(self.done), *(str(found.get(name, 0)) for name in COLUMNS)]
        self.rows.append("| " + " | ".join(words) + " |")
        self.say(self.rows[-1])

    def run(self):
        """Everything; gives whether it went well."""
        self.say(f"soak: {self.count} containers, seed {self.seed}, {WORKERS} at a time, containerd killed or stopped "
                 f"{len(self.outages)} times" + (f", reference {REFERENCE}" if REFERENCE else ""))
        self.prepare()
        self.pod_works()
        anything = {"kB PSS": 1 << 30, "threads": 1 << 30, "descriptors": 1 << 30}
        start, _ = self.figures({}, {"": 1 << 30}, 0)
        self.say("| containers | " + " | ".join(COLUMNS) + " |")
        self.say("| --: |" + " --: |" * len(COLUMNS))
        self.row(start)
        warm, more, shown, began = {}, {}, False, time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            for tenth in range(1, 11):
                until = self.count * tenth // 10
                working = [pool.submit(self.work, until) for _ in range(WORKERS)]
                if tenth in self.outages:
                    half = (self.count * (tenth - 1) // 10 + until) // 2
                    while self.done < half and not all(one.done() for one in working):
                        time.sleep(0.01)
                    self.outage(graceful=self.outages.index(tenth) % 2 == 1)
                for one in working:
                    one.result()
                self.pod_works()
                # Of the host everything counts from the beginning; of the processes, from when they are warm.
                before = {**start, **{name: value for name, value in warm.items() if ": " in name}}
                # A server that containerd left behind ends after ten seconds.
                found, more = self.figures(before, {**WANDERING, **(MEMORY if warm else anything)}, 15)
                warm = warm or found
                self.row(found)
                if more and not shown:
                    shown = True
                    self.say(f"MORE {more}: {self.host.residue()}")
                if not self.problems and not more:
                    os.truncate(self.host.work / "containerd.log", 0)
        seconds = time.monotonic() - began
        lives = ", ".join(f"{count} {kind}" for kind, count in self.kinds.most_common())
        self.say(f"soak: {self.done} containers in {seconds:.0f} s; {lives}")
        self.say(f"soak: interrupted by an end of containerd: {', '.join(self.interrupted) or 'none'}")
        self.say(f"soak: went wrong: {dict(self.problems) or 'none'}")
        for name, (was, now) in more.items():
            self.say(f"GROWN {name}: {was} to {now}")
        expect(self.done + len(self.interrupted) >= self.count, f"only {self.done} containers")
        return not more and not self.problems

    def finished(self):
        """The pod ends; then nothing may be left."""
        self.keeper.waiting = self.client.waiting("keeper")
        self.keeper.kill()
        self.keeper.ended(KILLED)
        self.client.close()
        self.forget_clients()
        self.host.nothing_left(15)


def outages_of(count):
    """In which tenths containerd goes away."""
    return (3, 5, 7, 9) if count >= 1000 else (5,)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seed = int(os.environ.get("SEED") or int.from_bytes(os.urandom(3), "big"))
    host, well = Host(), False
    try:
        host.start()
        host.import_image("native" if REFERENCE else "guest")
        soak = Soak(host, count, seed, outages_of(count))
        well = soak.run()
        soak.finished()
    except Failed as problem:
        report(f"FAILED {problem}")
        well = False
    finally:
        host.stop()
    report("soak: " + ("nothing has grown, nothing went wrong" if well else f"not well; to do it again: SEED={seed}"))
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
