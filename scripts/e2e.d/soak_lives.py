"""What is done to a container in the soak: each a way to live and to end, with what has to come of it."""
import os
import pathlib
import random
import signal
import subprocess
import time

import grpc

from checks import REFERENCE, Failed, equal, eventually, expect
from host import GUEST, OTHER
from soak_client import PAUSED, RUNNING

KILLED, ENDED_BY_TERM = 128 + signal.SIGKILL, 128 + signal.SIGTERM


class Container:
    """One container: its place, its random choices, and the calls, with what is expected of them."""

    def __init__(self, host, client, name, chance, group=None, network=None):
        self.host, self.client, self.name, self.chance = host, client, name, chance
        self.group, self.network, self.pid = group, network, 0

    def made(self, *arguments, program=GUEST, stdout=""):
        """Creates container and task."""
        mounts = self.client.create(self.name, program, list(map(str, arguments)), self.group, self.network)
        self.pid = self.client.create_task(self.name, mounts, stdout)
        expect(self.pid > 0, "Create gives no process id")

    def running(self, *arguments, **how):
        """Creates, waits, starts, in the order of clients."""
        self.made(*arguments, **how)
        self.waiting = self.client.waiting(self.name)
        equal(self.client.start(self.name), self.pid, "process id of Start")

    def ended(self, code):
        """The end is told with this exit code, by Wait and by Delete; then it is all removed."""
        equal(self.waiting(), code, "exit code of Wait")
        equal(self.client.delete(self.name), code, "exit code of Delete")
        self.client.forget(self.name)

    def kill(self, number=signal.SIGKILL, exec_id=""):
        self.client.kill(self.name, number, exec_id)

    def pause(self):
        self.client.pause(self.name)
        equal(self.client.state(self.name), PAUSED, "state after Pause")

    def moment(self, most=0.02):
        """Sometimes at once, sometimes a moment later."""
        if self.chance.random() < 0.5:
            time.sleep(self.chance.uniform(0, most))

    def exec(self, exec_id, *command, stdout=""):
        """Adds and starts an exec; gives what waits for its end."""
        self.client.exec(self.name, exec_id, list(map(str, command)), stdout)
        waiting = self.client.waiting(self.name, exec_id)
        expect(self.client.start(self.name, exec_id) > 0, "Start of an exec gives no process id")
        return waiting

    def refused(self, what, call, *arguments, **how):
        """A call that has to fail, and not because containerd is away."""
        try:
            call(*arguments, **how)
        except grpc.RpcError as problem:
            if problem.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
                raise
            return
        raise Failed(f"{what} succeeded")

    def swept(self, seconds=20):
        """Removes whatever there is of it."""
        end = time.monotonic() + seconds
        # containerd 1.6, killed between the shim's end of a task and its own, takes up a task that is none: not to be seen, only to
        # be deleted.
        self.tried(self.client.delete)
        while (state := self.client.state(self.name)) is not None:
            expect(time.monotonic() < end, f"it cannot be removed: its state is {state}")
            if state == PAUSED:
                self.tried(self.client.resume)
            self.tried(self.client.kill, signal.SIGKILL)
            time.sleep(0.02)
            self.tried(self.client.delete)
        for service, message in self.client.remains(self.name):
            try:
                self.client.call(service, message)
            except grpc.RpcError as problem:
                if problem.code() != grpc.StatusCode.NOT_FOUND:
                    raise

    def tried(self, call, *arguments):
        try:
            call(self.name, *arguments)
        except grpc.RpcError as problem:
            if problem.code() == grpc.StatusCode.UNAVAILABLE:
                raise


LIVES = []          # (weight, function, whether only where the container has a shim of its own)


def life(weight, alone=False):
    def register(function):
        LIVES.append((weight, function, alone))
        return function
    return register


def chosen(chance, alone):
    """One of them, by weight; of those that LIVES names, where it is set."""
    only = os.environ.get("LIVES", "").split()
    weights = [weight if (alone or not needs) and (not only or function.__name__ in only) else 0 for weight, function, needs in LIVES]
    if not any(weights):
        return runs_to_its_end
    return chance.choices([function for _, function, _ in LIVES], weights)[0]


@life(14)
def runs_to_its_end(container):
    code = container.chance.randrange(126)
    container.running("exit", code)
    container.ended(code)


@life(8)
def writes_to_a_fifo(container):
    path = str(container.host.soak_output / container.name)
    os.mkfifo(path)
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        container.running("args", container.name, "and", "more", stdout=path)
        equal(container.waiting(), 0, "exit code of Wait")
        out, end = b"", time.monotonic() + 10
        while not out.endswith(b"more\n") and time.monotonic() < end:
            try:
                out += os.read(descriptor, 4096)
            except BlockingIOError:
                time.sleep(0.005)
        equal(out.decode(), f"{container.name}\nand\nmore\n", "output")
    finally:
        os.close(descriptor)
        os.unlink(path)
    container.ended(0)


@life(5)
def writes_to_a_file(container):
    path = container.host.soak_output / container.name
    container.running("args", container.name, stdout=f"file://{path}")
    container.ended(0)
    equal(path.read_text(), f"{container.name}\n", "log")
    path.unlink()


@life(10)
def is_terminated(container):
    container.running(container.chance.choice(("sleep", "spin")))
    # The reference is this machine's own program: it has to have come to where it says that it ends by SIGTERM.
    time.sleep(container.chance.uniform(0.05, 0.08) if REFERENCE else 0)
    container.moment()
    container.kill(signal.SIGTERM)
    container.ended(ENDED_BY_TERM)


