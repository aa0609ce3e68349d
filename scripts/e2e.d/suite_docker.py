"""`e2e docker`: Docker 20.10's daemon and command line. It asks containerd for io.containerd.runc.v2 whatever it is told; our
shim has that name on containerd's PATH."""
import json
import os
import pathlib
import re
import signal
import subprocess
import time

from checks import REFERENCE, Checks, contains, equal, eventually, expect, missing
from host import GUEST, OTHER

checks = Checks("docker")
CLIENT, DAEMON = "/usr/bin/docker", "/usr/sbin/dockerd"
IMAGE = "e2e/reference:1" if REFERENCE else "e2e/guest:1"
NATIVE = "e2e/native:1"


def prepare(host):
    for program in (CLIENT, DAEMON):
        if not os.access(program, os.X_OK):
            missing(program)
    if not REFERENCE:
        named = host.work / "named"
        named.mkdir()
        os.symlink(host.bin / "containerd-shim-wasmshim-v1", named / "containerd-shim-runc-v2")
        host.extra_path = [named]
    # dockerd's key has a fixed place.
    pathlib.Path("/etc/docker").mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "e2e-docker", "/etc/docker"], check=True)
    host.daemon_mounts = [str(host.work / folder) for folder in ("docker", "docker-run/netns/default")]
    host.start()
    start_daemon(host)
    host.tidy = lambda: tidy(host)
    for archive in ("docker-reference" if REFERENCE else "docker-guest", "docker-native",
                    "docker-health-module", "docker-health-tool", "docker-health-ill"):
        docker(host, "load", "-i", host.images / f"{archive}.tar")


def start_daemon(host):
    """Starts the daemon, or starts it again."""
    socket = host.work / "d.sock"
    (host.work / "daemon.json").write_text(json.dumps({"live-restore": True}))
    host.docker_environment = dict(os.environ, DOCKER_HOST=f"unix://{socket}", DOCKER_CONFIG=str(host.work / "docker-client"))
    host.dockerd = subprocess.Popen(
        [DAEMON, "--containerd", host.address, "--data-root", str(host.work / "docker"), "--exec-root", str(host.work / "docker-run"),
         "--pidfile", str(host.work / "d.pid"), "-H", f"unix://{socket}", "--iptables=false", "--ip6tables=false", "--ip-forward=false",
         "--ip-masq=false", "--bridge=none", "--config-file", str(host.work / "daemon.json"), "--oom-score-adjust", "0",
         "--cgroup-parent", "/" + host.namespace, "--containerd-namespace", host.namespace],
        stdin=subprocess.DEVNULL, stdout=open(host.work / "dockerd.log", "a"), stderr=subprocess.STDOUT)
    host.others.append(host.dockerd)
    eventually(lambda: host.dockerd.poll() is not None or docker(host, "version", ok=None, seconds=5).code == 0, "dockerd answers", 20)
    expect(host.dockerd.poll() is None, f"dockerd ended: {(host.work / 'dockerd.log').read_text()[-600:]}")


def tidy(host):
    """Removes what a check has left."""
    names = docker(host, "ps", "-aq").out.split()
    if names:
        docker(host, "rm", "-f", "-v", *names, ok=None)


def docker(host, *arguments, **how):
    return host.run_client(CLIENT, *arguments, environment=host.docker_environment, **how)


def words(arguments, options, image, network="none"):
    return ["run", "--pull", "never", "--network", network, *options, image or IMAGE, *arguments]


def run(host, *arguments, options=(), image=None, network="none", **how):
    """`docker run --rm`, to its end."""
    return docker(host, *words(arguments, ("--rm", *options), image, network), **how)


def detached(host, *arguments, options=(), image=None, network="none"):
    """`docker run -d`; gives the container's name."""
    name = host.name()
    docker(host, *words(arguments, ("-d", "--name", name, *options), image, network))
    return name


def inspect(host, name, field):
    return json.loads(docker(host, "inspect", "--format", "{{json ." + field + "}}", name).out)


def state(host, name):
    return inspect(host, name, "State")


def ended(host, name, code):
    eventually(lambda: not state(host, name)["Running"], f"{name} has ended")
    equal(state(host, name)["ExitCode"], code, f"exit code of {name}")
    return state(host, name)


