internal import CLinux
internal import Glibc
internal import LinuxSystem
internal import WasmModule
package import WasmRuntime

/// What a guest sees of the world through WASI preview 1: its arguments, its environment, and its descriptors.
///
/// One host serves one guest; its threads one at a time, but for what waits. The calls themselves are in the extensions, a topic each; the contract,
/// call by call, is specs/wasi-preview1.md.
package final class WASIPreview1Host {
    let arguments: StringList
    let environment: StringList
    var descriptors: DescriptorTable
    /// Held by the thread that is in a call; none while the guest has one thread only.
    private(set) var lock: HostLock?
    /// Whether there is a lock; asked at every call.
    private(set) var hasThreads = false

    /// Prepares for a guest: descriptors 0, 1 and 2 are the process's own, then come preopens and sockets in order.
    ///
    /// From now on a write to a closed pipe, or beyond the file size limit, is an error to the guest and no longer a
    /// signal to the process. Throws when the kernel cannot keep a guest below its preopens.
    package init(
        arguments: [String], environment: [String], preopens: [Preopen] = [], sockets: [Int32] = [],
        descriptorLimit: Int = 4096
    ) throws(WASIPreview1Error) {
        self.arguments = StringList(arguments)
        self.environment = StringList(environment)
        descriptors = DescriptorTable(limit: descriptorLimit)
        do throws(Errno) {
            for number: Int32 in 0...2 { _ = try descriptors.add(Descriptor(standardStream: number)) }
            let root = try preopens.first { $0.placeInRoot == "/" }.map { preopen throws(Errno) in
                try PlaceInRoot.Root(copying: preopen.descriptor)
            }
            for preopen in preopens { _ = try descriptors.add(Descriptor(preopen: preopen, root: root)) }
            for socket in sockets {
                _ = try descriptors.add(Descriptor(socket: OwnedDescriptor(owning: socket)))
            }
        } catch {
            throw .tooManyDescriptors(limit: descriptorLimit)
        }
        for preopen in preopens {
            do throws(Errno) {
                _ = try Beneath.reopen(preopen.descriptor, flags: Beneath.pathOnly)
            } catch {
                throw .cannotConfine(guestPath: preopen.guestPath, error)
            }
        }
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
    }

    /// The names under which the two generations of preview 1 are imported.
    package static let moduleNames = ["wasi_snapshot_preview1", "wasi_unstable"]

    /// The function that a guest imports as `name` from `module`; `nil` where there is none.
    ///
    /// The function keeps this host alive.
    package func function(named name: String, in module: String = "wasi_snapshot_preview1") -> HostFunction? {
        guard let generation = Generation(moduleName: module) else { return nil }
        if name == "proc_exit" {
            return HostFunction(FunctionType([.i32])) { call in .exits(call.i32(0)) }
        }
        if name == "proc_raise" {
            return HostFunction(FunctionType([.i32], [.i32])) { call in self.raise(call) }
        }
        return call(named: name, in: generation)
    }

    /// Lets several threads of the guest call. To be called before it is asked for any function.
    package func allowThreads() {
        lock = HostLock()
        hasThreads = true
    }

    /// Closes everything that the guest has open, except the process's own three streams.
    package func closeAll() { descriptors.removeAll() }

    /// The descriptor that the guest calls `number`, if it may do what `rights` say; `badf` when there is none.
    @inline(__always)
    func descriptor(_ number: UInt32, needing rights: Rights) throws(Errno) -> Descriptor {
        guard let descriptor = descriptors[number] else { throw .badf }
        if !descriptor.base.isSuperset(of: rights), let refusal = descriptor.refusal(of: rights) { throw refusal }
        return descriptor
    }

    /// The same for calls that move bytes.
    @inline(__always)
    func access(_ number: UInt32, needing rights: Rights) throws(Errno) -> DescriptorTable.Access {
        if let access = descriptors.access(number, needing: rights) { return access }
        guard let descriptor = descriptors[number] else { throw .badf }
        throw descriptor.refusal(of: rights) ?? .notcapable
    }
}
