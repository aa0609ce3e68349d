"""`e2e cri`: containerd's plugin for Kubernetes, called as kubelet calls it."""
import concurrent.futures
import glob
import os
import pathlib
import signal
import time

import spdy
from checks import REFERENCE, Checks, Failed, contains, equal, eventually, expect, missing
from cri import Cri, Pod, Refused, configure
from host import GUEST, OTHER

checks = Checks("cri")
POD_NAMESPACES, OWN_NAMESPACES = ("net", "ipc", "uts"), ("mnt", "pid")


def prepare(host):
    if not any(os.access(os.path.join(folder, "protoc"), os.X_OK) for folder in os.environ["PATH"].split(":")):
        missing("protoc")
    configure(host)
    host.start()
    for name in ("native", "pause", *(() if REFERENCE else ("guest",))):
        platform = () if name in ("native", "pause") else ("--platform", "wasi/wasm")
        host.run_client("ctr", "-a", host.address, "-n", "k8s.io", "image", "import", *platform, host.images / f"{name}.tar")
    host.cri, host.tidy = Cri(host), lambda: tidy(host)
    for image in ("e2e.local/native:1", "e2e.local/pause:1", host.image):
        eventually(lambda: host.cri.call("ImageStatus", image={"image": image}).image.id, f"{image} is known", 5)


def tidy(host):
    """Removes what a check has left."""
    for container in host.cri.call("ListContainers").containers:
        host.cri.call("RemoveContainer", container_id=container.id)
    for pod in host.cri.call("ListPodSandbox").items:
        host.cri.call("StopPodSandbox", pod_sandbox_id=pod.id)
        host.cri.call("RemovePodSandbox", pod_sandbox_id=pod.id)
    for folder in sorted(host.control_groups(), key=len, reverse=True):
        if not folder.endswith("/" + host.namespace):
            os.rmdir(folder)


def nothing_left(host):
    host.nothing_left()
    equal(glob.glob("/run/netns/*"), [], "network namespaces")
    equal(glob.glob(f"{host.work}/state/io.containerd.grpc.v1.cri/*/*"), [], "the plugin's folders")


def program(pid):
    return os.path.basename(os.readlink(f"/proc/{pid}/exe").removesuffix(" (deleted)"))


# --- pods

@checks.check("pod: in the machine's network")
def _(host):
    pod = Pod(host, network="host")
    equal(pod.state(), "READY", "state")
    equal(os.readlink(f"/proc/{pod.pid()}/ns/net"), os.readlink("/proc/self/ns/net"), "network")
    container = pod.start("hello")
    container.ended(0)
    equal(container.log(), "hello\n", "log")
    pod.remove()
    nothing_left(host)


@checks.check("pod: in a network of its own")
def _(host):
    pod = Pod(host)
    expect(os.readlink(f"/proc/{pod.pid()}/ns/net") != os.readlink("/proc/self/ns/net"), "it has the machine's network")
    equal(pod.status().network.ip, "127.0.0.1", "address")
    container = pod.start("hello")
    container.ended(0)
    equal(container.log(), "hello\n", "log")
    pod.remove()
    nothing_left(host)


@checks.check("pod: its first container is run by the shim itself", ours_only=True)
def _(host):
    pod = Pod(host)
    equal(program(pod.pid()), "wasm-shim-guest", "program of the pod's process")
    equal(glob.glob("/run/containerd/wasmshim-native/*/*"), [], "what a native runtime keeps")
    pod.remove()


@checks.check("pod: one shim for all its containers, one for each pod")
def _(host):
    first = Pod(host)
    one, two, native = first.start("sleep"), first.start("sleep"), first.native("sleep 1000")
    equal(len(host.shims()), 1, f"shims {host.shims()}")
    second = Pod(host)
    equal(len(host.shims()), 2, f"shims {host.shims()}")
    second.remove()
    for container in (one, two, native):
        equal(container.state(), "RUNNING", "state")
    equal(len(host.shims()), 1, f"shims {host.shims()}")


