"""`e2e ctr`: containerd's own command line."""
import json
import os
import time

from checks import REFERENCE, Checks, contains, equal, eventually, expect
from host import GUEST, OTHER

checks = Checks("ctr")


def prepare(host):
    host.start()
    host.import_image("native")
    if not REFERENCE:
        for name in ("guest", "zstd", "plain"):
            host.import_image(name)


# --- run to the end

@checks.check("run: output and exit code 0")
def _(host):
    equal(host.run("hello").out, "hello\n", "standard output")


@checks.check("run: exit code 7")
def _(host):
    host.run("exit", "7", ok=7)


@checks.check("run: a trap is exit code 134, its reason on standard error", ours_only=True)
def _(host):
    result = host.run("trap", ok=134)
    contains(result.err, "unreachable", "standard error")


@checks.check("run: both streams, each for itself")
def _(host):
    result = host.run("both")
    equal((result.out, result.err), ("to stdout\n", "to stderr\n"), "streams")


@checks.check("run: arguments as they are")
def _(host):
    equal(host.run("args", "a b", "", "ä$HOME", "-x").out, "a b\n\nä$HOME\n-x\n", "arguments")


@checks.check("run: environment of image and client, nothing of the machine")
def _(host):
    out = host.run("env", options=("--env", "MINE=a=b c")).out.splitlines()
    expect("FROM_IMAGE=1" in out and "MINE=a=b c" in out, f"missing in {out}")
    expect(not any(line.startswith(("TTRPC_ADDRESS", "GOMAXPROCS", "LD_")) for line in out), f"too much in {out}")


@checks.check("run: one MiB of output, whole")
def _(host):
    out = host.run("big", str(1 << 20)).out
    equal((len(out), out[-64:]), (1 << 20, f"{(1 << 14) - 1:063d}\n"), "length and last line")


# runc's shim does not see an end that comes before its process is started.
@checks.check("run: standard input and its end reach the guest", ours_only=True)
def _(host):
    equal(host.run("cat", stdin=b"first\nlast without newline").out, "first\nlast without newline", "echoed")


@checks.check("run: one MiB through standard input")
def _(host):
    text = bytes(range(32, 96)) * (1 << 14)
    equal(host.run("cat", stdin=text).out == text.decode(), True, "echoed whole")


@checks.check("run: a log file instead of streams")
def _(host):
    log = host.work / "log.txt"
    name = host.detached("both", options=("--log-uri", f"file://{log}"))
    eventually(lambda: host.state(name) == "STOPPED", "its end")
    text = log.read_text()
    expect("to stdout" in text and "to stderr" in text, f"log file: {text!r}")


@checks.check("run: a logger program instead of streams")
def _(host):
    logger, log = host.work / "logger", host.work / "logged.txt"
    logger.write_text(f"#!/bin/sh\nexec 5>&-\ncat <&3 >{log}\n")
    logger.chmod(0o755)
    name = host.detached("hello", options=("--log-uri", f"binary://{logger}"))
    eventually(lambda: log.exists() and log.read_text() == "hello\n", "the logger has the line")
    eventually(lambda: host.state(name) == "STOPPED", "its end")


@checks.check("run: a container's name is free again at once")
def _(host):
    for _ in range(5):
        host.run("hello", name="again")


@checks.check("run: nothing is left behind")
def _(host):
    host.run("hello")
    host.nothing_left()


# --- images

@checks.check("image: one of two platforms in an index", ours_only=True)
def _(host):
    host.import_image("multi", "--all-platforms")
    equal(host.run("args", "wasm", image="e2e.local/multi:1", options=("--platform", "wasi/wasm")).out, "wasm\n", "wasi/wasm")
    out = host.run("-c", "echo native", image="e2e.local/multi:1", options=("--platform", "linux/amd64"), program="/bin/sh").out
    equal(out, "native\n", "linux/amd64, delegated")