@life(10)
def is_killed(container):
    container.running(container.chance.choice(("sleep", "spin")))
    container.moment()
    container.kill()
    container.ended(KILLED)


@life(5)
def is_killed_from_outside(container):
    container.running(container.chance.choice(("sleep", "spin")))
    container.moment()
    os.kill(container.pid, signal.SIGKILL)
    container.ended(KILLED)


@life(3)
def is_never_started(container):
    container.made("sleep")
    container.waiting = container.client.waiting(container.name)
    container.kill()
    container.ended(KILLED)


@life(8)
def has_an_exec_that_ends(container):
    container.running("sleep")
    for turn in range(container.chance.randrange(1, 4)):
        code = container.chance.randrange(126)
        waiting = container.exec(f"x{turn}", OTHER, "exit", code)
        equal(waiting(), code, "exit code of an exec's Wait")
        equal(container.client.delete_exec(container.name, f"x{turn}"), code, "exit code of DeleteProcess")
    container.kill()
    container.ended(KILLED)


@life(6)
def has_an_exec_that_is_killed(container):
    container.running("sleep")
    waiting = container.exec("x", OTHER, container.chance.choice(("sleep", "spin")))
    container.moment()
    container.kill(exec_id="x")
    equal(waiting(), KILLED, "exit code of an exec's Wait")
    equal(container.client.delete_exec(container.name, "x"), KILLED, "exit code of DeleteProcess")
    equal(container.client.state(container.name), RUNNING, "state after its exec was killed")
    container.kill()
    container.ended(KILLED)


@life(5)
def ends_with_its_execs(container):
    container.running("sleep")
    waits = [container.exec(f"x{turn}", OTHER, "spin") for turn in range(container.chance.randrange(1, 3))]
    container.kill()
    for turn, waiting in enumerate(waits):
        equal(waiting(), KILLED, "exit code of an exec's Wait")
        if container.chance.random() < 0.5:
            container.client.delete_exec(container.name, f"x{turn}")
    container.ended(KILLED)


@life(5)
def has_an_exec_of_what_is_not_there(container):
    container.running("sleep")
    container.client.exec(container.name, "x", ["/nowhere.wasm"])
    container.refused("Start of an exec of what is not there", container.client.start, container.name, "x")
    container.client.delete_exec(container.name, "x")
    equal(container.client.state(container.name), RUNNING, "state after an exec that failed")
    container.kill()
    container.ended(KILLED)


@life(3)
def has_an_exec_that_is_never_started(container):
    container.running("sleep")
    container.client.exec(container.name, "x", [OTHER, "hello"])
    if container.chance.random() < 0.5:
        container.client.delete_exec(container.name, "x")
    container.kill()
    container.ended(KILLED)


@life(6)
def is_paused_and_resumed(container):
    container.running(container.chance.choice(("sleep", "spin")))
    container.pause()
    container.moment()
    container.client.resume(container.name)
    equal(container.client.state(container.name), RUNNING, "state after Resume")
    container.kill()
    container.ended(KILLED)


@life(5)
def is_killed_while_paused(container):
    container.running(container.chance.choice(("sleep", "spin")))
    container.pause()
    container.moment()
    container.kill()
    container.ended(KILLED)


@life(5)
def cannot_be_made(container):
    program = container.chance.choice(["/nowhere.wasm"] if REFERENCE else
                                      ["/nowhere.wasm", "/text.wasm", "/broken.wasm", "/imports.wasm"])
    container.refused(f"Create of {program}", container.made, "hello", program=program)
    equal(container.client.state(container.name), None, "state after Create failed")
    container.client.forget(container.name)


@life(5)
def gives_figures(container):
    container.running(container.chance.choice(("sleep", "spin")))
    for _ in range(2):
        expect(len(container.client.metrics(container.name)) > 50, "Metrics gives nothing")
    container.kill()
    container.ended(KILLED)


@life(3)
def loses_its_client(container):
    """ctr is killed at any moment of a run: what has come about by then can be removed."""
    words = container.host.run_words(container.name, ("sleep",), ("--null-io",) if container.chance.random() < 0.5 else ())
    if container.group:
        words[1:1] = ["--annotation", f"io.containerd.runc.v2.group={container.group}"]
    # ctr mounts the snapshot for a moment, below TMPDIR.
    client = subprocess.Popen(container.host.ctr_command(*words), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, env=dict(os.environ, TMPDIR=str(container.host.soak_output)))
    time.sleep(container.chance.uniform(0.01, 0.3))
    client.kill()
    client.wait()
    # What containerd has begun it ends, or takes back.
    time.sleep(0.5)
    container.swept()


@life(10, alone=True)
def loses_its_shim(container):
    container.running(container.chance.choice(("sleep", "spin")))
    if container.chance.random() < 0.3:
        container.exec("x", OTHER, "sleep")
    if container.chance.random() < 0.2:
        container.pause()
    shim = int(pathlib.Path(f"/proc/{container.pid}/stat").read_text().rpartition(")")[2].split()[1])
    expect(b"containerd-shim" in pathlib.Path(f"/proc/{shim}/cmdline").read_bytes(), "its parent is no shim")
    container.moment()
    os.kill(shim, signal.SIGKILL)
    eventually(lambda: container.client.state(container.name) is None, "the task is gone", 10)
    eventually(lambda: gone(container.pid), "its guest is gone", 5)
    container.client.forget(container.name)


def gone(pid):
    """Whether a process has ended; a zombie has."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def chance_of(seed, number):
    """The random choices of one container: the same whoever's turn it is."""
    return random.Random(f"{seed}-{number}")
