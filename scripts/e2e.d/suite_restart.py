"""`e2e restart`: containerd killed or stopped at any moment, and started again."""
import os
import pathlib
import random
import re
import signal
import subprocess
import threading
import time

from api import Api
from checks import REFERENCE, Checks, contains, equal, eventually, expect, report
from host import GUEST, OTHER

checks = Checks("restart")
# A shim that cannot reach containerd tries again after 0.1, 0.3, 0.7, 1.5 and 3.1 seconds. What is to be seen by somebody who
# listens again after the outage has to happen so long before its end that the next attempt is the one at 3.1 seconds.
UNREACHABLE = 1.6
SEED = int(os.environ.get("SEED", "20240229"))


def prepare(host):
    host.start()
    host.import_image("native")
    if not REFERENCE:
        host.import_image("guest")
    host.api = Api(host)


def outage(host, seconds=0.0, graceful=False):
    """containerd is killed, or told to end, and started again."""
    if graceful:
        host.containerd.terminate()
        host.containerd.wait(10)
    else:
        host.kill_containerd()
    time.sleep(seconds)
    host.start()


def works(host, name):
    """Everything that can be done to a running task can be done to this one; ends it."""
    equal(host.state(name), "RUNNING", f"state of {name}")
    expect(os.path.exists(f"/proc/{host.pid(name)}"), f"no process of {name}")
    equal(host.exec(name, OTHER, "args", "after").out, "after\n", "exec")
    contains(host.ctr("task", "metrics", name).out, "memory.usage_in_bytes", "metrics")
    contains(host.ctr("task", "ps", name).out, str(host.pid(name)), "ctr task ps")
    host.ctr("task", "pause", name)
    equal(host.state(name), "PAUSED", "state")
    host.ctr("task", "resume", name)
    host.ctr("task", "kill", "-s", "KILL", name)
    host.ended(name, 137)
    host.ctr("container", "rm", name)


def forwarded(host, since):
    """What shims have told containerd, by its own log: topics in order."""
    found = []
    for line in host.log()[since:].splitlines():
        match = re.search(r'event forwarded".* topic=/tasks/([a-z-]+)', line)
        if match and f"ns={host.namespace}" in line:
            found.append(match.group(1))
    return found


def sides(process):
    """Everything that has to stay as it is: which process serves a task, and the task's own."""
    return {pid: line for pid, line in process.items() if not line.startswith("ctr")}


# --- what runs

@checks.check("running: found again after kill -9, with everything that can be done to it")
def _(host):
    name = host.detached("sleep")
    before = sides(host.processes())
    outage(host)
    equal(sides(host.processes()), before, "processes")
    works(host, name)
    host.nothing_left()


@checks.check("running: found again after an orderly stop")
def _(host):
    name = host.detached("sleep")
    before = sides(host.processes())
    outage(host, graceful=True)
    equal(sides(host.processes()), before, "processes")
    works(host, name)
    host.nothing_left()


@checks.check("running: found again after five restarts in a row")
def _(host):
    name = host.detached("spin")
    for turn in range(5):
        outage(host, graceful=turn % 2 == 1)
        equal(host.state(name), "RUNNING", f"state after restart {turn + 1}")
    works(host, name)
    host.nothing_left()


@checks.check("running: its log file grows on, nothing missing")
def _(host):
    log = host.work / "ticks.log"
    name = host.detached("ticks", "12", options=("--log-uri", f"file://{log}"))
    host.kill_containerd()
    before = len(log.read_text().splitlines())
    time.sleep(0.5)
    during = len(log.read_text().splitlines())
    expect(during > before, f"{before} lines at the kill, {during} half a second later")
    host.start()
    host.ended(name, 0)
    equal(log.read_text().splitlines(), [f"tick {number}" for number in range(12)], "log")
    host.ctr("container", "rm", name)
    host.nothing_left()


@checks.check("running: its fifo goes on, whoever reads it, nothing missing")
def _(host):
    name = host.name()
    # ctr reads the first lines and dies with containerd.
    client = subprocess.Popen(host.ctr_command(*host.run_words(name, ("ticks", "14"))), stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    first = [client.stdout.readline().strip() for _ in range(3)]
    fifo, = host.fifos.glob(f"*/{name}-stdout")
    with open(os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)) as reading:
        client.kill()
        client.wait()
        first += client.stdout.read().split("\n")[:-1]
        host.kill_containerd()
        time.sleep(0.4)
        host.start()
        host.ended(name, 0)
        rest = os.read(reading.fileno(), 65536).decode().splitlines()
    equal(first + rest, [f"tick {number}" for number in range(14)], "lines")
    host.forget_fifos()
    host.ctr("container", "rm", name)
    host.nothing_left()