@checks.check("image: layers with zstd, and not compressed", ours_only=True)
def _(host):
    for name in ("zstd", "plain"):
        equal(host.run("hello", image=f"e2e.local/{name}:1").out, "hello\n", name)


@checks.check("image: the entrypoint of the image, when nothing else is asked for")
def _(host):
    equal(host.run(program=None).out, "hello\n", "standard output")


@checks.check("image: the native snapshotter")
def _(host):
    host.ctr("image", "import", "--snapshotter", "native", *(() if REFERENCE else ("--platform", "wasi/wasm")),
             host.images / ("native.tar" if REFERENCE else "guest.tar"))
    equal(host.run("hello", options=("--snapshotter", "native")).out, "hello\n", "standard output")


def refused(host, program, *words):
    result = host.run(program=program, ok=None)
    expect(result.code != 0, f"{program} ran")
    lower = result.err.lower()
    expect(any(word in lower for word in words), f"{program}: none of {words} in {result.err.strip()!r}")
    contains(result.err, os.path.basename(program), "the message names the file")
    expect(not host.ctr("task", "ls", "-q").out.strip(), "a task is left")


@checks.check("error: no such module")
def _(host):
    refused(host, "/nowhere.wasm", "no such module", "no such file", "not found", "no file")


@checks.check("error: a component", ours_only=True)
def _(host):
    refused(host, "/component.wasm", "component")


@checks.check("error: a text file", ours_only=True)
def _(host):
    refused(host, "/text.wasm", "not a", "neither", "no webassembly")


@checks.check("error: a damaged module", ours_only=True)
def _(host):
    refused(host, "/broken.wasm", "end", "malformed", "invalid")


@checks.check("error: an import that nobody has", ours_only=True)
def _(host):
    refused(host, "/imports.wasm", "nobody_gives_this")


# --- tasks

@checks.check("task: listed while it runs, with its process")
def _(host):
    name = host.detached("sleep")
    equal(host.state(name), "RUNNING", "state")
    pid = host.pid(name)
    expect(os.path.exists(f"/proc/{pid}"), f"no process {pid}")
    contains(host.ctr("task", "ps", name).out, str(pid), "ctr task ps")


@checks.check("task: TERM ends it with 143, quickly")
def _(host):
    for program in ("sleep", "spin"):
        name = host.detached(program)
        time.sleep(0.2)
        began = time.monotonic()
        host.ctr("task", "kill", "-s", "TERM", name)
        eventually(lambda: host.state(name) == "STOPPED", f"{program} has ended", 5)
        expect(time.monotonic() - began < 2, f"{program}: took {time.monotonic() - began:.1f} s")
        host.ended(name, 143)


@checks.check("task: KILL ends it with 137")
def _(host):
    name = host.detached("sleep")
    host.ctr("task", "kill", "-s", "KILL", name)
    host.ended(name, 137)


@checks.check("task: a second kill finds nothing")
def _(host):
    name = host.detached("sleep")
    host.ctr("task", "kill", "-s", "KILL", name)
    second = host.ctr("task", "kill", "-s", "KILL", name, ok=None)
    expect(second.code == 0 or "not found" in second.err or "already finished" in second.err, f"second kill: {second.err}")
    eventually(lambda: host.state(name) == "STOPPED", "its end", 5)
    third = host.ctr("task", "kill", "-s", "KILL", name, ok=None)
    contains(third.err, "not found", "a kill after the end")


@checks.check("task: rm -f of what runs, and its name at once again")
def _(host):
    for _ in range(3):
        name = host.detached("sleep", name="forced")
        host.ctr("task", "rm", "-f", name)
        host.ctr("container", "rm", name)
    host.nothing_left()


@checks.check("task: created, then started; rm of what runs is refused")
def _(host):
    name = host.name()
    host.ctr("container", "create", "--runtime", host.runtime, host.image, name, GUEST, "sleep")
    host.ctr("task", "start", "-d", "--null-io", name)
    equal(host.state(name), "RUNNING", "state")
    expect(host.ctr("task", "rm", name, ok=None).code != 0, "a running task was removed")


