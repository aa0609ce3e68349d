"""`e2e soak`: the short form of scripts/soak, and that it finds what is planted."""
import os
import pathlib
import shutil
import socket
import subprocess
import sys

import soak
from checks import REFERENCE, Checks, contains, equal, expect, report
from soak_lives import KILLED, Container, chance_of

checks = Checks("soak")
SEED = int(os.environ.get("SEED") or 20240229)


def prepare(host):
    host.start()
    host.import_image("native" if REFERENCE else "guest")


@checks.check("soak: three hundred containers", seconds=300)
def _(host):
    run = soak.Soak(host, 300, SEED, (5,))
    expect(run.run(), "see above")
    run.finished()


@checks.check("soak: everything that is planted is found, and gone with its cause", seconds=120)
def _(host):
    run = soak.Soak(host, 0, SEED, (), say=lambda _: None)
    run.prepare()
    run.pod_works()
    before, _ = run.figures({}, {"": 1 << 30}, 0)
    group = pathlib.Path(host.groups_of("keeper")[0], "planted")
    bundle = pathlib.Path(host.work, "state/io.containerd.runtime.v2.task", host.namespace, "planted")
    mount, fifo = host.work / "planted", host.fifos / "planted"
    for folder in (group, bundle, mount, host.fifos):
        folder.mkdir(exist_ok=True)
    left = Container(host, run.client, "left", chance_of(SEED, 0), soak.POD)
    left.running("sleep")
    busybox = subprocess.Popen(["/bin/busybox", "sleep", "100"])
    elsewhere = subprocess.Popen(["unshare", "--net", "sleep", "100"])
    zombie = subprocess.Popen([sys.executable, "-c", ""])
    server = socket.socket(socket.AF_UNIX)
    server.bind("/run/containerd/s/planted")
    subprocess.run(["mount", "-t", "tmpfs", "planted", str(mount)], check=True)
    # `figures` forgets the fifos of clients; this one comes after.
    forget, run.forget_clients = run.forget_clients, lambda: os.path.exists(fifo) or os.mkfifo(fifo)
    _, more = run.figures(before, {**soak.WANDERING, **soak.MEMORY}, 0)
    hierarchy = "groups in " + str(group).removeprefix("/sys/fs/cgroup/").partition("/")[0]
    wanted = {"guests", "zombies", "processes", "network namespaces", "mounts", "sockets", "fifos", "bundles", "control groups", hierarchy,
              "pod: descriptors"}
    equal(sorted(wanted - more.keys()), [], "not found")
    for process in (busybox, elsewhere, zombie):
        process.kill()
        process.wait()
    server.close()
    os.unlink("/run/containerd/s/planted")
    subprocess.run(["umount", str(mount)], check=True)
    group.rmdir()
    shutil.rmtree(bundle)
    left.kill()
    left.ended(KILLED)
    run.forget_clients = forget
    _, more = run.figures(before, {**soak.WANDERING, **soak.MEMORY}, 0)
    equal(more, {}, "more than before")
    run.finished()


@checks.check("soak: a wrong exit code, a call that fails and one that does not are found")
def _(host):
    said = []
    run = soak.Soak(host, 0, SEED, (), say=said.append)
    run.prepare()

    def ends_otherwise(container):
        container.running("exit", "8")
        container.ended(7)

    def fails(container):
        container.running("sleep")
        run.client.resume(container.name)

    def lives_on(container):
        container.running("exit", "0")
        container.refused("Delete", lambda: container.ended(0))
    for number, life in enumerate((ends_otherwise, fails, lives_on)):
        run.lived(Container(host, run.client, f"c{number}", chance_of(SEED, number), soak.POD), life)
        contains("\n".join(said), f"WRONG c{number} ({life.__name__}, in soak)", "report")
        equal(run.client.state(f"c{number}"), None, "state after it was swept away")
    equal(sum(run.problems.values()), 3, "problems")
    run.finished()
    report("   " + "; ".join(line.splitlines()[0][:120] for line in said if line.startswith("WRONG")))