def logs(host, name):
    result = docker(host, "logs", name)
    return result.out + result.err


def says(host, name, text):
    eventually(lambda: text in logs(host, name), f"{text!r} in the log", 5)


def in_terminal(host, arguments, keys=()):
    return host.in_terminal(["env", *(f"{key}={host.docker_environment[key]}" for key in ("DOCKER_HOST", "DOCKER_CONFIG")),
                             CLIENT, *arguments], keys)


def group_file(host, name, controller, file):
    identity = inspect(host, name, "Id")
    return pathlib.Path(f"/sys/fs/cgroup/{controller}/{host.namespace}/{identity}/{file}").read_text().strip()


# --- run

@checks.check("run: output and exit code 0")
def _(host):
    equal(run(host, "hello").out, "hello\n", "standard output")


@checks.check("run: exit code 7")
def _(host):
    run(host, "exit", "7", ok=7)


@checks.check("run: our shim it is", ours_only=True)
def _(host):
    name = detached(host, "sleep")
    pid = state(host, name)["Pid"]
    contains(os.readlink(f"/proc/{pid}/exe"), "wasm-shim-guest", "program of the process")


@checks.check("run: a trap is exit code 134, its reason on standard error", ours_only=True)
def _(host):
    contains(run(host, "trap", ok=134).err, "unreachable", "standard error")


@checks.check("run: both streams, each for itself; one MiB whole")
def _(host):
    result = run(host, "both")
    equal((result.out, result.err), ("to stdout\n", "to stderr\n"), "streams")
    out = run(host, "big", str(1 << 20)).out
    equal((len(out), out[-64:]), (1 << 20, f"{(1 << 14) - 1:063d}\n"), "length and last line")


@checks.check("run -i: standard input and its end reach the guest")
def _(host):
    for _ in range(3):
        equal(run(host, "cat", options=("-i",), stdin=b"first\nlast without newline").out, "first\nlast without newline", "echoed")
    text = bytes(range(32, 96)) * (1 << 14)
    equal(run(host, "cat", options=("-i",), stdin=text).out == text.decode(), True, "one MiB echoed whole")


@checks.check("run -t: a terminal, and a conversation on it")
def _(host):
    code, out = in_terminal(host, words(("tty",), ("--rm", "-t"), None))
    contains(out, "terminal: 1", "output")
    equal(code, 0, "exit code")
    code, out = in_terminal(host, words(("answer",), ("--rm", "-it"), None), [("", b"hello\n"), ("got hello", b"quit\n")])
    contains(out, "got hello", "output")
    equal(code, 5, "exit code")


@checks.check("run: environment, working folder, entrypoint, arguments as they are")
def _(host):
    out = run(host, "env", options=("-e", "MINE=a=b c")).out.splitlines()
    expect({"FROM_IMAGE=1", "MINE=a=b c"} <= set(out), f"missing in {out}")
    expect(not any(line.startswith(("TTRPC_ADDRESS", "GOMAXPROCS", "LD_", "DOCKER")) for line in out), f"too much in {out}")
    equal(run(host, "args", "a b", "", "ä$HOME", "-x").out, "a b\n\nä$HOME\n-x\n", "arguments")
    equal(run(host, "hello", options=("--entrypoint", OTHER)).out, "hello\n", "another entrypoint")
    name = detached(host, "sleep", options=("-w", "/data"))
    equal(docker(host, "exec", name, "pwd").out, "/data\n", "working folder")


@checks.check("run: a name in the environment and in the container's files")
def _(host):
    options = ("--hostname", "named")
    contains(run(host, "env", options=options).out, "HOSTNAME=named\n", "environment")
    equal(run(host, "read", "/etc/hostname", options=options).out, "named\n", "/etc/hostname")


@checks.check("run: errors in words", ours_only=True)
def _(host):
    for path, word in (("/component.wasm", "component"), ("/text.wasm", "text.wasm"), ("/imports.wasm", "nobody_gives_this")):
        contains(run(host, options=("--entrypoint", path), ok=125).err.lower(), word, f"message about {path}")
    host.nothing_left()


@checks.check("run: no such module is 127")
def _(host):
    contains(run(host, options=("--entrypoint", "/nowhere.wasm"), ok=127).err, "/nowhere.wasm", "message")