@checks.check("task: pause stops it, resume goes on")
def _(host):
    log = host.work / "paused.log"
    name = host.detached("ticks", "100", options=("--log-uri", f"file://{log}"))
    eventually(lambda: log.exists() and log.stat().st_size, "its first line")
    host.ctr("task", "pause", name)
    equal(host.state(name), "PAUSED", "state")
    before = log.stat().st_size
    time.sleep(0.5)
    equal(log.stat().st_size, before, "output of what is paused")
    host.ctr("task", "resume", name)
    equal(host.state(name), "RUNNING", "state")
    eventually(lambda: log.stat().st_size > before, "it goes on", 3)


@checks.check("task: killed while it is paused")
def _(host):
    name = host.detached("sleep")
    host.ctr("task", "pause", name)
    host.ctr("task", "rm", "-f", name)
    equal(host.state(name), "", "state")


@checks.check("task: metrics")
def _(host):
    name = host.detached("spin", options=("--memory-limit", str(64 << 20)))
    time.sleep(0.4)
    out = host.ctr("task", "metrics", name).out
    figures = dict(line.split()[:2] for line in out.splitlines() if len(line.split()) == 2)
    expect(int(figures.get("cpuacct.usage", figures.get("cpu.usage_usec", "0"))) > 0, f"cpu in {out}")
    expect(int(figures.get("memory.usage_in_bytes", "0")) > 0, f"memory in {out}")
    equal(figures.get("memory.limit_in_bytes"), str(64 << 20), "memory limit")
    equal(figures.get("pids.current"), "1", "processes")


@checks.check("task: a checkpoint is refused in words", ours_only=True)
def _(host):
    name = host.detached("sleep")
    result = host.ctr("task", "checkpoint", name, ok=None)
    expect(result.code != 0, "it says that there is a checkpoint")
    contains(result.err.lower(), "checkpoint", "message")
    equal(host.state(name), "RUNNING", "state afterwards")


@checks.check("task: limits, changed while it runs, and seen in its control group")
def _(host):
    name = host.detached("sleep", options=("--memory-limit", str(48 << 20), "--cpus", "0.5", "--cpu-shares", "512"))
    equal(host.group_file("memory", name, "memory.limit_in_bytes"), str(48 << 20), "memory limit")
    equal(host.group_file("cpu", name, "cpu.cfs_quota_us"), "50000", "cpu quota")
    equal(host.group_file("cpu", name, "cpu.shares"), "512", "cpu shares")
    contains(host.group_file("memory", name, "cgroup.procs"), "", "processes")


@checks.check("task: more memory than allowed: killed, and the event says so")
def _(host):
    events = host.events()
    name = host.detached("hog", "64", options=("--memory-limit", str(24 << 20)))
    host.ended(name, 137)
    topics = events.wait_for(name, "delete")
    expect("oom" in topics, f"no oom in {topics}")
    events.close()


# --- exec

@checks.check("exec: another module, with arguments and exit code")
def _(host):
    name = host.detached("sleep")
    equal(host.exec(name, OTHER, "args", "one", "two").out, "one\ntwo\n", "standard output")
    host.exec(name, OTHER, "exit", "9", ok=9)
    equal(host.exec(name, OTHER, "cat", stdin=b"through exec").out, "through exec", "standard input and its end")


@checks.check("exec: the tools that every image has")
def _(host):
    name = host.detached("sleep")
    contains(host.exec(name, "ls", "/").out, "guest.wasm", "ls /")
    contains(host.exec(name, "env").out, "FROM_IMAGE=1", "env")
    contains(host.exec(name, "cat", "/etc/passwd").out, "root:x:0:0", "cat")
    contains(host.exec(name, "id").out, "uid=0", "id")
    contains(host.exec(name, "ps").out, "guest", "ps")


