"""Writes the images that the end-to-end checks run: OCI archives and `docker save` archives, made by hand."""
import gzip
import hashlib
import io
import json
import pathlib
import shutil
import subprocess
import tarfile

from checks import REFERENCE

PREFIX = "application/vnd.oci.image."
MANIFEST, INDEX, CONFIG = PREFIX + "manifest.v1+json", PREFIX + "index.v1+json", PREFIX + "config.v1+json"
LAYER = PREFIX + "layer.v1.tar"
HERE = pathlib.Path(__file__).resolve().parent
APPLETS = "sh ls cat echo sleep id ps env true false kill hostname ip head dd grep touch mount stty pwd".split()


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def archive(files):
    """A tar of {path: bytes | None for a folder | ("link", target)}."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path, content in files.items():
            info = tarfile.TarInfo(path)
            if content is None:
                info.type, info.mode = tarfile.DIRTYPE, 0o1777 if path == "tmp" else 0o755
                tar.addfile(info)
            elif isinstance(content, tuple):
                info.type, info.linkname = tarfile.SYMTYPE, content[1]
                tar.addfile(info)
            else:
                info.mode, info.size = 0o755, len(content)
                tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


class Layout:
    """Blobs and the descriptors of an OCI image layout."""

    def __init__(self):
        self.blobs = {}

    def put(self, media_type, content):
        self.blobs[digest(content)] = content
        return {"mediaType": media_type, "digest": digest(content), "size": len(content)}

    def image(self, layer, platform, config, compression="gzip"):
        operating_system, architecture = platform.split("/")
        packed = {"gzip": lambda: gzip.compress(layer, 1, mtime=0), "none": lambda: layer,
                  "zstd": lambda: subprocess.run(["zstd", "-q", "-c"], input=layer, capture_output=True, check=True).stdout}
        suffix = "" if compression == "none" else "+" + compression
        recipe = {"os": operating_system, "architecture": architecture, "config": config, "created": "2024-01-01T00:00:00Z",
                  "rootfs": {"type": "layers", "diff_ids": [digest(layer)]}}
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": self.put(CONFIG, json.dumps(recipe).encode()),
                    "layers": [self.put(LAYER + suffix, packed[compression]())]}
        descriptor = self.put(MANIFEST, json.dumps(manifest).encode())
        return dict(descriptor, platform={"os": operating_system, "architecture": architecture})

    def index(self, descriptors):
        return self.put(INDEX, json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": descriptors}).encode())

    def write(self, path, name, descriptor):
        named = dict(descriptor, annotations={"io.containerd.image.name": name,
                                              "org.opencontainers.image.ref.name": name.rpartition(":")[2]})
        files = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}',
                 "index.json": json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": [named]}).encode()}
        files.update({"blobs/" + key.replace(":", "/"): content for key, content in self.blobs.items()})
        path.write_bytes(archive(files))


def docker_archive(path, name, layer, config):
    """What `docker load` takes; always linux/amd64, because Docker 20.10 takes nothing else."""
    recipe = json.dumps({"os": "linux", "architecture": "amd64", "config": config, "created": "2024-01-01T00:00:00Z",
                         "rootfs": {"type": "layers", "diff_ids": [digest(layer)]}}).encode()
    manifest = [{"Config": "config.json", "RepoTags": [name], "Layers": ["layer.tar"]}]
    path.write_bytes(archive({"config.json": recipe, "layer.tar": layer, "manifest.json": json.dumps(manifest).encode()}))


def compiled(folder):
    """The test program: (WebAssembly, WebAssembly with an import that nobody has, native)."""
    source, wasi = HERE / "guest.c", HERE.parent / "wasi-clang"
    made = {}
    for name, command in {"guest.wasm": [wasi], "imports.wasm": [wasi, "-DMISSING_IMPORT"], "guest": ["clang", "-static"]}.items():
        target = folder / name
        if name == "guest" and shutil.which("clang") is None:
            command = ["cc", "-static"]
        subprocess.run([*map(str, command), "-O1", "-o", str(target), str(source)], check=True, timeout=120)
        made[name] = target.read_bytes()
    return made


def make(folder):
    """Every image, below `folder`; REFERENCE images have the native program under the WebAssembly program's name."""
    folder.mkdir(parents=True, exist_ok=True)
    programs = compiled(folder)
    common = {"tmp": None, "etc": None, "proc": None, "sys": None, "dev": None, "data": None,
              "etc/passwd": b"root:x:0:0::/:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n", "etc/group": b"root:x:0:\nuser:x:1000:\n"}
    guest = dict(common, **{
        "guest.wasm": programs["guest.wasm"], "other.wasm": programs["guest.wasm"], "imports.wasm": programs["imports.wasm"],
        "component.wasm": b"\0asm\x0d\0\x01\0" + bytes(24), "text.wasm": b"this is no module\n",
        "broken.wasm": b"\0asm\1\0\0\0\x01\x7f"})
    native = dict(common, **{"bin": None, "bin/busybox": pathlib.Path("/bin/busybox").read_bytes(),
                             "guest.wasm": programs["guest"], "other.wasm": programs["guest"]})
    native.update({"bin/" + applet: ("link", "busybox") for applet in APPLETS})
    guest_layer, native_layer = archive(guest), archive(native)
    settings = {"Entrypoint": ["/guest.wasm"], "Env": ["PATH=/bin", "FROM_IMAGE=1"], "WorkingDir": "/"}
    busybox = {"Cmd": ["sh"], "Env": ["PATH=/bin"]}
    for name, layer, platform, config, compression in (
            ("guest", guest_layer, "wasi/wasm", settings, "gzip"), ("zstd", guest_layer, "wasi/wasm", settings, "zstd"),
            ("plain", guest_layer, "wasi/wasm", settings, "none"), ("native", native_layer, "linux/amd64", settings, "gzip"),
            ("pause", native_layer, "linux/amd64", {"Entrypoint": ["/bin/sleep", "100000"], "Env": ["PATH=/bin"]}, "gzip")):
        layout = Layout()
        layout.write(folder / f"{name}.tar", f"e2e.local/{name}:1", layout.image(layer, platform, config, compression))
    layout = Layout()
    both = [layout.image(native_layer, "linux/amd64", busybox), layout.image(guest_layer, "wasi/wasm", settings)]
    layout.write(folder / "multi.tar", "e2e.local/multi:1", layout.index(both))
    docker_archive(folder / "docker-guest.tar", "e2e/guest:1", guest_layer, settings)
    docker_archive(folder / "docker-native.tar", "e2e/native:1", native_layer, dict(settings, Entrypoint=None, Cmd=["sh"]))
    docker_archive(folder / "docker-reference.tar", "e2e/reference:1", native_layer, settings)
    layer = native_layer if REFERENCE else guest_layer
    for name, test in (("module", ["/other.wasm", "hello"]), ("tool", ["ls", "/data"]), ("ill", ["/other.wasm", "exit", "1"])):
        health = {"Test": ["CMD", *test], "Interval": 10**9, "Retries": 1}
        docker_archive(folder / f"docker-health-{name}.tar", f"e2e/health-{name}:1", layer, dict(settings, Healthcheck=health))