@checks.check("pod: containers join its namespaces, and have their own otherwise")
def _(host):
    pod = Pod(host)
    sandbox = pod.pid()
    for container in (pod.start("sleep"), pod.native("sleep 1000")):
        for kind in POD_NAMESPACES:
            equal(container.namespace(kind), os.readlink(f"/proc/{sandbox}/ns/{kind}"), f"{kind} namespace")
            expect(container.namespace(kind) != os.readlink(f"/proc/self/ns/{kind}"), f"{kind} is the machine's")
        for kind in OWN_NAMESPACES:
            expect(container.namespace(kind) != os.readlink(f"/proc/{sandbox}/ns/{kind}"), f"{kind} is the pod's")
            expect(container.namespace(kind) != os.readlink(f"/proc/self/ns/{kind}"), f"{kind} is the machine's")


@checks.check("pod: processes shared, or the machine's")
def _(host):
    pod = Pod(host, processes="POD")
    for container in (pod.start("sleep"), pod.native("sleep 1000")):
        equal(container.namespace("pid"), os.readlink(f"/proc/{pod.pid()}/ns/pid"), "pid namespace")
    contains(pod.native("ps; sleep 1000").exec("ps")[1], "guest.wasm", "what a sidecar sees")
    pod.remove()
    pod = Pod(host, processes="NODE")
    equal(pod.start("sleep").namespace("pid"), os.readlink("/proc/self/ns/pid"), "pid namespace")
    pod.remove()
    nothing_left(host)


@checks.check("pod: its name, kernel settings, and the network that a sidecar sees")
def _(host):
    pod = Pod(host, hostname="the-pod", sysctls={"net.ipv4.ip_local_port_range": "20000 20100", "kernel.shm_rmid_forced": "1"})
    native = pod.native("hostname; cat /proc/sys/net/ipv4/ip_local_port_range /proc/sys/kernel/shm_rmid_forced; ip -o link")
    native.ended(0)
    lines = native.log().splitlines()
    equal((lines[0], lines[1].split(), lines[2]), ("the-pod", ["20000", "20100"], "1"), "name and settings")
    links = [line.split(":")[1].strip() for line in lines[3:]]
    contains(links, "lo", "links")
    expect(all(link.partition("@")[0] in ("lo", "tunl0", "sit0", "gre0", "erspan0", "gretap0", "ip_vti0", "ip6_vti0", "ip6tnl0", "ip6gre0")
               for link in links), f"links {links}")
    guest = pod.start("env")
    guest.ended(0)
    contains(guest.log(), "HOSTNAME=the-pod\n", "environment of a module")


@checks.check("pod: one wasm container ends, the others and a native one go on")
def _(host):
    pod = Pod(host)
    first, second, native = pod.start("ticks", "3"), pod.start("ticks", "1000"), pod.native("while true; do echo alive; sleep 0.1; done")
    first.ended(0)
    equal(first.log(), "tick 0\ntick 1\ntick 2\n", "log")
    equal((second.state(), native.state()), ("RUNNING", "RUNNING"), "states")
    second.says("tick 5")
    native.says("alive")
    first.remove()
    again = pod.start("hello")
    again.ended(0)
    pod.remove()
    nothing_left(host)


@checks.check("pod: stopped while its containers run, in either order of calls")
def _(host):
    pod = Pod(host)
    containers = [pod.start("sleep"), pod.start("spin"), pod.native("sleep 1000")]
    host.cri.call("StopPodSandbox", pod_sandbox_id=pod.id)
    equal(pod.state(), "NOTREADY", "state of the pod")
    equal([container.state() for container in containers], ["EXITED"] * 3, "states")
    host.cri.call("StopPodSandbox", pod_sandbox_id=pod.id)
    host.cri.call("RemovePodSandbox", pod_sandbox_id=pod.id)
    host.cri.call("RemovePodSandbox", pod_sandbox_id=pod.id)
    pod.forget()
    nothing_left(host)