@checks.check("exec: what is not there is refused in words")
def _(host):
    name = host.detached("sleep")
    result = host.exec(name, "/nowhere.wasm", ok=None)
    expect(result.code != 0, "it ran")
    contains(result.err, "nowhere.wasm", "message")
    equal(host.state(name), "RUNNING", "state afterwards")


@checks.check("exec: the same id again, once the first has ended")
def _(host):
    name = host.detached("sleep")
    for _ in range(3):
        host.exec(name, OTHER, "hello", exec_id="same")


@checks.check("exec: detached, and ended with its container")
def _(host):
    name = host.detached("sleep")
    host.exec(name, OTHER, "sleep", options=("--detach",))
    eventually(lambda: len(host.ctr("task", "ps", name).out.splitlines()) == 3, "two processes")
    host.remove(name)
    host.forget_fifos()
    host.nothing_left()


@checks.check("exec: on a terminal")
def _(host):
    name = host.detached("sleep")
    command = host.ctr_command("task", "exec", "--tty", "--fifo-dir", host.fifos, "--exec-id", "t", name, OTHER, "answer")
    code, out = host.in_terminal(command, [("", b"hello\n"), ("got hello", b"quit\n")])
    contains(out, "got hello", "output")
    equal(code, 5, "exit code")


# --- terminals

@checks.check("terminal: output arrives, the size is taken, the code comes back")
def _(host):
    command = host.ctr_command(*host.run_words(host.name(), ("tty",), ("--rm", "-t")))
    code, out = host.in_terminal(command)
    contains(out, "terminal: 1", "output")
    equal(code, 0, "exit code")


@checks.check("terminal: a conversation")
def _(host):
    command = host.ctr_command(*host.run_words(host.name(), ("answer",), ("--rm", "-t")))
    code, out = host.in_terminal(command, [("", b"hello\n"), ("got hello", b"quit\n")])
    contains(out, "got hello", "output")
    equal(code, 5, "exit code")


@checks.check("terminal: one MiB of output, whole")
def _(host):
    command = host.ctr_command(*host.run_words(host.name(), ("big", str(1 << 20)), ("--rm", "-t")))
    code, out = host.in_terminal(command, seconds=30)
    contains(out[-100:], f"{(1 << 14) - 1:063d}", "last line")
    equal((code, out.count("\n")), (0, 1 << 14), "exit code and lines")


# --- events

@checks.check("events: in order")
def _(host):
    events = host.events()
    name = host.name()
    host.run("hello", name=name)
    equal(events.wait_for(name, "delete"), ["create", "start", "exit", "delete"], "topics")
    events.close()


@checks.check("events: exec, pause and resume")
def _(host):
    events = host.events()
    name = host.detached("sleep")
    host.exec(name, OTHER, "exit", "3", ok=3, exec_id="seen")
    host.ctr("task", "pause", name)
    host.ctr("task", "resume", name)
    host.ctr("task", "kill", "-s", "KILL", name)
    host.ended(name, 137)
    topics = events.wait_for(name, "delete")
    equal(topics, ["create", "start", "exec-added", "exec-started", "exit", "paused", "resumed", "exit", "delete"], "topics")
    exits = events.bodies(name, "exit")
    equal([(one["id"], one.get("exit_status")) for one in exits], [("seen", 3), (name, 137)], "ends")
    events.close()


# --- the box

@checks.check("box: a read-only root refuses writes")
def _(host):
    result = host.run("write", "/tmp/x", "text", options=("--read-only",), ok=1)
    contains(result.err.lower(), "read-only", "message")


@checks.check("box: writes stay in the container")
def _(host):
    host.run("write", "/data/x", "text")
    host.run("read", "/data/x", ok=1)


