"""A client of the container runtime interface, as Kubernetes' kubelet is: pods, their containers, their folders."""
import glob
import json
import os
import pathlib
import subprocess
import uuid

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

import spdy
import streaming
from checks import REFERENCE, Failed, eventually, expect

HERE = pathlib.Path(__file__).resolve().parent
# Version 1's: a folder each.
HIERARCHIES = [folder.rstrip("/") for folder in glob.glob("/sys/fs/cgroup/*/") if os.path.ismount(folder)]


class Refused(Failed):
    """What containerd answered instead of doing it."""


class Cri:
    """The calls of the two services: `cri.call("StopContainer", container_id=...)` gives the answer's message."""

    def __init__(self, host):
        described = host.work / "cri.descriptors"
        subprocess.run(["protoc", f"--proto_path={HERE}", f"--descriptor_set_out={described}", str(HERE / "cri.proto")], check=True,
                       timeout=30)
        pool = descriptor_pool.DescriptorPool()
        for file in descriptor_pb2.FileDescriptorSet.FromString(described.read_bytes()).file:
            pool.Add(file)
        self.channel = grpc.insecure_channel(f"unix:{host.address}")
        make, self.methods = message_factory.MessageFactory(pool).GetPrototype, {}
        for service in ("RuntimeService", "ImageService"):
            for method in pool.FindServiceByName(f"runtime.v1.{service}").methods:
                self.methods[method.name] = (f"/runtime.v1.{service}/{method.name}", make(method.input_type), make(method.output_type))

    def call(self, method, seconds=20, **fields):
        path, request, response = self.methods[method]
        function = self.channel.unary_unary(path, request_serializer=request.SerializeToString, response_deserializer=response.FromString)
        try:
            return function(json_format.ParseDict(fields, request()), timeout=seconds, wait_for_ready=True)
        except grpc.RpcError as problem:
            raise Refused(f"{method}: {problem.code().name}: {problem.details()}")


# containerd wants an address on the pod's interface, so that one is named; the namespace has nothing but its loopback.
NETWORK = """#!/bin/sh
cat >/dev/null
case $CNI_COMMAND in
VERSION) echo '{"cniVersion":"0.4.0","supportedVersions":["0.3.1","0.4.0"]}' ;;
ADD)
    ip netns exec "$(basename "$CNI_NETNS")" ip link set lo up
    echo '{"cniVersion":"0.4.0","interfaces":[{"name":"'"$CNI_IFNAME"'","sandbox":"'"$CNI_NETNS"'"}],
        "ips":[{"version":"4","interface":0,"address":"127.0.0.1/8"}]}' ;;
esac
"""


def configure(host):
    """containerd's configuration for this suite, and what it names."""
    binaries, networks, options = host.work / "cni-bin", host.work / "cni.d", host.work / "options.toml"
    for folder in (binaries, networks, host.work / "logs"):
        folder.mkdir()
    (binaries / "only-lo").write_text(NETWORK)
    (binaries / "only-lo").chmod(0o755)
    os.symlink("only-lo", binaries / "loopback")
    (networks / "10-only-lo.conflist").write_text('{"cniVersion":"0.4.0","name":"only-lo","plugins":[{"type":"only-lo"}]}')
    (host.work / "wasm-only.toml").write_text('BinaryName = "no-such-runtime"\n')
    options.write_text(f'BinaryName = "runc"\nRoot = "{host.work}/native-state"\nNobodyKnowsThis = 5\n')
    runtimes = 'plugins."io.containerd.grpc.v1.cri".containerd.runtimes'
    typed = "" if REFERENCE else f"""
[{runtimes}.configured.options]
  TypeUrl = "runtimeoptions.v1.Options"
  ConfigPath = "{options}"
[{runtimes}.wasm-only]
  runtime_type = "{host.runtime}"
[{runtimes}.wasm-only.options]
  TypeUrl = "runtimeoptions.v1.Options"
  ConfigPath = "{host.work}/wasm-only.toml\""""
    host.disabled = []
    host.extra_configuration = f"""
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "e2e.local/pause:1"
  restrict_oom_score_adj = true
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  tolerate_missing_hugetlb_controller = true
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "{binaries}"
  conf_dir = "{networks}"
[plugins."io.containerd.grpc.v1.cri".containerd]
  default_runtime_name = "wasm"
[{runtimes}.wasm]
  runtime_type = "{host.runtime}"
  pod_annotations = ["e2e.*"]
  container_annotations = ["e2e.*"]
[{runtimes}.configured]
  runtime_type = "{host.runtime}"{typed}
"""