@checks.check("pod: twenty containers")
def _(host):
    pod = Pod(host)
    containers = [pod.start("args", f"I am {number}") for number in range(20)]
    for number, container in enumerate(containers):
        container.ended(0)
        equal(container.log(), f"I am {number}\n", "log")
    pod.remove()
    nothing_left(host)


@checks.check("pod: eight at once, with two containers each")
def _(host):
    def whole(_number):
        pod = Pod(host)
        containers = [pod.start("args", pod.name), pod.start("ticks", "2")]
        for container in containers:
            container.ended(0, seconds=20)
        said = [container.log() for container in containers]
        pod.remove()
        return said == [pod.name + "\n", "tick 0\ntick 1\n"]

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        equal(list(pool.map(whole, range(8))), [True] * 8, "what they said")
    nothing_left(host)


@checks.check("pod: without a native runtime, a native container has the reason", ours_only=True)
def _(host):
    pod = Pod(host, handler="wasm-only")
    pod.start("hello").ended(0)
    try:
        pod.native("true")
    except Refused as problem:
        contains(str(problem), "no-such-runtime", "message")
    else:
        raise Failed("it was started, by whom?")
    pod.remove()


@checks.check("pod: options of the runtime's class are taken", ours_only=True)
def _(host):
    pod = Pod(host, handler="configured", annotations={"e2e.one": "two"})
    container = pod.start("hello", annotations={"e2e.three": "four"})
    container.ended(0)
    pod.native("sleep 1000")
    expect(glob.glob(f"{host.work}/native-state/*/*"), "the folder that Root names is not used")
    pod.remove()
    nothing_left(host)
    contains(host.log(), "NobodyKnowsThis", "containerd's log about the option that nobody knows")


# --- containers

@checks.check("container: exit code and reason")
def _(host):
    pod = Pod(host)
    status = pod.start("ticks", "1").ended(0)
    equal(status.reason, "Completed", "reason")
    expect(status.created_at <= status.started_at <= status.finished_at, f"times {status}")
    equal(pod.start("exit", "42").ended(42).reason, "Error", "reason")
    equal(pod.native("exit 43").ended(43).reason, "Error", "reason")


@checks.check("container: command, arguments, environment and working folder")
def _(host):
    pod = Pod(host)
    container = pod.start("args", "a b", "", "$HOME")
    container.ended(0)
    equal(container.log(), "a b\n\n$HOME\n", "arguments after the image's entrypoint")
    container = pod.start("env", command=[OTHER], envs=[{"key": "MINE", "value": "a=b"}])
    container.ended(0)
    expect({"FROM_IMAGE=1", "MINE=a=b"} <= set(container.log().splitlines()), f"environment {container.log()}")
    equal(pod.start("sleep", working_dir="/etc").exec("pwd"), (0, "/etc\n", ""), "working folder")


@checks.check("container: a log in lines with time and stream; long ones in parts")
def _(host):
    pod = Pod(host)
    container = pod.start("both")
    container.ended(0)
    equal(sorted(container.lines()), [("stderr", "F", "to stderr"), ("stdout", "F", "to stdout")], "lines")
    container = pod.start("big", str(1 << 20))
    container.ended(0)
    equal(len(container.log()), 1 << 20, "length")
    container = pod.start("args", "x" * 40000)
    container.ended(0)
    tags = [tag for _, tag, _ in container.lines()]
    expect("P" in tags and tags[-1] == "F", f"tags {tags}")
    equal(container.log(), "x" * 40000 + "\n", "long line")


@checks.check("container: its log reopened, nothing of it lost")
def _(host):
    pod = Pod(host)
    container = pod.start("ticks", "15")
    container.says("tick 3")
    path = pathlib.Path(container.status().log_path)
    path.rename(path.with_suffix(".old"))
    host.cri.call("ReopenContainerLog", container_id=container.id)
    container.ended(0)
    lines = [line.split(" ", 3)[3] for file in (path.with_suffix(".old"), path) for line in file.read_text().splitlines()]
    equal(lines, [f"tick {number}" for number in range(15)], "lines of both files")
    expect(path.read_text(), "nothing in the new file")


