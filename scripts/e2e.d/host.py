"""One private containerd in a temporary folder, what is run against it, and what is left of it afterwards."""
import glob
import itertools
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time

import images
from checks import REFERENCE, Failed, contains, equal, eventually, expect

PROGRAMS = ("containerd-shim-wasmshim-v1", "wasm-shim-guest")
GUEST, OTHER = "/guest.wasm", "/other.wasm"


def programs_folder():
    """Where the programs under test are: WASM_SHIM_PROGRAMS, else what `make install` or `swift build` made."""
    root = pathlib.Path(__file__).resolve().parents[2]
    for folder in filter(None, (os.environ.get("WASM_SHIM_PROGRAMS"), root / ".build/installed/bin", root / ".build/debug")):
        if (pathlib.Path(folder) / PROGRAMS[0]).exists():
            return pathlib.Path(folder).resolve()
    raise SystemExit("e2e: no containerd-shim-wasmshim-v1; run: make install PREFIX=$PWD/.build/installed")


class Result:
    """How a client's command ended."""

    def __init__(self, command, code, out, err):
        self.command, self.code, self.out, self.err = command, code, out, err

    def succeeded(self):
        expect(self.code == 0, f"{' '.join(self.command[-6:])}: exit code {self.code}, {self.err.strip() or self.out.strip()}")
        return self


