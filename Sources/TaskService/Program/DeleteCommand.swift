internal import ControlGroup
internal import Glibc
internal import LinuxSystem
internal import OCIBundle
internal import OCISpec
internal import ShimAPI
internal import SwiftProtobuf

/// `delete`: removes whatever is left of one container. It is run after every end of a connection, also the orderly
/// one, so what is gone already is no error, and a server that other containers share is left alone.
struct DeleteCommand {
    let arguments: ShimArguments

    /// Writes a DeleteResponse to standard output.
    func run() throws(ShimError) {
        guard !arguments.id.isEmpty else { throw ShimError(.missing(flag: "id")) }
        let bundle: String
        if arguments.bundle.isEmpty {
            bundle = try ShimError.wrapping { () throws(SystemCallError) in try readLink(at: "/proc/self/cwd") }
        } else {
            bundle = arguments.bundle
        }
        let record = ProcessRecord(inBundle: bundle)
        killProcess(record)
        NativeContainer.removeLeftover(id: arguments.id, bundle: bundle)
        removeGroup(bundle)
        HostMounts.unmountAll(below: "\(bundle)/rootfs")
        ProcessRecord.remove(fromBundle: bundle)
        removeSocket(bundle)
        let now = ExitRecord(nowWith: 128 + UInt32(SIGKILL))
        let response = APIDeleteResponse.with {
            $0.pid = UInt32(bitPattern: record?.process ?? 0)
            $0.exitStatus = now.status
            $0.exitedAt = now.time
        }
        ShimProgram.write((try? response.serializedBytes()) ?? [])
    }

    private func killProcess(_ record: ProcessRecord?) {
        guard let record else { return }
        for attempt in 0..<2000 where record.isAlive {
            if attempt % 100 == 0 { kill(record.process, SIGKILL) }
            usleep(1000)
        }
    }

    /// Removes the group that was made for the container; one that its configuration only names may be anybody's.
    private func removeGroup(_ bundle: String) {
        guard let record = GroupRecord(inBundle: bundle), let groups = try? HostControlGroups() else { return }
        for attempt in 0..<10 {
            guard let group = record.group(on: groups), (try? group.remove()) == false else {
                return record.remove(fromBundle: bundle)
            }
            try? group.killAll()
            usleep(1000 << UInt32(attempt))
        }
        complain("the control group \(record.path) is still busy")
    }

    /// A killed server leaves its socket; one that answers is somebody's.
    private func removeSocket(_ bundle: String) {
        let path = recordedSocket(bundle) ?? computedSocket(bundle)
        guard unsafe access(path, F_OK) == 0 else { return }
        // One that is about to listen does not answer yet.
        let lock = StartCommand.lock(path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "/")
        defer { if lock >= 0 { close(lock) } }
        guard !StartCommand.isAnswering(path) else { return }
        unsafe unlink(path)
    }

    /// What `start` answered: reading that is much quicker than reading the configuration.
    private func recordedSocket(_ bundle: String) -> String? {
        guard let file = try? OwnedDescriptor(opening: "\(bundle)/address", flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
            let bytes = try? file.readAll(limit: 4096, name: "address")
        else { return nil }
        return SocketAddress.path(inURL: String(decoding: bytes, as: UTF8.self))
    }

    /// Where the server listens of a container whose `start` did not come to its end.
    private func computedSocket(_ bundle: String) -> String {
        let group = (try? Bundle.readSpec(at: bundle)).flatMap(StartCommand.group) ?? arguments.id
        return SocketAddress(containerd: arguments.address, namespace: arguments.namespace, group: group).path
    }

    private func complain(_ message: String) {
        ShimProgram.write(Array("\(message)\n".utf8), to: 2)
    }
}