@checks.check("container: TERM ends it with 143, at once")
def _(host):
    pod = Pod(host)
    for what in ("sleep", "spin"):
        container = pod.start(what)
        container.says("up")
        began = time.monotonic()
        container.stop(10)
        expect(time.monotonic() - began < 2, f"{what}: took {time.monotonic() - began:.1f} s")
        container.ended(143)


@checks.check("container: a native one that does not listen is killed after the grace period")
def _(host):
    pod = Pod(host)
    container = pod.native("trap '' TERM; echo up; while true; do sleep 1; done")
    container.says("up")
    began = time.monotonic()
    container.stop(1)
    expect(0.9 < time.monotonic() - began < 4, f"took {time.monotonic() - began:.1f} s")
    container.ended(137)


@checks.check("container: without a grace period it is killed")
def _(host):
    pod = Pod(host)
    container = pod.start("sleep")
    container.stop(0)
    container.ended(137)
    container.stop(0)
    container.remove()
    container.remove()


@checks.check("container: removed while it runs, or before it was started")
def _(host):
    pod = Pod(host)
    pod.start("sleep").remove()
    pod.create("sleep").remove()
    equal(len(host.cri.call("ListContainers").containers), 0, "containers")


@checks.check("container: more memory than allowed is OOMKilled")
def _(host):
    pod = Pod(host)
    container = pod.start("hog", "64", resources={"memory_limit_in_bytes": 24 << 20})
    container.ended(137)
    eventually(lambda: container.status().reason == "OOMKilled", "the reason OOMKilled", 2)


@checks.check("container: limits, and changed while it runs")
def _(host):
    pod = Pod(host)
    limits = {"memory_limit_in_bytes": 48 << 20, "cpu_quota": 50000, "cpu_period": 100000, "cpu_shares": 512}
    containers = [pod.start("sleep", resources=limits), pod.native("sleep 1000", resources=limits)]
    for container in containers:
        equal(container.group_file("memory", "memory.limit_in_bytes"), str(48 << 20), "memory limit")
        equal(container.group_file("cpu", "cpu.cfs_quota_us"), "50000", "cpu quota")
        equal(container.group_file("cpu", "cpu.shares"), "512", "cpu shares")
        host.cri.call("UpdateContainerResources", container_id=container.id,
                      linux={"memory_limit_in_bytes": 64 << 20, "cpu_quota": 20000, "cpu_period": 100000, "cpu_shares": 256})
        equal(container.group_file("memory", "memory.limit_in_bytes"), str(64 << 20), "memory limit")
        equal(container.group_file("cpu", "cpu.cfs_quota_us"), "20000", "cpu quota")
        equal(container.group_file("cpu", "cpu.shares"), "256", "cpu shares")
        equal(container.state(), "RUNNING", "state")


@checks.check("container: figures of one, of all, of the pod")
def _(host):
    pod = Pod(host)
    wasm, native = pod.start("spin"), pod.native("while true; do true; done")
    time.sleep(0.5)
    for container in (wasm, native):
        equal(container.state(), "RUNNING", f"state; {container.status()}")
        stats = container.stats()
        expect(stats.cpu.usage_core_nano_seconds.value > 50_000_000, f"cpu {stats.cpu}")
        expect(100_000 < stats.memory.working_set_bytes.value < 100 << 20, f"memory {stats.memory}")
    everything = host.cri.call("ListContainerStats").stats
    equal({one.attributes.id for one in everything}, {wasm.id, native.id}, "containers with figures")
    figures = host.cri.call("PodSandboxStats", pod_sandbox_id=pod.id).stats.linux
    expect(figures.cpu.usage_core_nano_seconds.value > 100_000_000, f"cpu of the pod {figures.cpu}")
    equal({one.attributes.id for one in figures.containers}, {wasm.id, native.id}, "the pod's containers")


# --- what a container may

