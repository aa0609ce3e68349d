"""A quick client of containerd: the calls that a container's life takes, on one connection, with no process of its own for each."""
import json

import grpc

from api import field, varint
from checks import Failed

TYPES = "types.containerd.io/opencontainers/runtime-spec/1/"
RUNNING, STOPPED, PAUSED = 2, 3, 4


def number(key, value):
    return varint(key << 3) + varint(value) if value else b""


def streams(key, path):
    """Standard output and, next to it, standard error."""
    return field(key, path) + field(key + 1, path) if path else b""


def any_of(kind, value):
    return field(1, TYPES + kind) + field(2, json.dumps(value))


def parsed(message):
    """A message's fields: {number: [value, ...]}, whole numbers and bytes."""
    found, place = {}, 0

    def whole():
        nonlocal place
        value, shift = 0, 0
        while True:
            byte = message[place]
            place += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
    while place < len(message):
        key = whole()
        if key & 7 == 0:
            value = whole()
        elif key & 7 == 2:
            size = whole()
            value, place = message[place:place + size], place + size
        else:
            raise Failed(f"a field of wire type {key & 7} in {message!r}")
        found.setdefault(key >> 3, []).append(value)
    return found


def first(message, key, default=0):
    return parsed(message).get(key, [default])[0]


class Client:
    """containerd's interface, as far as it is needed here. Every call has a time limit; what fails is a grpc.RpcError."""

    def __init__(self, host, specification, snapshot):
        self.host, self.specification, self.snapshot = host, specification, snapshot
        self.channel = grpc.insecure_channel(f"unix:{host.address}", options=[
            ("grpc.initial_reconnect_backoff_ms", 50), ("grpc.min_reconnect_backoff_ms", 50), ("grpc.max_reconnect_backoff_ms", 200)])
        self.methods, self.metadata = {}, [("containerd-namespace", host.namespace)]

    def close(self):
        self.channel.close()

    def method(self, name):
        if name not in self.methods:
            self.methods[name] = self.channel.unary_unary(f"/containerd.services.{name}")
        return self.methods[name]

    def call(self, name, message, seconds=20):
        # While containerd is away a call waits for it; one that is under way when it goes fails.
        return self.method(name)(message, timeout=seconds, wait_for_ready=True, metadata=self.metadata)

    def tasks(self, name, message, seconds=20):
        return self.call("tasks.v1.Tasks/" + name, message, seconds)

    # --- containers

    def create(self, name, program, arguments, group=None, network=None):
        """Makes the container; gives the mounts for its task."""
        spec = json.loads(self.specification)
        spec["process"]["args"] = [program, *arguments]
        spec["linux"]["cgroupsPath"] = f"/{self.host.namespace}/{name}"
        if group:
            spec.setdefault("annotations", {})["io.containerd.runc.v2.group"] = group
        for namespace in spec["linux"]["namespaces"]:
            if network and namespace["type"] == "network":
                namespace["path"] = network
        # The container first: a snapshot that none refers to may be swept away at any time.
        container = (field(1, name) + field(3, self.host.image) + field(4, field(1, self.host.runtime)) + field(5, any_of("Spec", spec))
                     + field(6, "overlayfs") + field(7, name))
        self.call("containers.v1.Containers/Create", field(1, container))
        wanted = field(1, "overlayfs") + field(2, name) + field(3, self.snapshot)
        try:
            prepared = self.call("snapshots.v1.Snapshots/Prepare", wanted)
        except grpc.RpcError as problem:
            # containerd, killed while it made one, makes no other until it has tidied up.
            if "file exists" not in (problem.details() or ""):
                raise
            self.call("snapshots.v1.Snapshots/Cleanup", field(1, "overlayfs"))
            prepared = self.call("snapshots.v1.Snapshots/Prepare", wanted)
        return parsed(prepared)[1]

    def remains(self, name):
        """The calls that remove a container without a task."""
        return (("snapshots.v1.Snapshots/Remove", field(1, "overlayfs") + field(2, name)),
                ("containers.v1.Containers/Delete", field(1, name)))

    def forget(self, name):
        for method, message in self.remains(name):
            self.call(method, message)

    # --- tasks

    def create_task(self, name, mounts, stdout=""):
        """Gives the process id."""
        message = field(1, name) + b"".join(field(3, mount) for mount in mounts) + streams(5, stdout)
        return first(self.tasks("Create", message), 2)

    def start(self, name, exec_id=""):
        return first(self.tasks("Start", field(1, name) + field(2, exec_id)), 1)

    def waiting(self, name, exec_id=""):
        """Begins to wait: calling what is given waits on, and gives the exit code. A wait that ends with containerd begins again."""
        message, method = field(1, name) + field(2, exec_id), self.method("tasks.v1.Tasks/Wait")
        how = {"timeout": 30, "wait_for_ready": True, "metadata": self.metadata}
        under_way = method.future(message, **how)

        def result():
            try:
                return first(under_way.result(), 1)
            except grpc.RpcError as problem:
                if problem.code() != grpc.StatusCode.UNAVAILABLE:
                    raise
                return first(method(message, **how), 1)
        return result

    def kill(self, name, signal, exec_id=""):
        self.tasks("Kill", field(1, name) + field(2, exec_id) + number(3, signal))

    def delete(self, name):
        """Gives the exit code."""
        return first(self.tasks("Delete", field(1, name)), 3)

    def exec(self, name, exec_id, command, stdout=""):
        process = dict(json.loads(self.specification)["process"], args=command)
        self.tasks("Exec", field(1, name) + streams(3, stdout) + field(6, any_of("Process", process)) + field(7, exec_id))

    def delete_exec(self, name, exec_id):
        return first(self.tasks("DeleteProcess", field(1, name) + field(2, exec_id)), 3)

    def pause(self, name):
        self.tasks("Pause", field(1, name))

    def resume(self, name):
        self.tasks("Resume", field(1, name))

    def state(self, name):
        """A task's state, or None where there is no task."""
        try:
            return first(first(self.tasks("Get", field(1, name)), 1, b""), 4)
        except grpc.RpcError as problem:
            if problem.code() == grpc.StatusCode.NOT_FOUND:
                return None
            raise

    def metrics(self, name):
        """The figures' bytes."""
        metric = first(self.tasks("Metrics", field(1, "id==" + name)), 1, b"")
        return first(first(metric, 3, b""), 2, b"") if metric else b""

