"""The few calls of containerd's own interface that ctr has no command for, with the two messages they take written by hand."""
import shlex

import grpc

from host import GUEST


def field(number, content):
    """A length-delimited field."""
    content = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + bytes([value]))


class Api:
    """Create and Start of a task, one without the other."""

    def __init__(self, host):
        self.host = host

    def call(self, method, message):
        with grpc.insecure_channel(f"unix:{self.host.address}") as channel:
            return channel.unary_unary(f"/containerd.services.tasks.v1.Tasks/{method}")(
                message, timeout=10, wait_for_ready=True, metadata=[("containerd-namespace", self.host.namespace)])

    def create(self, name, *arguments, options=(), program=GUEST):
        """Makes a container and its task, which is not started."""
        host = self.host
        host.ctr("container", "create", "--runtime", host.runtime, *options, host.image, name, program, *arguments)
        self.create_task(name)

    def create_task(self, name):
        # mount -t overlay overlay /here -o index=off,...
        words = shlex.split(self.host.ctr("snapshots", "mounts", "/here", name).out)
        mount = field(1, words[2]) + field(2, words[3]) + b"".join(field(4, option) for option in words[6].split(","))
        self.call("Create", field(1, name) + field(3, mount))

    def start(self, name):
        self.call("Start", field(1, name))