@checks.check("security: a user and a group")
def _(host):
    shared = host.work / "shared"
    shared.mkdir(exist_ok=True)
    shared.chmod(0o777)
    pod = Pod(host)
    mounts = [{"container_path": "/data", "host_path": str(shared)}]
    user = {"run_as_user": {"value": 1000}, "run_as_group": {"value": 2000}}
    pod.start("write", "/data/mine", "x", mounts=mounts, security=user).ended(0)
    equal(((shared / "mine").stat().st_uid, (shared / "mine").stat().st_gid), (1000, 2000), "owner of the file")
    pod.start("write", "/etc/passwd", "x", security=user).ended(1)
    pod.start("write", "/data/named", "x", mounts=mounts, security={"run_as_username": "user"}).ended(0)
    equal((shared / "named").stat().st_uid, 1000, "owner of the file")


@checks.check("security: a read-only root")
def _(host):
    pod = Pod(host)
    container = pod.start("write", "/data/x", "text", security={"readonly_rootfs": True})
    container.ended(1)
    contains(container.log("stderr").lower(), "read-only", "message")
    pod.start("write", "/data/x", "text").ended(0)


@checks.check("security: what kubelet asks for by default, and a privileged container")
def _(host):
    pod = Pod(host)
    masked = {"masked_paths": ["/proc/kcore", "/proc/keys"], "readonly_paths": ["/proc/sys"], "no_new_privs": True,
              "capabilities": {"drop_capabilities": ["ALL"]}, "supplemental_groups": [3000]}
    pod.start("hello", security=masked).ended(0)
    Pod(host, privileged=True).start("hello", security={"privileged": True}).ended(0)


@checks.check("security: volumes, for reading or for both")
def _(host):
    shared = host.work / "volume"
    shared.mkdir(exist_ok=True)
    (shared / "in").write_text("from the machine\n")
    pod = Pod(host)
    reading = [{"container_path": "/data", "host_path": str(shared), "readonly": True}]
    container = pod.start("read", "/data/in", mounts=reading)
    container.ended(0)
    equal(container.log(), "from the machine\n", "read")
    pod.start("write", "/data/out", "x", mounts=reading).ended(1)
    pod.start("write", "/new/place/out", "from the guest", mounts=[{"container_path": "/new/place", "host_path": str(shared)}]).ended(0)
    equal((shared / "out").read_text(), "from the guest", "written")
    one = [{"container_path": "/etc/token", "host_path": str(shared / "in"), "readonly": True}]
    container = pod.start("read", "/etc/token", mounts=one)
    container.ended(0)
    equal(container.log(), "from the machine\n", "one file")


@checks.check("security: what kubelet mounts everywhere")
def _(host):
    folder = host.work / "kubelet"
    (folder / "token").mkdir(parents=True, exist_ok=True)
    (folder / "token" / "..data").mkdir(exist_ok=True)
    (folder / "token" / "..data" / "token").write_text("secret")
    if not (folder / "token" / "token").is_symlink():
        os.symlink("..data/token", folder / "token" / "token")
    for name in ("message", "hosts"):
        (folder / name).write_text("")
    mounts = [{"container_path": "/dev/termination-log", "host_path": str(folder / "message")},
              {"container_path": "/etc/hosts", "host_path": str(folder / "hosts")},
              {"container_path": "/var/run/secrets/kubernetes.io/serviceaccount", "host_path": str(folder / "token"), "readonly": True}]
    pod = Pod(host)
    for container in (pod.start("sleep", mounts=mounts), pod.native("sleep 1000", mounts=mounts)):
        equal(container.exec("cat", "/var/run/secrets/kubernetes.io/serviceaccount/token"), (0, "secret", ""), "token through a link")
        equal(container.exec(OTHER, "write", "/dev/termination-log", container.id)[0], 0, "exit code")
        equal((folder / "message").read_text(), container.id, "last words")


@checks.check("security: the runtime's default for system calls is taken")
def _(host):
    pod = Pod(host)
    default = {"seccomp": {"profile_type": "RuntimeDefault"}, "no_new_privs": True}
    container = pod.start("hello", security=default)
    container.ended(0)
    pod.native("true", security=default).ended(0)