@checks.check("running: attached to again")
def _(host):
    name = host.detached("ticks", "100", options=("--log-uri", ""), )
    outage(host)
    attached = subprocess.Popen(host.ctr_command("task", "attach", name), stdin=subprocess.DEVNULL, text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL)
    try:
        contains(attached.stdout.readline(), "tick", "first line")
        host.ctr("task", "kill", "-s", "KILL", name)
        equal(attached.wait(10), 137, "exit code of ctr task attach")
    finally:
        attached.kill()
    host.remove(name)
    host.forget_fifos()
    host.nothing_left()


@checks.check("paused: still paused, and goes on")
def _(host):
    log = host.work / "paused.log"
    name = host.detached("ticks", "100", options=("--log-uri", f"file://{log}"))
    eventually(lambda: log.exists() and log.stat().st_size, "its first line")
    host.ctr("task", "pause", name)
    outage(host)
    equal(host.state(name), "PAUSED", "state")
    before = log.stat().st_size
    time.sleep(0.3)
    equal(log.stat().st_size, before, "output of what is paused")
    host.ctr("task", "resume", name)
    eventually(lambda: log.stat().st_size > before, "it goes on", 3)
    works(host, name)
    host.nothing_left()


@checks.check("paused: killed after the restart")
def _(host):
    name = host.detached("sleep")
    host.ctr("task", "pause", name)
    outage(host)
    host.remove(name)
    host.nothing_left()


@checks.check("paused by a client when containerd is killed: paused or running afterwards, and both can be left")
def _(host):
    for delay in (0.0, 0.005, 0.02):
        name = host.detached("spin")
        client = subprocess.Popen(host.ctr_command("task", "pause", name), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.02 + delay)
        outage(host)
        client.kill()
        client.wait()
        if eventually(lambda: host.state(name) in ("PAUSED", "RUNNING") and host.state(name), "a state", 5) == "PAUSED":
            host.ctr("task", "resume", name)
        works(host, name)
    host.nothing_left()


@checks.check("created and not started: started after the restart")
def _(host):
    name = host.name()
    host.api.create(name, "sleep", "0.2", "9")
    equal(host.state(name), "CREATED", "state")
    outage(host)
    equal(host.state(name), "CREATED", "state after the restart")
    host.api.start(name)
    host.ended(name, 9)
    host.ctr("container", "rm", name)
    host.nothing_left()


@checks.check("created and not started: removed after the restart")
def _(host):
    name = host.name()
    host.api.create(name, "sleep")
    outage(host)
    host.remove(name)
    host.nothing_left()


@checks.check("exec: runs on, is listed, and can be killed")
def _(host):
    name = host.detached("sleep")
    host.exec(name, OTHER, "sleep", exec_id="mine", options=("--detach",))
    eventually(lambda: len(host.ctr("task", "ps", name).out.splitlines()) == 3, "two processes")
    before = sides(host.processes())
    outage(host)
    equal(sides(host.processes()), before, "processes")
    equal(len(host.ctr("task", "ps", name).out.splitlines()), 3, "lines of ctr task ps")
    events = host.events()
    host.ctr("task", "kill", "-s", "KILL", "--exec-id", "mine", name)
    events.wait_for(name, "exit")
    equal([(one["id"], one.get("exit_status")) for one in events.bodies(name, "exit")], [("mine", 137)], "ends")
    events.close()
    works(host, name)
    host.forget_fifos()
    host.nothing_left()


@checks.check("exec: ended during the outage, its end is told after it")
def _(host):
    name = host.detached("sleep")
    host.exec(name, OTHER, "sleep", "0.3", "6", exec_id="mine", options=("--detach",))
    host.kill_containerd()
    since = len(host.log())
    time.sleep(0.3 + UNREACHABLE)
    host.start()
    events = host.events()
    events.wait_for(name, "exit")
    equal([(one["id"], one.get("exit_status")) for one in events.bodies(name, "exit")], [("mine", 6)], "ends")
    events.close()
    equal(forwarded(host, since), ["exit"], "what the shim has told")
    works(host, name)
    host.forget_fifos()
    host.nothing_left()


# --- what ended

