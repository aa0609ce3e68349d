internal import Glibc
internal import LinuxSystem

/// What a server that is gone has left of a native container.
extension NativeContainer {
    /// How long the runtime may take, of containerd's five seconds.
    private static let patience = 400

    /// Has the runtime remove the container, where the bundle names one that knows it.
    static func removeLeftover(id: String, bundle: String) {
        guard let runtime = NativeRecord(inBundle: bundle)?.runtime else { return }
        defer { NativeRecord.remove(fromBundle: bundle) }
        guard unsafe access("\(runtime.stateFolder)/\(id)", F_OK) == 0 else { return }
        let log = "\(bundle)/native-delete.log"
        var child = runtime.command(["delete", "--force", id], log: log, searchPath: NativeRun.searchPath)
        // Standard output is where our answer goes.
        guard let null = try? OwnedDescriptor(opening: "/dev/null", flags: O_RDWR) else { return }
        child.descriptors = [0, 1, 2].map { .init(null.rawValue, as: $0) }
        guard let process = try? child.start() else { return }
        for attempt in 0...patience {
            if let end = try? ProcessEnd(of: process, block: false) {
                if end != .exited(code: 0) {
                    ShimProgram.write(Array("\(NativeLog(takenFrom: log).reason ?? "\(end)")\n".utf8), to: 2)
                }
                break
            }
            if attempt == patience { kill(process, SIGKILL) }
            usleep(10_000)
        }
        unsafe unlink(log)
        unsafe rmdir(runtime.stateFolder)
    }
}