@checks.check("security: the pod's own hosts, name and resolver files")
def _(host):
    pod = Pod(host, hostname="named", resolver={"servers": ["127.0.0.53"], "searches": ["e2e.local"]})
    container = pod.start("read", "/etc/resolv.conf")
    container.ended(0)
    equal(container.log().splitlines(), ["search e2e.local", "nameserver 127.0.0.53"], "/etc/resolv.conf")
    container = pod.start("read", "/etc/hostname")
    container.ended(0)
    equal(container.log().strip(), "named", "/etc/hostname")
    pod.start("read", "/etc/hosts").ended(0)


@checks.check("security: a user for the pod's own process, and the machine's ipc")
def _(host):
    pod = Pod(host, security={"run_as_user": {"value": 1000}, "run_as_group": {"value": 2000}, "readonly_rootfs": True})
    status = pathlib.Path(f"/proc/{pod.pid()}/status").read_text()
    contains(status, "Uid:\t1000\t", "user of the pod's process")
    pod.start("hello").ended(0)
    pod.remove()
    pod = Pod(host, ipc="NODE")
    equal(pod.start("sleep").namespace("ipc"), os.readlink("/proc/self/ns/ipc"), "ipc namespace")


@checks.check("security: folders shared by the containers of a pod, /dev/shm among them")
def _(host):
    shared = host.work / "between"
    shared.mkdir(exist_ok=True)
    mounts = [{"container_path": "/data", "host_path": str(shared)}]
    pod = Pod(host)
    native = pod.native("echo from the sidecar >/dev/shm/note; while [ ! -e /data/answer ]; do sleep 0.1; done; cat /data/answer", mounts=mounts)
    wasm = pod.start("sleep", mounts=mounts)
    eventually(lambda: wasm.exec("cat", "/dev/shm/note")[1] == "from the sidecar\n", "the note in /dev/shm", 5)
    equal(wasm.exec(OTHER, "write", "/data/answer", "from the module")[0], 0, "exit code")
    native.ended(0)
    equal(native.log(), "from the module", "what the sidecar read")


# --- errors

def refused(pod, path, *words):
    """A container with a program that cannot run: refused by Create or Start, in words, and removed without a trace."""
    try:
        container = pod.create(command=[path])
        pod.cri.call("StartContainer", container_id=container.id)
    except Refused as problem:
        text = str(problem).lower()
        expect(any(word in text for word in words), f"{path}: none of {words} in {text}")
        contains(text, os.path.basename(path), "the message names the file")
        return
    raise Failed(f"{path} was started: {container.status()}")


@checks.check("error: no such module")
def _(host):
    pod = Pod(host)
    refused(pod, "/nowhere.wasm", "no such file", "no such module", "not found")
    for container in host.cri.call("ListContainers").containers:
        host.cri.call("RemoveContainer", container_id=container.id)
    pod.start("hello").ended(0)
    pod.remove()
    nothing_left(host)


@checks.check("error: a component, a text, a damaged module, a missing import", ours_only=True)
def _(host):
    pod = Pod(host)
    refused(pod, "/component.wasm", "component")
    refused(pod, "/text.wasm", "not a", "neither", "no webassembly")
    refused(pod, "/broken.wasm", "end", "malformed", "invalid")
    try:
        refused(pod, "/imports.wasm", "nobody_gives_this")
    finally:
        equal(pod.state(), "READY", "state of the pod")


@checks.check("error: a trap is exit code 134, its reason in the log", ours_only=True)
def _(host):
    container = Pod(host).start("trap")
    container.ended(134)
    contains(container.log("stderr"), "unreachable", "log")


# --- exec and attach

@checks.check("exec: another module, with arguments, streams and exit code")
def _(host):
    container = Pod(host).start("sleep")
    equal(container.exec(OTHER, "args", "a b", "c"), (0, "a b\nc\n", ""), "arguments")
    equal(container.exec(OTHER, "both"), (0, "to stdout\n", "to stderr\n"), "streams")
    equal(container.exec(OTHER, "exit", "9")[0], 9, "exit code")
    equal(len(container.exec(OTHER, "big", str(1 << 20))[1]), 1 << 20, "output")