@checks.check("box: folders of the machine, for reading or for both")
def _(host):
    shared = host.work / "shared"
    shared.mkdir(exist_ok=True)
    (shared / "in").write_text("from the machine\n")
    equal(host.run("read", "/data/in", options=("--mount", f"type=bind,src={shared},dst=/data,options=rbind:ro")).out,
          "from the machine\n", "read")
    host.run("write", "/data/out", "x", options=("--mount", f"type=bind,src={shared},dst=/data,options=rbind:ro"), ok=1)
    host.run("write", "/data/out", "from the guest", options=("--mount", f"type=bind,src={shared},dst=/data,options=rbind:rw"))
    equal((shared / "out").read_text(), "from the guest", "written")


@checks.check("box: a user")
def _(host):
    shared = host.work / "owned"
    shared.mkdir(exist_ok=True)
    shared.chmod(0o777)
    root = host.unpacked()
    for arguments, code in ((["write", "/data/mine", "x"], 0), (["write", "/etc/passwd", "x"], 1)):
        # ctr 1.6 has no --user: a specification of our own.
        spec = host.specification(("--mount", f"type=bind,src={shared},dst=/data,options=rbind:rw"))
        spec["process"].update(args=[GUEST, *arguments], user={"uid": 1000, "gid": 1000})
        spec["root"]["path"] = str(root)
        (host.work / "spec.json").write_text(json.dumps(spec))
        host.ctr("run", "--rm", "--runtime", host.runtime, "--fifo-dir", host.fifos, "--config", host.work / "spec.json", host.name(), ok=code)
    equal((shared / "mine").stat().st_uid, 1000, "owner of the file")


@checks.check("box: namespaces of its own, and the machine's network if asked")
def _(host):
    name, shared = host.detached("sleep"), host.detached("sleep", options=("--net-host",))
    for kind in ("net", "mnt", "pid", "ipc", "uts"):
        expect(os.readlink(f"/proc/{host.pid(name)}/ns/{kind}") != os.readlink(f"/proc/self/ns/{kind}"), f"{kind} is the machine's")
    equal(os.readlink(f"/proc/{host.pid(shared)}/ns/net"), os.readlink("/proc/self/ns/net"), "network")


# --- groups and native programs

@checks.check("group: two containers, one shim")
def _(host):
    options = ("--annotation", "io.containerd.runc.v2.group=pod", "--null-io")
    first, second = host.detached("sleep", options=options), host.detached("sleep", options=options)
    equal(len(host.shims()), 1, f"shims {host.shims()}")
    host.remove(first)
    equal(host.state(second), "RUNNING", "the other one")
    host.remove(second)
    host.nothing_left()


@checks.check("native: a Linux program is delegated", ours_only=True)
def _(host):
    native = {"image": "e2e.local/native:1", "program": "/bin/sh"}
    equal(host.run("-c", "echo native; exit 3", ok=3, **native).out, "native\n", "standard output")
    name = host.detached("-c", "sleep 1000", **native)
    equal(host.state(name), "RUNNING", "state")
    equal(host.exec(name, "sh", "-c", "echo inside; exit 4", ok=4).out, "inside\n", "exec")
    host.ctr("task", "pause", name)
    host.ctr("task", "resume", name)
    contains(host.ctr("task", "metrics", name).out, "memory.usage_in_bytes", "metrics")
    host.ctr("task", "kill", "-s", "KILL", name)
    host.ended(name, 137)
    host.nothing_left()


@checks.check("native: terminal and standard input", ours_only=True)
def _(host):
    native = {"image": "e2e.local/native:1", "program": "/bin/cat"}
    equal(host.run(stdin=b"through", **native).out, "through", "standard input and its end")
    command = host.ctr_command(*host.run_words(host.name(), ("-c", "stty size 2>/dev/null; read x; echo got $x; exit 6"), ("--rm", "-t"),
                                               "e2e.local/native:1", "/bin/sh"))
    code, out = host.in_terminal(command, [("", b"word\n")])
    contains(out, "got word", "output")
    equal(code, 6, "exit code")