@checks.check("ended during the outage: the right exit code, told once after the restart")
def _(host):
    # By itself, by our hands, and by a trap's or an error's code.
    ends = {"sleep": (("sleep", "0.4", "0"), None, 0), "code": (("sleep", "0.4", "7"), None, 7),
            "kill": (("sleep",), signal.SIGKILL, 137), "term": (("sleep",), signal.SIGTERM, 143)}
    names, pids = {}, {}
    for key, (arguments, _, _) in ends.items():
        names[key] = host.detached(*arguments)
        pids[key] = host.pid(names[key])
    host.kill_containerd()
    since = len(host.log())
    for key, (_, number, _) in ends.items():
        if number:
            os.kill(pids[key], number)
    for key in ends:
        eventually(lambda: not os.path.exists(f"/proc/{pids[key]}"), f"{key} has ended", 5)
    time.sleep(UNREACHABLE)
    host.start()
    events = host.events()
    for key, (_, _, code) in ends.items():
        events.wait_for(names[key], "exit")
        equal([(one["id"], one.get("exit_status", 0)) for one in events.bodies(names[key], "exit")], [(names[key], code)], key)
    equal(forwarded(host, since), ["exit"] * len(ends), "what the shims have told")
    for key, (_, _, code) in ends.items():
        host.ended(names[key], code)
        host.ctr("container", "rm", names[key])
        equal(events.wait_for(names[key], "delete"), ["exit", "delete"], f"topics of {key}")
    events.close()
    host.nothing_left()


@checks.check("ended right before containerd was killed: the exit code is kept")
def _(host):
    for pause in (0, 0.002, 0.01, 0.05):
        name = host.detached("sleep")
        os.kill(host.pid(name), signal.SIGTERM)
        time.sleep(pause)
        outage(host)
        host.ended(name, 143)
        host.ctr("container", "rm", name)
    host.nothing_left()


@checks.check("ended during the outage, with what it had started: in order")
def _(host):
    name = host.detached("sleep")
    pid = host.pid(name)
    host.exec(name, OTHER, "sleep", exec_id="first", options=("--detach",))
    host.exec(name, OTHER, "sleep", exec_id="second", options=("--detach",))
    host.kill_containerd()
    since = len(host.log())
    os.kill(pid, signal.SIGKILL)
    time.sleep(UNREACHABLE)
    host.start()
    events = host.events()
    eventually(lambda: len(events.bodies(name, "exit")) == 3, "three ends", 8)
    ids = [one["id"] for one in events.bodies(name, "exit")]
    equal((sorted(ids[:2]), ids[2]), (["first", "second"], name), "who ended")
    events.close()
    equal(forwarded(host, since), ["exit"] * 3, "what the shim has told")
    host.ended(name, 137)
    host.ctr("container", "rm", name)
    host.forget_fifos()
    host.nothing_left()


@checks.check("events: a shim that talked to the old containerd talks to the new one")
def _(host):
    name = host.detached("sleep")
    outage(host)
    since = len(host.log())
    events = host.events()
    host.exec(name, OTHER, "exit", "3", ok=3, exec_id="seen")
    host.ctr("task", "pause", name)
    host.ctr("task", "resume", name)
    host.ctr("task", "kill", "-s", "KILL", name)
    host.ended(name, 137)
    told = ["exec-added", "exec-started", "exit", "paused", "resumed", "exit", "delete"]
    equal(events.wait_for(name, "delete"), told, "topics")
    equal([topic for topic in forwarded(host, since)], told, "what the shim has told")
    events.close()


# --- pods and native programs

@checks.check("group: both found again, still with one shim, and each can be removed")
def _(host):
    options = ("--annotation", "io.containerd.runc.v2.group=pod", "--null-io")
    first, second = host.detached("sleep", options=options), host.detached("sleep", options=options)
    before = sides(host.processes())
    outage(host)
    equal(sides(host.processes()), before, "processes")
    equal(len(host.shims()), 1, f"shims {host.shims()}")
    works(host, first)
    equal(host.state(second), "RUNNING", "the other one")
    third = host.detached("sleep", options=options)
    equal(len(host.shims()), 1, f"shims {host.shims()}")
    works(host, second)
    works(host, third)
    host.nothing_left()


@checks.check("group: one ended during the outage, the other lives")
def _(host):
    options = ("--annotation", "io.containerd.runc.v2.group=pod", "--null-io")
    first, second = host.detached("sleep", "0.3", "4", options=options), host.detached("sleep", options=options)
    outage(host, 0.5)
    host.ended(first, 4)
    host.ctr("container", "rm", first)
    works(host, second)
    host.nothing_left()


@checks.check("native: a delegated program is found again", ours_only=True)
def _(host):
    native = {"image": "e2e.local/native:1", "program": "/bin/sh"}
    name, short = host.detached("-c", "sleep 1000", **native), host.detached("-c", "sleep 0.4; exit 5", **native)
    outage(host, 0.6)
    host.ended(short, 5)
    host.ctr("container", "rm", short)
    equal(host.state(name), "RUNNING", "state")
    equal(host.exec(name, "sh", "-c", "echo inside; exit 4", ok=4).out, "inside\n", "exec")
    host.ctr("task", "pause", name)
    outage(host)
    equal(host.state(name), "PAUSED", "state")
    host.ctr("task", "resume", name)
    contains(host.ctr("task", "metrics", name).out, "memory.usage_in_bytes", "metrics")
    host.ctr("task", "kill", "-s", "KILL", name)
    host.ended(name, 137)
    host.ctr("container", "rm", name)
    host.nothing_left()