@checks.check("exec: the tools that every image has")
def _(host):
    container = Pod(host).start("sleep", envs=[{"key": "MINE", "value": "yes"}])
    for command, part in ((("ls", "/"), "guest.wasm"), (("env",), "MINE=yes"), (("cat", "/etc/passwd"), "root:x:0:0"),
                          (("id",), "uid=0"), (("ps",), "guest"), (("echo", "a", "b"), "a b")):
        code, out, err = container.exec(*command)
        equal((code, err), (0, ""), f"{command}: exit code and standard error")
        contains(out, part, " ".join(command))
    equal(container.exec("false")[0], 1, "false")


@checks.check("exec: in a native container")
def _(host):
    container = Pod(host).native("sleep 1000")
    equal(container.exec("sh", "-c", "echo inside; echo apart >&2; exit 4"), (4, "inside\n", "apart\n"), "what came back")


@checks.check("exec: what is not there is refused in words")
def _(host):
    container = Pod(host).start("sleep")
    try:
        code, out, err = container.exec("/nowhere.wasm")
    except Refused as problem:
        contains(str(problem), "nowhere.wasm", "message")
    else:
        raise Failed(f"it ran: {code} {out} {err}")
    equal(container.state(), "RUNNING", "state afterwards")


@checks.check("exec: what takes too long is ended")
def _(host):
    container = Pod(host).start("sleep")
    try:
        raise Failed(f"no end: {container.exec(OTHER, 'sleep', timeout=1)}")
    except Refused as problem:
        contains(str(problem).lower(), "timeout", "message")
    eventually(lambda: len(processes_in(host, container)) == 1, f"one process: {processes_in(host, container)}", 5)
    equal(container.state(), "RUNNING", "state afterwards")


def processes_in(host, container):
    """The processes in a container's control group."""
    return container.group_file("pids", "cgroup.procs").split()


@checks.check("exec stream: input, both outputs, exit code")
def _(host):
    pod = Pod(host)
    for container in (pod.start("sleep"), pod.native("sleep 1000")):
        talk = container.exec_stream(OTHER, "answer")
        talk.send(b"one\n").wait_for("got one\n").send(b"quit\n")
        equal(talk.finished(), (5, "got one\ngot quit\n", ""), "conversation")
        equal(container.exec_stream(OTHER, "both").finished(), (0, "to stdout\n", "to stderr\n"), "streams")


@checks.check("exec stream: on a terminal, with a size")
def _(host):
    pod = Pod(host)
    talk = pod.start("sleep").exec_stream(OTHER, "tty", tty=True)
    code, out, _ = talk.finished()
    equal((code, out), (0, "terminal: 1\r\n"), "output")
    talk = pod.start("sleep").exec_stream(OTHER, "answer", tty=True)
    talk.send(b"one\n").wait_for("got one").resize(101, 31).send(b"two\n").wait_for("got two").send(b"quit\n")
    equal(talk.finished()[0], 5, "exit code")
    talk = pod.native("sleep 1000").exec_stream("/bin/sh", tty=True)
    talk.resize(101, 31).send(b"\n")
    time.sleep(0.3)
    talk.send(b"stty size; exit 6\n")
    code, out, _ = talk.finished()
    contains(out, "31 101", "size")
    equal(code, 6, "exit code")


@checks.check("exec stream: as kubectl opens it, with the end of input")
def _(host):
    pod = Pod(host)
    for container in (pod.start("sleep"), pod.native("sleep 1000")):
        talk = container.exec_stream(OTHER, "cat", by=spdy)
        equal(talk.send(b"first\nlast without newline").end_input().finished(), (0, "first\nlast without newline", ""), "echoed")
        equal(container.exec_stream(OTHER, "exit", "9", by=spdy).finished()[0], 9, "exit code")
        equal(container.exec_stream(OTHER, "both", by=spdy).finished(), (0, "to stdout\n", "to stderr\n"), "streams")
        talk = container.exec_stream(OTHER, "cat", by=spdy)
        talk.send(bytes(range(32, 96)) * (1 << 12)).end_input()
        equal(len(talk.finished()[1]), 1 << 18, "echoed whole")


