# Sourced by scripts/e2e and scripts/soak: a Python program of this folder in namespaces of its own.

# Says what is not there. With CI=true that is a failure, else a loud skip.
require() {
    local missing=()
    for command in "$@"; do command -v "$command" >/dev/null || missing+=("$command"); done
    /usr/bin/python3 -c 'import google.protobuf, grpc' 2>/dev/null || missing+=(python3-grpcio)
    [ -x /bin/busybox ] || missing+=(/bin/busybox)
    [ "$(id -u)" -eq 0 ] || missing+=("root's rights")
    [ ${#missing[@]} -eq 0 ] && return
    echo "SKIPPED $(basename "$0") ${suite:-}: missing ${missing[*]}; run scripts/setup" >&2
    [ "${CI:-}" = true ] && exit 1
    exit 0
}

# The shell stays as the first process of the namespace of processes: it reaps what daemons leave to it.
run_privately() {
    local program=$1
    shift
    require containerd ctr runc unshare ip zstd clang
    export E2E_OUTER_PID=$$ PYTHONDONTWRITEBYTECODE=1
    # Single quotes: the inner shell expands these.
    # shellcheck disable=SC2016
    exec unshare --net --mount --pid --fork --mount-proc --kill-child bash -c '
        ip link set lo up
        mkdir -p /run/containerd /run/netns
        mount -t tmpfs -o mode=711 e2e-containerd /run/containerd
        mount -t tmpfs e2e-netns /run/netns
        mount --make-shared /run/netns
        # runc gives no figures where a hierarchy of the kernel is mounted nowhere.
        if [ -n "${REFERENCE:-}" ] && grep -q :hugetlb: /proc/self/cgroup && ! grep -q "^cgroup .*hugetlb" /proc/mounts; then
            mkdir /run/containerd/hugetlb
            mount -t cgroup -o hugetlb e2e-hugetlb /run/containerd/hugetlb
        fi
        /usr/bin/python3 "$@"
        exit $?' "$(basename "$program")" "$here/e2e.d/$program" "$@"
}