class Host:
    """containerd, its namespace for this run, and the commands."""

    runtime = "io.containerd.runc.v2" if REFERENCE else "io.containerd.wasmshim.v1"
    image = "e2e.local/native:1" if REFERENCE else "e2e.local/guest:1"

    def __init__(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="wasm-shim-e2e."))
        self.work.chmod(0o711)
        self.namespace = f"e2e-{os.environ.get('E2E_OUTER_PID', os.getpid())}-{os.urandom(2).hex()}"
        self.address = str(self.work / "c.sock")
        self.fifos = self.work / "fifo"
        self.containerd, self.others, self.serial = None, [], itertools.count(1)
        self.extra_path, self.extra_configuration = [], ""
        self.disabled = ["io.containerd.grpc.v1.cri"]
        self.bin = self.work / "bin"
        self.bin.mkdir()
        for name in PROGRAMS:
            found = [place for place in (programs_folder() / name, programs_folder().parent / "libexec" / name) if place.exists()]
            expect(found, f"{name} is missing in {programs_folder()}")
            shutil.copy(found[0], self.bin / name)
        self.images = self.work / "images"
        images.make(self.images)

    # --- containerd

    def start(self):
        """Starts containerd, or starts it again."""
        disabled = self.disabled + [f"io.containerd.snapshotter.v1.{name}" for name in ("btrfs", "zfs", "aufs", "devmapper")]
        disabled += ["io.containerd.internal.v1.tracing", "io.containerd.tracing.processor.v1.otlp"]
        (self.work / "config.toml").write_text(f"""version = 2
root = "{self.work}/root"
state = "{self.work}/state"
oom_score = 0
disabled_plugins = {json.dumps(disabled)}
[grpc]
  address = "{self.address}"
[ttrpc]
  address = "{self.address}.ttrpc"
[debug]
  level = "debug"
[metrics]
  address = ""
[plugins."io.containerd.internal.v1.opt"]
  path = "{self.work}/opt"
{self.extra_configuration}""")
        path = ":".join([*map(str, self.extra_path), str(self.bin), os.environ["PATH"]])
        self.containerd = subprocess.Popen(
            ["containerd", "--config", str(self.work / "config.toml")], env=dict(os.environ, PATH=path),
            stdin=subprocess.DEVNULL, stdout=open(self.work / "containerd.log", "a"), stderr=subprocess.STDOUT)
        eventually(lambda: self.containerd.poll() is not None or self.ctr("version", ok=None, seconds=3).code == 0, "containerd answers")
        expect(self.containerd.poll() is None, f"containerd ended: {self.log()[-600:]}")

    def kill_containerd(self):
        self.containerd.kill()
        self.containerd.wait(10)

    def log(self):
        return (self.work / "containerd.log").read_text(errors="replace")

    def import_image(self, name, *arguments):
        # ctr imports for a platform; the reference's image is for Linux.
        platform = [] if name in ("native", "pause") else ["--platform", "wasi/wasm"]
        self.ctr("image", "import", *(arguments or platform), str(self.images / f"{name}.tar"))

    def stop(self):
        """Ends everything, whatever state it is in."""
        with open(os.devnull, "w"):
            try:
                self.tidy()
            except Exception:
                pass
        for process in [*self.others, self.containerd]:
            if process is None or process.poll() is not None:
                continue
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        for _ in range(20):
            for folder in sorted(self.control_groups(), key=len, reverse=True):
                try:
                    os.rmdir(folder)
                except OSError:
                    pass
            if not self.control_groups():
                break
            time.sleep(0.05)
        for mount in reversed(self.mounts()):
            subprocess.run(["umount", "-l", mount], capture_output=True)
        if os.environ.get("KEEP"):
            print(f"kept {self.work}")
        else:
            shutil.rmtree(self.work, ignore_errors=True)

    # --- clients

    def run_client(self, *command, ok=True, seconds=20, stdin=None, environment=None):
        """Runs a client. `ok`: True expects exit code 0, a number that code, None anything."""
        command = list(map(str, command))
        try:
            done = subprocess.run(command, input=stdin, stdin=subprocess.DEVNULL if stdin is None else None, capture_output=True,
                                  timeout=seconds, env=environment)
        except subprocess.TimeoutExpired as late:
            raise Failed(f"{' '.join(command[-8:])}: no end in {seconds} s, so far {(late.stdout or b'')[-200:]!r} "
                         f"{(late.stderr or b'')[-200:]!r}")
        result = Result(command, done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))
        if ok is True:
            result.succeeded()
        elif ok is not None:
            expect(result.code == ok, f"{' '.join(command[-8:])}: exit code {result.code} instead of {ok}, {result.err.strip()[-300:]}")
        return result

    def ctr_command(self, *arguments):
        return ["ctr", "-a", self.address, "-n", self.namespace, *map(str, arguments)]

    def ctr(self, *arguments, **how):
        return self.run_client(*self.ctr_command(*arguments), **how)

    def name(self, word="c"):
        return f"{word}{next(self.serial)}"

    def run_words(self, name, arguments, options=(), image=None, program=GUEST, runtime=None):
        return ["run", "--runtime", runtime or self.runtime, "--fifo-dir", str(self.fifos), *options, image or self.image, name,
                *([program] if program else []), *arguments]

    def run(self, *arguments, options=(), image=None, program=GUEST, name=None, runtime=None, **how):
        """`ctr run --rm`, to its end."""
        return self.ctr(*self.run_words(name or self.name(), arguments, ("--rm", *options), image, program, runtime), **how)

    def detached(self, *arguments, options=(), image=None, program=GUEST, name=None, runtime=None, **how):
        """`ctr run -d`; gives the container's name."""
        name = name or self.name()
        log = () if "--log-uri" in options else ("--null-io",)
        self.ctr(*self.run_words(name, arguments, ("-d", *log, *options), image, program, runtime), **how)
        return name

    def exec(self, name, *command, options=(), exec_id=None, **how):
        return self.ctr("task", "exec", "--fifo-dir", self.fifos, "--exec-id", exec_id or self.name("x"), *options, name, *command, **how)

    def state(self, name):
        """A task's state in ctr's words, or nothing."""
        for line in self.ctr("task", "ls").out.splitlines()[1:]:
            words = line.split()
            if words and words[0] == name:
                return words[2]
        return ""

    def pid(self, name):
        for line in self.ctr("task", "ls").out.splitlines()[1:]:
            words = line.split()
            if words and words[0] == name:
                return int(words[1])
        raise Failed(f"{name} is not in `ctr task ls`")

    def ended(self, name, code):
        """Waits until a task has ended and removes it: its exit code is the one."""
        eventually(lambda: self.state(name) == "STOPPED", f"{name} has ended", 10)
        said = re.search(r"non-zero exit code (\d+)", self.ctr("task", "rm", name).err)
        equal(int(said.group(1)) if said else 0, code, f"exit code of {name}")

    def forget_fifos(self):
        """`ctr task exec --detach` leaves its fifos, whatever the shim does."""
        shutil.rmtree(self.fifos, ignore_errors=True)

    def remove(self, name):
        self.ctr("task", "rm", "-f", name, ok=None)
        self.ctr("container", "rm", name)

    def tidy(self):
        """Removes what a check has left."""
        if self.containerd is None or self.containerd.poll() is not None:
            self.start()
        for name in self.ctr("task", "ls", "-q", ok=None).out.split():
            self.ctr("task", "rm", "-f", name, ok=None)
        for name in self.ctr("container", "ls", "-q", ok=None).out.split():
            self.ctr("container", "rm", name, ok=None)

    def specification(self, options=()):
        """The runtime specification that ctr would make."""
        name = self.name()
        self.ctr("container", "create", "--runtime", self.runtime, *options, self.image, name, GUEST)
        spec = json.loads(self.ctr("container", "info", "--spec", name).out)
        self.ctr("container", "rm", name)
        return spec

    def unpacked(self):
        """A folder with the image's root file system."""
        folder = self.work / "unpacked"
        if not folder.exists():
            folder.mkdir()
            platform = () if REFERENCE else ("--platform", "wasi/wasm")
            self.ctr("image", "mount", *platform, self.image, folder)
            copy = self.work / "root-copy"
            shutil.copytree(folder, copy, symlinks=True)
            self.ctr("image", "unmount", folder)
            folder.rmdir()
            copy.rename(folder)
        return folder

    def in_terminal(self, command, keys=(), seconds=15, until=None):
        """Runs a command on a new terminal of 33 rows and 99 columns. `keys`: (text to wait for, bytes to type) pairs.
        Gives (exit code, output)."""
        pid, terminal = pty.fork()
        if pid == 0:
            try:
                os.execvp(command[0], list(map(str, command)))
            finally:
                os._exit(127)
        import fcntl, struct, termios
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 33, 99, 0, 0))
        out, todo, end = b"", list(keys), time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                while todo and todo[0][0].encode() in out:
                    os.write(terminal, todo.pop(0)[1])
                if select.select([terminal], [], [], 0.1)[0]:
                    try:
                        piece = os.read(terminal, 65536)
                    except OSError:
                        piece = b""
                    if not piece:
                        _, status = os.waitpid(pid, 0)
                        return os.waitstatus_to_exitcode(status), out.decode(errors="replace")
                    out += piece
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise Failed(f"{' '.join(map(str, command[-5:]))}: no end in {seconds} s on a terminal, so far {out[-300:]!r}")
        finally:
            os.close(terminal)

    def events(self):
        """Starts `ctr events`; the list that is given grows."""
        return Events(self)

    # --- what is left

    def processes(self):
        """The processes of shims and guests in this namespace of processes: {pid: command line}."""
        found = {}
        for folder in glob.glob("/proc/[0-9]*"):
            try:
                words = pathlib.Path(folder, "cmdline").read_bytes().split(b"\0")
                program = os.path.basename(os.readlink(folder + "/exe").removesuffix(" (deleted)"))
            except OSError:
                continue
            if program in PROGRAMS or program.startswith("containerd-shim") or program in ("guest.wasm", "busybox"):
                found[int(os.path.basename(folder))] = b" ".join(words).decode(errors="replace").strip()
        return found

    def shims(self):
        """The shim servers: {pid: command line}."""
        return {pid: line for pid, line in self.processes().items() if "containerd-shim" in line.split(" ")[0]}

    def zombies(self):
        found = []
        for path in glob.glob("/proc/[0-9]*/stat"):
            try:
                text = pathlib.Path(path).read_text()
            except OSError:
                continue
            if text.rpartition(")")[2].split()[0] == "Z":
                found.append(text[:60])
        return found

    def mounts(self):
        """Mounts below the temporary folder, or of container roots anywhere."""
        lines = pathlib.Path("/proc/self/mounts").read_text().splitlines()
        return [line.split()[1] for line in lines if str(self.work) in line]

    def groups_of(self, name=""):
        """Control group folders of the namespace, or of one container: in every hierarchy."""
        return sorted(folder for folder in self.control_groups() if not name or name in folder.split("/"))

    def control_groups(self):
        found = []
        for hierarchy in glob.glob("/sys/fs/cgroup/*/") + ["/sys/fs/cgroup/"]:
            for top in (self.namespace, *self.extra_groups):
                base = pathlib.Path(hierarchy, top)
                if base.is_dir():
                    found += [str(folder) for folder, _, _ in os.walk(base)]
        return sorted(set(found))

    extra_groups = ()
    daemon_mounts = ()      # below the temporary folder, and there as long as a daemon runs

    def network_namespaces(self):
        found = set()
        for path in glob.glob("/proc/[0-9]*/ns/net"):
            try:
                found.add(os.readlink(path))
            except OSError:
                pass
        return found | set(glob.glob("/run/netns/*"))

    def residue(self, name=None):
        """What there is besides containerd: everything here has to be gone when no container is left."""
        left = {}
        left["processes"] = sorted(self.processes().values())
        left["zombies"] = self.zombies()
        left["mounts"] = [mount for mount in self.mounts() if "/images" not in mount and mount not in self.daemon_mounts]
        left["groups"] = [folder for folder in self.control_groups() if not folder.endswith("/" + self.namespace)]
        left["sockets"] = sorted(glob.glob("/run/containerd/s/*"))
        left["fifos"] = sorted(glob.glob(f"{self.fifos}/*/*") + glob.glob("/run/containerd/fifo/*/*"))
        left["bundles"] = sorted(glob.glob(f"{self.work}/state/io.containerd.runtime.v2.task/*/*")
                                 + glob.glob(f"{self.work}/root/io.containerd.runtime.v2.task/*/*"))
        return {key: value for key, value in left.items() if value}

    def nothing_left(self, seconds=5.0):
        try:
            eventually(lambda: not self.residue(), "nothing left", seconds)
        except Failed:
            raise Failed(f"still there: {self.residue()}")

    def group_file(self, controller, name, file):
        """A control group's file of a container, in version 1's hierarchy."""
        path = pathlib.Path("/sys/fs/cgroup", controller, self.namespace, name, file)
        return path.read_text().strip()


class Events:
    """`ctr events`, read as it writes."""

    def __init__(self, host):
        self.path = host.work / host.name("events")
        self.process = subprocess.Popen(host.ctr_command("events"), stdin=subprocess.DEVNULL, stdout=open(self.path, "w"),
                                        stderr=subprocess.STDOUT)
        host.others.append(self.process)
        time.sleep(0.3)     # It says nothing when it has subscribed.

    def topics(self, name):
        """The topics about one container, in order."""
        found = []
        for line in self.path.read_text().splitlines():
            match = re.search(r"(/tasks/[a-z-]+) (\{.*\})", line)
            if match and f'"{name}"' in match.group(2):
                found.append(match.group(1).removeprefix("/tasks/"))
        return found

    def bodies(self, name, topic):
        return [json.loads(line[line.index("{"):]) for line in self.path.read_text().splitlines()
                if f"/tasks/{topic} " in line and f'"{name}"' in line]

    def wait_for(self, name, topic, seconds=8):
        eventually(lambda: topic in self.topics(name), f"event {topic} of {name}", seconds)
        return self.topics(name)

    def close(self):
        self.process.kill()
        self.process.wait()