# --- shims that ended

# runc's shim leaves its socket.
@checks.check("shim killed during the outage: nothing of it is left after the restart", ours_only=True)
def _(host):
    name = host.detached("sleep")
    shim, = host.shims()
    host.kill_containerd()
    os.kill(shim, signal.SIGKILL)
    time.sleep(0.2)
    host.start()
    eventually(lambda: host.state(name) == "", "the task is gone", 5)
    host.ctr("container", "rm", name)
    host.nothing_left()


@checks.check("shim killed during the outage: of a pod, all of it", ours_only=True)
def _(host):
    options = ("--annotation", "io.containerd.runc.v2.group=pod", "--null-io")
    names = [host.detached("sleep", options=options) for _ in range(3)]
    shim, = host.shims()
    host.kill_containerd()
    os.kill(shim, signal.SIGKILL)
    time.sleep(0.2)
    host.start()
    for name in names:
        eventually(lambda: host.state(name) == "", f"{name} is gone", 5)
        host.ctr("container", "rm", name)
    host.nothing_left()


# --- in the middle of something

def removed(host, name):
    """Whatever has become of a container, it can be removed."""
    host.ctr("task", "kill", "-s", "KILL", name, ok=None)
    eventually(lambda: host.ctr("task", "rm", "-f", name, ok=None) and host.state(name) == "", f"the task of {name} is removed")
    host.ctr("container", "rm", name, ok=None)


def interrupted(host, delays, make):
    """containerd is killed `delay` seconds after a client began something; afterwards everything can be removed."""
    for delay in delays:
        name, client = make()
        time.sleep(delay)
        host.kill_containerd()
        client.kill()
        client.wait()
        host.start()
        removed(host, name)
    host.forget_fifos()
    host.nothing_left(20)
    expect(not host.ctr("container", "ls", "-q").out.strip(), "a container is left")


def in_background(host, *words):
    return subprocess.Popen(host.ctr_command(*words), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@checks.check("killed while a task is created and started", ours_only=True, seconds=90)
def _(host):
    def make():
        name = host.name()
        return name, in_background(host, *host.run_words(name, ("sleep",), ("-d", "--null-io")))
    interrupted(host, [0.02, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.12, 0.15], make)


@checks.check("killed while a task is removed", ours_only=True)
def _(host):
    def make():
        name = host.detached("sleep")
        return name, in_background(host, "task", "rm", "-f", name)
    interrupted(host, [0.01, 0.02, 0.03, 0.04, 0.06], make)


@checks.check("killed while an exec is started", ours_only=True)
def _(host):
    def make():
        name = host.detached("sleep")
        return name, in_background(host, "task", "exec", "--fifo-dir", str(host.fifos), "--exec-id", "x", name, OTHER, "sleep")
    interrupted(host, [0.01, 0.02, 0.03, 0.04, 0.06], make)


@checks.check("killed ten times at random while four clients make and remove containers", ours_only=True, seconds=90)
def _(host):
    chance = random.Random(SEED)
    report(f"   seed {SEED}")
    going, runs = threading.Event(), []
    going.set()

    def client(number):
        mine = random.Random(SEED + number)
        while going.is_set():
            name = host.name(f"r{number}-")
            group = ("--annotation", f"io.containerd.runc.v2.group=pod{number % 2}") if mine.random() < 0.5 else ()
            what = mine.choice([("hello",), ("sleep", "0.1", "3"), ("sleep",), ("spin",)])
            host.ctr(*host.run_words(name, what, ("-d", "--null-io", *group)), ok=None)
            time.sleep(mine.random() * 0.05)
            host.ctr("task", "rm", "-f", name, ok=None)
            runs.append(host.ctr("container", "rm", name, ok=None).code)

    clients = [threading.Thread(target=client, args=(number,)) for number in range(4)]
    for one in clients:
        one.start()
    try:
        for _ in range(10):
            time.sleep(0.1 + chance.random() * 0.7)
            outage(host)
    finally:
        going.clear()
        for one in clients:
            one.join(25)
    for name in set(host.ctr("container", "ls", "-q").out.split() + host.ctr("task", "ls", "-q").out.split()):
        removed(host, name)
    report(f"   {len(runs)} containers, {runs.count(0)} removed by their client")
    expect(runs.count(0) > 5, "hardly anything was made")
    host.nothing_left(20)