class Pod:
    """A pod and its containers. Its control group is made and removed here, as kubelet does it."""

    def __init__(self, host, network="pod", handler="wasm", hostname="", annotations=None, sysctls=None, processes="CONTAINER", ipc="POD",
                 privileged=False, security=None, resolver=None):
        self.host, self.cri, self.name = host, host.cri, host.name("pod")
        self.namespaces = {"network": "NODE" if network == "host" else "POD", "pid": processes, "ipc": ipc}
        self.group = f"/{host.namespace}/{self.name}"
        self.logs = host.work / "logs" / self.name
        self.logs.mkdir()
        for hierarchy in HIERARCHIES:
            pathlib.Path(hierarchy + self.group).mkdir(parents=True, exist_ok=True)
        self.config = {
            "metadata": {"name": self.name, "uid": str(uuid.uuid4()), "namespace": "default"}, "hostname": hostname,
            "log_directory": str(self.logs), "annotations": annotations or {}, "labels": {"app": self.name},
            "dns_config": resolver or {},
            "linux": {"cgroup_parent": self.group, "sysctls": sysctls or {},
                      "security_context": dict({"namespace_options": self.namespaces, "privileged": privileged}, **(security or {}))}}
        self.id = self.cri.call("RunPodSandbox", config=self.config, runtime_handler=handler).pod_sandbox_id

    def status(self):
        return self.cri.call("PodSandboxStatus", pod_sandbox_id=self.id).status

    def state(self):
        return ("READY", "NOTREADY")[self.status().state]

    def pid(self):
        """The process that holds the pod's namespaces."""
        return json.loads(self.cri.call("PodSandboxStatus", pod_sandbox_id=self.id, verbose=True).info["info"])["pid"]

    def create(self, *arguments, image=None, command=(), resources=None, security=None, **more):
        """Creates a container; gives it."""
        name = self.host.name("c")
        security = dict({"namespace_options": self.namespaces}, **(security or {}))
        config = dict({"metadata": {"name": name}, "image": {"image": image or self.host.image}, "command": list(command),
                       "args": list(arguments), "log_path": f"{name}.log",
                       "linux": {"resources": resources or {}, "security_context": security}}, **more)
        answer = self.cri.call("CreateContainer", pod_sandbox_id=self.id, config=config, sandbox_config=self.config)
        return Container(self, answer.container_id)

    def start(self, *arguments, **more):
        """Creates a container and starts it."""
        container = self.create(*arguments, **more)
        self.cri.call("StartContainer", container_id=container.id)
        return container

    def native(self, script, **more):
        """Starts a container whose program is for this machine."""
        return self.start("-c", script, image="e2e.local/native:1", command=["/bin/sh"], **more)

    def remove(self):
        self.cri.call("StopPodSandbox", pod_sandbox_id=self.id)
        self.cri.call("RemovePodSandbox", pod_sandbox_id=self.id)
        self.forget()

    def forget(self):
        """Removes the pod's control group: an error if something is in it."""
        for hierarchy in HIERARCHIES:
            folder = pathlib.Path(hierarchy + self.group)
            eventually(lambda: not folder.exists() or removed(folder), f"{folder} is empty", 5)


def removed(folder):
    try:
        folder.rmdir()
    except OSError:
        return False
    return True


class Container:
    """A container of a pod."""

    def __init__(self, pod, identity):
        self.pod, self.cri, self.id = pod, pod.cri, identity

    def status(self):
        return self.cri.call("ContainerStatus", container_id=self.id).status

    def state(self):
        return ("CREATED", "RUNNING", "EXITED", "UNKNOWN")[self.status().state]

    def pid(self):
        return json.loads(self.cri.call("ContainerStatus", container_id=self.id, verbose=True).info["info"])["pid"]

    def namespace(self, kind):
        return os.readlink(f"/proc/{self.pid()}/ns/{kind}")

    def ended(self, code, seconds=10):
        """Waits for its end, and gives the last status."""
        eventually(lambda: self.state() == "EXITED", "the container's end", seconds)
        status = self.status()
        expect(status.exit_code == code, f"exit code {status.exit_code} ({status.reason} {status.message}) instead of {code}; log: {self.log()[-300:]}")
        return status

    def lines(self):
        """The log's lines: (stream, tag, text)."""
        path = pathlib.Path(self.status().log_path)
        return [tuple(line.split(" ", 3)[1:]) for line in path.read_text(errors="replace").splitlines()] if path.exists() else []

    def log(self, stream=None):
        """What the container wrote, put together again."""
        return "".join(text + ("\n" if tag == "F" else "") for one, tag, text in self.lines() if stream in (None, one))

    def says(self, text, seconds=5):
        eventually(lambda: text in self.log(), f"{text!r} in the log", seconds)

    def exec(self, *command, timeout=10):
        """ExecSync: (exit code, standard output, standard error)."""
        answer = self.cri.call("ExecSync", container_id=self.id, cmd=list(command), timeout=timeout)
        return answer.exit_code, answer.stdout.decode(errors="replace"), answer.stderr.decode(errors="replace")

    def exec_stream(self, *command, tty=False, by=streaming):
        url = self.cri.call("Exec", container_id=self.id, cmd=list(command), tty=tty, stdin=True, stdout=True, stderr=not tty).url
        return by.Conversation(url) if by is streaming else spdy.Conversation(url, tty)

    def attach(self, tty=False, by=streaming):
        url = self.cri.call("Attach", container_id=self.id, tty=tty, stdin=True, stdout=True, stderr=not tty).url
        return by.Conversation(url) if by is streaming else spdy.Conversation(url, tty)

    def stop(self, grace):
        self.cri.call("StopContainer", container_id=self.id, timeout=grace, seconds=grace + 20)

    def remove(self):
        self.cri.call("RemoveContainer", container_id=self.id)

    def stats(self):
        return self.cri.call("ContainerStats", container_id=self.id).stats

    def group_file(self, controller, file):
        return pathlib.Path(f"/sys/fs/cgroup/{controller}{self.pod.group}/{self.id}/{file}").read_text().strip()
