package import OCISpec

extension ContainerProcessSpec {
    /// Where Docker mounts the program that `--init` puts before a container's own.
    private static let dockersInit = "/sbin/docker-init"

    /// The process without the program that Docker's `--init` puts before it: a module has no children to take in, and
    /// its signals are ours already. Whatever else is called so, and is not mounted there, stays.
    package func withoutInit(mounts: [RuntimeSpec.Mount]?) -> ContainerProcessSpec {
        guard let args, args.count > 2, args[0] == Self.dockersInit, args[1] == "--",
            (mounts ?? []).contains(where: { $0.destination == Self.dockersInit })
        else { return self }
        var process = self
        process.args = Array(args.dropFirst(2))
        return process
    }
}