@checks.check("run --rm: nothing is left behind")
def _(host):
    run(host, "hello")
    run(host, "exit", "3", ok=3)
    host.nothing_left()


@checks.check("run: the network of the machine, or none")
def _(host):
    with_, without = detached(host, "sleep", network="host"), detached(host, "sleep")
    own = os.readlink("/proc/self/ns/net")
    equal(os.readlink(f"/proc/{state(host, with_)['Pid']}/ns/net"), own, "network host")
    expect(os.readlink(f"/proc/{state(host, without)['Pid']}/ns/net") != own, "network none is the machine's")


@checks.check("run: one container in the network of another")
def _(host):
    first = detached(host, "sleep")
    second = detached(host, "sleep", network=f"container:{first}")
    equal(*(os.readlink(f"/proc/{state(host, name)['Pid']}/ns/net") for name in (first, second)), "networks")


# --- a container's life

@checks.check("logs: both streams, all of it, and while it is written")
def _(host):
    name = detached(host, "ticks", "5")
    follow = docker(host, "logs", "-f", name)
    equal(follow.out, "".join(f"tick {number}\n" for number in range(5)), "followed")
    name = detached(host, "both")
    ended(host, name, 0)
    result = docker(host, "logs", name)
    equal((result.out, result.err), ("to stdout\n", "to stderr\n"), "streams")


@checks.check("stop: TERM ends it with 143, at once")
def _(host):
    for what in ("sleep", "spin"):
        name = detached(host, what)
        says(host, name, "up")
        began = time.monotonic()
        docker(host, "stop", "-t", "10", name)
        expect(time.monotonic() - began < 3, f"{what}: took {time.monotonic() - began:.1f} s")
        ended(host, name, 143)


@checks.check("stop: a native one that does not listen is killed after the grace period")
def _(host):
    name = detached(host, "sh", "-c", "trap '' TERM; echo up; while true; do sleep 1; done", image=NATIVE)
    says(host, name, "up")
    began = time.monotonic()
    docker(host, "stop", "-t", "1", name)
    expect(0.9 < time.monotonic() - began < 5, f"took {time.monotonic() - began:.1f} s")
    ended(host, name, 137)


@checks.check("kill: KILL is 137; another signal")
def _(host):
    name = detached(host, "sleep")
    docker(host, "kill", name)
    ended(host, name, 137)
    name = detached(host, "sleep")
    docker(host, "kill", "-s", "TERM", name)
    ended(host, name, 143)


@checks.check("wait: gives the exit code")
def _(host):
    name = detached(host, "ticks", "3")
    equal(docker(host, "wait", name).out, "0\n", "exit code")
    docker(host, "create", "--pull", "never", "--network", "none", "--name", "created", IMAGE, "exit", "9")
    docker(host, "start", "-a", "created", ok=9)
    equal(docker(host, "wait", "created").out, "9\n", "exit code")
    docker(host, "start", "-a", "created", ok=9)


@checks.check("restart: the same container again")
def _(host):
    name = detached(host, "sleep")
    before = state(host, name)["Pid"]
    docker(host, "restart", "-t", "5", name)
    now = state(host, name)
    expect(now["Running"] and now["Pid"] != before, f"state {now}")


@checks.check("restart policy: on-failure, twice")
def _(host):
    name = detached(host, "exit", "4", options=("--restart", "on-failure:2"))
    eventually(lambda: inspect(host, name, "RestartCount") == 2 and not state(host, name)["Restarting"]
               and not state(host, name)["Running"], "two restarts", 15)
    ended(host, name, 4)


@checks.check("pause: stops it, unpause goes on; kill of what is paused")
def _(host):
    name = detached(host, "ticks", "300")
    says(host, name, "tick")
    docker(host, "pause", name)
    equal(state(host, name)["Status"], "paused", "state")
    before = logs(host, name)
    time.sleep(0.5)
    equal(logs(host, name), before, "output of what is paused")
    docker(host, "unpause", name)
    eventually(lambda: logs(host, name) != before, "it goes on", 3)
    docker(host, "pause", name)
    docker(host, "rm", "-f", name)