@checks.check("exec stream: a client that goes away leaves the container alone")
def _(host):
    pod = Pod(host)
    container = pod.start("sleep")
    talk = container.exec_stream(OTHER, "answer")
    talk.send(b"one\n").wait_for("got one\n").close()
    equal(container.exec(OTHER, "hello"), (0, "hello\n", ""), "another exec")
    equal(container.state(), "RUNNING", "state")
    pod.remove()
    nothing_left(host)


@checks.check("attach: output to client and log, input from the client")
def _(host):
    container = Pod(host).start("answer", stdin=True)
    talk = container.attach()
    talk.send(b"one\n").wait_for("got one\n").close()
    again = container.attach()
    again.send(b"two\n").wait_for("got two\n").send(b"quit\n")
    container.ended(5)
    again.finished()
    equal(container.log("stdout"), "got one\ngot two\ngot quit\n", "log")


@checks.check("attach: input that ends with its client, where that is asked for")
def _(host):
    container = Pod(host).start("answer", stdin=True, stdin_once=True)
    container.attach().send(b"one\n").wait_for("got one\n").close()
    container.ended(0)
    equal(container.log("stdout"), "got one\nend of input\n", "log")


@checks.check("attach: as kubectl opens it, with the end of input")
def _(host):
    container = Pod(host).start("answer", stdin=True, stdin_once=True)
    talk = container.attach(by=spdy)
    talk.send(b"one\n").wait_for("got one\n").end_input()
    equal(talk.finished()[1], "got one\nend of input\n", "output")
    container.ended(0)


@checks.check("attach: a terminal, with a size")
def _(host):
    pod = Pod(host)
    container = pod.start("answer", stdin=True, tty=True)
    talk = container.attach(tty=True)
    talk.resize(90, 30).send(b"one\n").wait_for("got one").send(b"quit\n")
    container.ended(5)
    contains(container.log("stdout"), "got quit", "log")
    native = pod.start("-c", "read x; stty size; exit 6", image="e2e.local/native:1", command=["/bin/sh"], stdin=True, tty=True)
    talk = native.attach(tty=True)
    talk.resize(90, 30)
    time.sleep(0.3)
    talk.send(b"go\n")
    native.ended(6)
    contains(native.log("stdout"), "30 90", "size")


# --- what dies

@checks.check("death: a guest that is killed")
def _(host):
    pod = Pod(host)
    container, other = pod.start("sleep"), pod.start("sleep")
    began = time.monotonic()
    os.kill(container.pid(), signal.SIGKILL)
    container.ended(137)
    expect(time.monotonic() - began < 2, "containerd hears of it late")
    equal((other.state(), pod.state()), ("RUNNING", "READY"), "the others")


@checks.check("death: the pod's own process")
def _(host):
    pod = Pod(host)
    container = pod.start("sleep")
    os.kill(pod.pid(), signal.SIGKILL)
    eventually(lambda: pod.state() == "NOTREADY", "the pod is not ready", 5)
    equal(container.state(), "RUNNING", "its container")
    pod.remove()
    nothing_left(host)


@checks.check("death: the shim takes its guests with it; everything can be removed")
def _(host):
    pod = Pod(host)
    containers = [pod.start("sleep"), pod.start("spin"), pod.native("sleep 1000")]
    pids = [container.pid() for container in containers]
    for pid in host.shims():
        os.kill(pid, signal.SIGKILL)
    for container in containers:
        eventually(lambda: container.state() == "EXITED", "the container's end", 10)
    equal([container.status().exit_code for container in containers], [255] * 3, "exit codes")
    eventually(lambda: pod.state() == "NOTREADY", "the pod is not ready", 5)
    eventually(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in pids), "no process is left", 5)
    for container in containers:
        container.remove()
    pod.remove()
    if not REFERENCE:       # runc's shim leaves its socket, then
        nothing_left(host)
