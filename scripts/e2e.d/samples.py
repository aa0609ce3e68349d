"""What a run has in use, counted: descriptors, threads, memory, processes, control groups, mounts, and so on."""
import glob
import os
import pathlib
import re
import time


def of_process(pid):
    """(open descriptors, threads, proportional set size in kB) of a process."""
    folder = pathlib.Path(f"/proc/{pid}")
    threads = int(re.search(r"^Threads:\s+(\d+)", (folder / "status").read_text(), re.M).group(1))
    memory = int(re.search(r"^Pss:\s+(\d+)", (folder / "smaps_rollup").read_text(), re.M).group(1))
    return len(os.listdir(folder / "fd")), threads, memory


def of_host(host):
    """Counts that must be the same again when the same containers are there."""
    processes = host.processes()
    shims = host.shims()
    groups = {}
    for folder in host.control_groups():
        hierarchy = folder.removeprefix("/sys/fs/cgroup").partition("/" + host.namespace)[0].strip("/") or "unified"
        groups[hierarchy] = groups.get(hierarchy, 0) + 1
    counts = {
        "shims": len(shims), "guests": len(processes) - len(shims), "zombies": len(host.zombies()),
        "mounts": len(pathlib.Path("/proc/self/mounts").read_text().splitlines()),
        "network namespaces": len(host.network_namespaces()), "sockets": len(glob.glob("/run/containerd/s/*")),
        "fifos": len(glob.glob(f"{host.fifos}/*") + glob.glob("/run/containerd/fifo/*/*")),
        "bundles": len(glob.glob(f"{host.work}/state/io.containerd.runtime.v2.task/*/*")),
        "working folders": len(glob.glob(f"{host.work}/root/io.containerd.runtime.v2.task/*/*")),
        "snapshots": len(glob.glob(f"{host.work}/root/io.containerd.snapshotter.v1.overlayfs/snapshots/*"))}
    counts.update({f"groups in {hierarchy}": count for hierarchy, count in sorted(groups.items())})
    return counts


def sample(host, processes):
    """Every figure: those of the host, and descriptors, threads and memory of each named process. A shim that did anything within the
    last second has not given its memory back, so that second is waited for."""
    time.sleep(1.3)
    return now(host, processes)


def now(host, processes):
    found = of_host(host)
    for name, pid in processes.items():
        found[f"{name}: descriptors"], found[f"{name}: threads"], found[f"{name}: kB PSS"] = of_process(pid)
    return found


def settled(host, processes, before, tolerances):
    """Every figure, and what of it is more than `before` by more than `tolerances`. Clients' connections and ended shims need
    a moment to go, and a timer wakes a shim for a second: the figures are taken again while something is more, for at most five
    seconds."""
    after = sample(host, processes)
    end = time.monotonic() + 5
    while grown(before, after, tolerances) and time.monotonic() < end:
        time.sleep(0.1)
        after = now(host, processes)
    return after, grown(before, after, tolerances)


def grown(before, after, tolerances):
    """What is more than it was: {figure: (before, after)}. `tolerances` names an end of a figure's name and how much more it may
    be; a figure that is missing counts as 0."""
    found = {}
    for name in {**before, **after}:
        allowed = next((value for ending, value in tolerances.items() if name.endswith(ending)), 0)
        if after.get(name, 0) > before.get(name, 0) + allowed:
            found[name] = (before.get(name, 0), after.get(name, 0))
    return found