@checks.check("events: in order")
def _(host):
    began = str(time.time() - 0.01)
    name = host.name()
    run(host, "exit", "3", options=("--name", name), ok=3)
    lines = docker(host, "events", "--since", began, "--until", str(time.time() + 0.2), "--filter", f"container={name}",
                   "--format", "{{.Status}}").out.split()
    equal([line for line in lines if line not in ("attach", "resize")], ["create", "start", "die", "destroy"], "events")


@checks.check("rm -f: of what runs; its name is free")
def _(host):
    for _ in range(3):
        docker(host, *words(("sleep",), ("-d", "--name", "forced"), None))
        docker(host, "rm", "-f", "forced")
    host.nothing_left()


# --- exec and looking at it

@checks.check("exec: another module, with streams and exit code")
def _(host):
    name = detached(host, "sleep")
    equal(docker(host, "exec", name, OTHER, "args", "one", "two").out, "one\ntwo\n", "standard output")
    docker(host, "exec", name, OTHER, "exit", "9", ok=9)
    equal(docker(host, "exec", "-i", name, OTHER, "cat", stdin=b"through exec").out, "through exec", "standard input and its end")
    contains(docker(host, "exec", "-e", "MINE=1", name, OTHER, "env").out, "MINE=1", "environment")


@checks.check("exec: the tools that every image has")
def _(host):
    name = detached(host, "sleep")
    contains(docker(host, "exec", name, "ls", "/").out, "guest.wasm", "ls /")
    contains(docker(host, "exec", name, "env").out, "FROM_IMAGE=1", "env")
    contains(docker(host, "exec", name, "cat", "/etc/passwd").out, "root:x:0:0", "cat")
    contains(docker(host, "exec", name, "ps").out, "guest", "ps")
    contains(docker(host, "exec", "-u", "1000", name, "id").out, "uid=1000", "id")


@checks.check("exec -t: on a terminal")
def _(host):
    name = detached(host, "sleep")
    code, out = in_terminal(host, ("exec", "-it", name, OTHER, "answer"), [("", b"hello\n"), ("got hello", b"quit\n")])
    contains(out, "got hello", "output")
    equal(code, 5, "exit code")


@checks.check("exec: what is not there is refused in words, with 126 or 127")
def _(host):
    name = detached(host, "sleep")
    result = docker(host, "exec", name, "/nowhere.wasm", ok=None)
    expect(result.code in (126, 127), f"exit code {result.code}")
    contains(result.out + result.err, "nowhere.wasm", "message")
    equal(state(host, name)["Status"], "running", "state afterwards")


@checks.check("exec: twenty at once")
def _(host):
    name = detached(host, "sleep")
    commands = [subprocess.Popen([CLIENT, "exec", name, OTHER, "args", str(number)], env=host.docker_environment, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for number in range(20)]
    for number, command in enumerate(commands):
        equal((command.communicate(timeout=20)[0].decode(), command.returncode), (f"{number}\n", 0), f"exec {number}")


@checks.check("run: ten at once, nothing left behind")
def _(host):
    commands = [subprocess.Popen([CLIENT, *words(("args", str(number)), ("--rm",), None)], env=host.docker_environment,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for number in range(10)]
    for number, command in enumerate(commands):
        equal((command.communicate(timeout=30)[0].decode(), command.returncode), (f"{number}\n", 0), f"container {number}")
    host.nothing_left()


@checks.check("exec -d: ended with its container")
def _(host):
    name = detached(host, "sleep")
    docker(host, "exec", "-d", name, OTHER, "sleep")
    docker(host, "rm", "-f", name)
    host.nothing_left()


@checks.check("attach: output of what runs, and a conversation on its terminal")
def _(host):
    name = detached(host, "ticks", "12")
    contains(docker(host, "attach", "--no-stdin", name).out, "tick 11\n", "output")
    name = detached(host, "answer", options=("-it",))
    code, out = in_terminal(host, ("attach", name), [("", b"one\n"), ("got one", b"quit\n")])
    contains(out, "got one", "output")
    equal(code, 5, "exit code")


@checks.check("top: its process")
def _(host):
    name = detached(host, "sleep")
    contains(docker(host, "top", name).out, str(state(host, name)["Pid"]), "docker top")


@checks.check("stats: memory, processor, processes")
def _(host):
    name = detached(host, "spin", options=("-m", "64m"))
    time.sleep(0.3)
    out = docker(host, "stats", "--no-stream", "--format", "{{json .}}", name).out
    figures = json.loads(out)
    equal(figures["PIDs"], "1", "processes")
    contains(figures["MemUsage"], "/ 64MiB", "memory")
    expect(not figures["MemUsage"].startswith("0B"), f"memory {figures}")
    expect(float(figures["CPUPerc"].rstrip("%")) > 10, f"processor {figures}")


@checks.check("cp: into a container and out of it")
def _(host):
    name = detached(host, "sleep")
    (host.work / "given").write_text("given\n")
    docker(host, "cp", host.work / "given", f"{name}:/data/given")
    equal(docker(host, "exec", name, OTHER, "read", "/data/given").out, "given\n", "in the container")
    docker(host, "exec", name, OTHER, "write", "/data/back", "taken")
    docker(host, "cp", f"{name}:/data/back", host.work / "taken")
    equal((host.work / "taken").read_text(), "taken", "out of the container")


# --- the box

@checks.check("volumes: folders of the machine for reading or both, and named ones")
def _(host):
    shared = host.work / "shared"
    shared.mkdir(exist_ok=True)
    (shared / "in").write_text("from the machine\n")
    equal(run(host, "read", "/data/in", options=("-v", f"{shared}:/data:ro")).out, "from the machine\n", "read")
    run(host, "write", "/data/out", "x", options=("-v", f"{shared}:/data:ro"), ok=1)
    run(host, "write", "/data/out", "from the guest", options=("-v", f"{shared}:/data"))
    equal((shared / "out").read_text(), "from the guest", "written")
    equal(run(host, "read", "/etc/one", options=("-v", f"{shared}/in:/etc/one:ro")).out, "from the machine\n", "one file")
    run(host, "write", "/kept/file", "kept", options=("-v", "named:/kept"))
    equal(run(host, "read", "/kept/file", options=("-v", "named:/kept")).out, "kept", "a named volume")
    docker(host, "volume", "rm", "named")


@checks.check("--tmpfs and --read-only")
def _(host):
    result = run(host, "write", "/data/x", "text", options=("--read-only",), ok=1)
    contains(result.err.lower(), "read-only", "message")
    name = detached(host, "sleep", options=("--read-only", "--tmpfs", "/data:size=1m"))
    docker(host, "exec", name, OTHER, "write", "/data/x", "text")
    equal(docker(host, "exec", name, OTHER, "read", "/data/x").out, "text", "what was written")
    docker(host, "exec", name, OTHER, "write", "/etc/x", "text", ok=1)


@checks.check("-u: a user")
def _(host):
    shared = host.work / "owned"
    shared.mkdir(exist_ok=True)
    shared.chmod(0o777)
    run(host, "write", "/data/mine", "x", options=("-v", f"{shared}:/data", "-u", "1000:2000"))
    equal(((shared / "mine").stat().st_uid, (shared / "mine").stat().st_gid), (1000, 2000), "owner of the file")
    run(host, "write", "/etc/passwd", "x", options=("-u", "user"), ok=1)


@checks.check("limits: memory, processors, processes; changed while it runs")
def _(host):
    for image, arguments in ((IMAGE, ("sleep",)), (NATIVE, ("sleep", "1000"))):
        name = detached(host, *arguments, image=image, options=("-m", "48m", "--cpus", "0.5", "--cpu-shares", "512", "--pids-limit", "20"))
        equal(group_file(host, name, "memory", "memory.limit_in_bytes"), str(48 << 20), "memory limit")
        equal(group_file(host, name, "cpu", "cpu.cfs_quota_us"), "50000", "cpu quota")
        equal(group_file(host, name, "cpu", "cpu.shares"), "512", "cpu shares")
        equal(group_file(host, name, "pids", "pids.max"), "20", "processes")
        docker(host, "update", "-m", "64m", "--memory-swap", "128m", "--cpus", "0.25", "--pids-limit", "30", name)
        equal(group_file(host, name, "memory", "memory.limit_in_bytes"), str(64 << 20), "memory limit")
        equal(group_file(host, name, "cpu", "cpu.cfs_quota_us"), "25000", "cpu quota")
        equal(group_file(host, name, "pids", "pids.max"), "30", "processes")


@checks.check("limits: more memory than allowed is OOMKilled")
def _(host):
    name = detached(host, "hog", "64", options=("-m", "24m", "--memory-swap", "24m"))
    ended(host, name, 137)
    eventually(lambda: state(host, name)["OOMKilled"], "OOMKilled", 3)


@checks.check("healthcheck: by a module, and by a tool of ours")
def _(host):
    for image in ("module", "tool", "ill"):
        name = detached(host, "sleep", image=f"e2e/health-{image}:1")
        eventually(lambda: state(host, name)["Health"]["Status"] != "starting", "a result", 8)
        equal(state(host, name)["Health"]["Status"], "unhealthy" if image == "ill" else "healthy",
              f"health by {image}: {state(host, name)['Health']['Log'][-1:]}")


@checks.check("--init: changes nothing")
def _(host):
    equal(run(host, "hello", options=("--init",)).out, "hello\n", "output")
    run(host, "exit", "7", options=("--init",), ok=7)
    name = detached(host, "sleep", options=("--init",))
    docker(host, "stop", "-t", "10", name)
    ended(host, name, 143)
    run(host, "sh", "-c", "exit 8", options=("--init",), image=NATIVE, ok=8)


@checks.check("run: a network between containers, and nothing else")
def _(host):
    docker(host, "network", "create", "--internal", "--subnet", "10.123.0.0/24", "between")
    try:
        names = [detached(host, "sleep", network="between"), detached(host, "sleep", "1000", image=NATIVE, network="between")]
        for number, name in enumerate(names):
            networks = inspect(host, name, "NetworkSettings.Networks")
            equal(networks["between"]["IPAddress"], f"10.123.0.{number + 2}", "address that Docker gave")
            out = host.run_client("nsenter", "-t", state(host, name)["Pid"], "-n", "ip", "-o", "addr").out
            contains(out, f"10.123.0.{number + 2}/24", "address that it has")
        contains(docker(host, "exec", names[0], "cat", "/etc/hosts").out, "10.123.0.2", "/etc/hosts")
        docker(host, "network", "disconnect", "between", names[0])
        out = host.run_client("nsenter", "-t", state(host, names[0])["Pid"], "-n", "ip", "-o", "addr").out
        expect("10.123.0.2" not in out, f"disconnected, and still: {out}")
        docker(host, "rm", "-f", *names)
    finally:
        docker(host, "network", "rm", "between", ok=None)
    host.nothing_left()


@checks.check("box: namespaces of the machine or of another container")
def _(host):
    first = detached(host, "sleep", options=("--ipc", "shareable"))
    second = detached(host, "sleep", options=("--pid", f"container:{first}", "--ipc", f"container:{first}"))
    third = detached(host, "sleep", options=("--pid", "host", "--ipc", "host", "--uts", "host"))
    one, two, three = (state(host, name)["Pid"] for name in (first, second, third))
    for kind in ("pid", "ipc"):
        equal(os.readlink(f"/proc/{two}/ns/{kind}"), os.readlink(f"/proc/{one}/ns/{kind}"), kind)
    for kind in ("pid", "ipc", "uts"):
        equal(os.readlink(f"/proc/{three}/ns/{kind}"), os.readlink(f"/proc/self/ns/{kind}"), kind)
        expect(os.readlink(f"/proc/{one}/ns/{kind}") != os.readlink(f"/proc/self/ns/{kind}"), f"{kind} is the machine's")


@checks.check("box: rights, limits of the process, kernel settings, score")
def _(host):
    options = ("--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--ulimit", "nofile=100:200", "--oom-score-adj", "500",
               "--sysctl", "net.ipv4.ip_local_port_range=20000 20100", "--group-add", "3000", "--cpuset-cpus", "0", "-u", "1000")
    name = detached(host, "sleep", options=options)
    pid = state(host, name)["Pid"]
    status = dict(line.split(":\t", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line)
    equal((status["NoNewPrivs"], status["CapEff"], status["CapBnd"]), ("1", "0" * 16, "0" * 16), "rights")
    equal((status["Uid"].split()[0], status["Groups"].split()), ("1000", ["1000", "3000"]), "user and groups")
    equal(status["Cpus_allowed_list"], "0", "processors")
    contains(re.sub(" +", " ", pathlib.Path(f"/proc/{pid}/limits").read_text()), "Max open files 100 200", "limits")
    equal(pathlib.Path(f"/proc/{pid}/oom_score_adj").read_text().strip(), "500", "score")
    out = host.run_client("nsenter", "-t", pid, "-n", "cat", "/proc/sys/net/ipv4/ip_local_port_range").out
    equal(out.split(), ["20000", "20100"], "kernel setting")
    if not REFERENCE:       # runc gives more rights than a machine may have that is itself a container
        run(host, "hello", options=("--privileged",))


@checks.check("stop: with the signal and the time that the container was made with")
def _(host):
    name = detached(host, "sleep", options=("--stop-signal", "KILL"))
    docker(host, "stop", name)
    ended(host, name, 137)
    name = detached(host, "sh", "-c", "trap '' TERM; echo up; while true; do sleep 1; done", image=NATIVE, options=("--stop-timeout", "1"))
    says(host, name, "up")
    began = time.monotonic()
    docker(host, "stop", name)
    expect(0.9 < time.monotonic() - began < 5, f"took {time.monotonic() - began:.1f} s")


@checks.check("commit, diff, export, rename: what it wrote is in its layer")
def _(host):
    name = detached(host, "write", "/data/x", "written")
    ended(host, name, 0)
    contains(docker(host, "diff", name).out, "A /data/x", "docker diff")
    docker(host, "commit", name, "e2e/committed:1")
    equal(run(host, "read", "/data/x", image="e2e/committed:1").out, "written", "in the image")
    docker(host, "rename", name, "renamed")
    equal(state(host, "renamed")["ExitCode"], 0, "exit code")
    docker(host, "rm", "renamed")
    docker(host, "rmi", "e2e/committed:1")


# --- native programs

@checks.check("native: a Linux image is delegated")
def _(host):
    equal(run(host, "sh", "-c", "echo native; exit 3", image=NATIVE, ok=3).out, "native\n", "standard output")
    equal(run(host, "cat", options=("-i",), image=NATIVE, stdin=b"through").out, "through", "standard input and its end")
    name = detached(host, "sleep", "1000", image=NATIVE)
    equal(docker(host, "exec", name, "sh", "-c", "echo inside; exit 4", ok=4).out, "inside\n", "exec")
    contains(docker(host, "top", name).out, "sleep", "docker top")
    docker(host, "pause", name)
    docker(host, "unpause", name)
    contains(docker(host, "stats", "--no-stream", name).out, name, "figures")
    code, out = in_terminal(host, words(("sh", "-c", "read x; sleep 0.5; stty size; echo got $x; exit 6"), ("--rm", "-it"), NATIVE), [("", b"word\n")])
    contains(out, "got word", "output on a terminal")
    contains(out, "33 99", "size of the terminal")
    equal(code, 6, "exit code")
    docker(host, "rm", "-f", name)
    host.nothing_left()


# --- the daemon

@checks.check("daemon: killed and started again, containers go on")
def _(host):
    name, short = detached(host, "ticks", "1000"), detached(host, "ticks", "12")
    native = detached(host, "sleep", "1000", image=NATIVE)
    pids = [state(host, one)["Pid"] for one in (name, native)]
    host.dockerd.kill()
    host.dockerd.wait(10)
    time.sleep(1.2)
    start_daemon(host)
    equal([state(host, one)["Pid"] for one in (name, native)], pids, "processes")
    ended(host, short, 0)
    docker(host, "exec", name, OTHER, "hello")
    docker(host, "stop", "-t", "5", name)
    ended(host, name, 143)
    docker(host, "rm", "-f", native)


@checks.check("death: a guest that is killed")
def _(host):
    name = detached(host, "sleep")
    os.kill(state(host, name)["Pid"], signal.SIGKILL)
    ended(host, name, 137)


@checks.check("death: the shim takes its guest with it")
def _(host):
    name = detached(host, "sleep")
    pid = state(host, name)["Pid"]
    for shim in host.shims():
        os.kill(shim, signal.SIGKILL)
    ended(host, name, 137)
    eventually(lambda: not os.path.exists(f"/proc/{pid}"), "its process is gone")
    docker(host, "rm", name)
    if not REFERENCE:       # runc's shim leaves its socket, then
        host.nothing_left()
