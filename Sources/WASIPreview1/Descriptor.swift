internal import CLinux
internal import Glibc
internal import LinuxSystem

/// What one of a guest's descriptor numbers stands for.
final class Descriptor {
    /// The kernel's number for it.
    let number: Int32

    let filetype: Filetype

    /// What its kind and the way it was opened allow. `base` is this less what the guest gave up.
    private let granted: Rights

    /// What may be done through it.
    private(set) var base: Rights

    /// What may be done through descriptors opened below it.
    private(set) var inheriting: Rights

    /// Whether it is, or lies below, a preopen that may only be read.
    let isReadOnly: Bool

    /// The name of a preopen, as the guest knows it.
    let preopenName: [UInt8]?

    /// Whether it is one of the three that the host was started with. Its open file is shared with other processes,
    /// so its flags are kept here and never set in the kernel.
    let isStandardStream: Bool

    /// The synchronising flags it was opened with, and for a standard stream whether the guest made it non-blocking.
    private var keptFlags: FDFlags

    /// Where it is in the guest's root, if it is a directory of that.
    let place: PlaceInRoot?

    /// The one entry of a preopened single file's directory that the guest may use, which it calls `.`.
    let file: GuestPath?

    /// Where reading a directory has got to.
    var listing: DirectoryListing?

    private let owner: OwnedDescriptor?

    /// One of the three standard streams, which stay open when the guest closes them.
    init(standardStream number: Int32) {
        self.number = number
        owner = nil
        filetype = Self.filetype(of: number)
        var granted = Self.rights(for: filetype, number: number, reads: number == 0, writes: number != 0)
        // Whoever gave the guest a file for its output means it to be added to, not to be rewritten.
        granted.subtract([.fdAllocate, .fdAdvise, .fdFilestatSetSize, .fdFilestatSetTimes])
        if number != 0, filetype != .characterDevice { granted.subtract([.fdSeek, .fdTell]) }
        self.granted = granted
        base = granted
        inheriting = granted
        isReadOnly = false
        place = nil
        file = nil
        preopenName = nil
        isStandardStream = true
        keptFlags = []
    }

    /// A preopened folder or file; `root` is what the guest calls `/`, where links mean what they mean there.
    init(preopen: Preopen, root: PlaceInRoot.Root? = nil) {
        number = preopen.descriptor
        owner = OwnedDescriptor(owning: preopen.descriptor)
        file = preopen.file.map { GuestPath(name: $0) }
        filetype = file == nil ? .directory : .regularFile
        place = preopen.placeInRoot.flatMap { path in root.map { PlaceInRoot(root: $0, path: path) } }
        let granted: Rights = file == nil ? .directory : .preopenedFile
        self.granted = preopen.isReadOnly ? granted.subtracting(.mutating) : granted
        base = self.granted
        // A read-only one too: a C library opens with what it finds here, so without the right to write here it
        // would open for reading what the program asked to write, and fail late.
        inheriting = [.directory, .file]
        isReadOnly = preopen.isReadOnly
        preopenName = [UInt8](preopen.guestPath.utf8)
        isStandardStream = false
        keptFlags = []
    }

    /// A socket that the host was started with, or that another one accepted.
    init(socket owned: consuming OwnedDescriptor) {
        number = owned.rawValue
        filetype = Self.filetype(of: number)
        owner = consume owned
        granted = filetype == .socketStream || filetype == .socketDgram ? .socket : []
        base = granted
        inheriting = granted
        isReadOnly = false
        place = nil
        file = nil
        preopenName = nil
        isStandardStream = false
        keptFlags = []
    }

    /// What `path_open` found below `parent`.
    init(
        opened owned: consuming OwnedDescriptor, at path: GuestPath, below parent: Descriptor, reads: Bool,
        writes: Bool,
        flags: FDFlags
    ) {
        number = owned.rawValue
        filetype = Self.filetype(of: number)
        owner = consume owned
        var granted = Self.rights(for: filetype, number: number, reads: reads, writes: writes)
        if parent.isReadOnly { granted.subtract(.mutating) }
        self.granted = granted
        base = granted.intersection(parent.inheriting)
        inheriting = filetype == .directory ? parent.inheriting : base
        isReadOnly = parent.isReadOnly
        place = filetype == .directory ? parent.place?.below(path.bytes) : nil
        file = nil
        preopenName = nil
        isStandardStream = false
        keptFlags = flags.intersection(.fixed)
    }

    /// Why a call that needs `rights` fails here; `nil` when it does not.
    ///
    /// What the guest gave up is `notcapable`; what a read-only preopen withholds is `perm`; what this kind of
    /// descriptor never could is what POSIX says of it, as far as other hosts say so too.
    func refusal(of rights: Rights) -> Errno? {
        let missing = rights.subtracting(base)
        if missing.isEmpty { return nil }
        if !missing.isDisjoint(with: granted) { return .notcapable }
        if file != nil, !isReadOnly || missing.isDisjoint(with: .mutating), let answer = refusalForFile(of: missing) {
            return answer
        }
        if isReadOnly {
            let isNamed = filetype == .directory || file != nil
            let withheld = Rights.mutating.intersection(isNamed ? .directory : .file)
            if !missing.isDisjoint(with: withheld.subtracting(.fdWrite)) { return .perm }
        }
        if filetype != .directory, !missing.isDisjoint(with: [.fdSeek, .fdTell]) { return .spipe }
        if !missing.isDisjoint(with: [.sockShutdown, .sockAccept]) { return .notsock }
        return .badf
    }

    /// Why a preopened file takes no call that acts on its name: it is where it is, as a mount point would be.
    private func refusalForFile(of missing: Rights) -> Errno? {
        if !missing.isDisjoint(with: [.pathCreateDirectory, .pathSymlink, .pathLinkTarget]) { return .exist }
        if missing.contains(.pathReadlink) { return .inval }
        if missing.contains(.pathRemoveDirectory) { return .notdir }
        let names: Rights = [.pathUnlinkFile, .pathRenameSource, .pathRenameTarget, .pathLinkSource]
        return missing.isDisjoint(with: names) ? nil : .busy
    }

    /// What a path from here names; from a preopened file only itself.
    func resolved(_ path: consuming GuestPath) throws(Errno) -> GuestPath {
        guard let file else { return path }
        guard path.isDot else { throw .notdir }
        return file
    }

    /// Keeps only these rights; those it does not have are `notcapable`.
    func restrict(base: Rights, inheriting: Rights) throws(Errno) {
        guard base.isSubset(of: self.base), inheriting.isSubset(of: self.inheriting) else { throw .notcapable }
        self.base = base
        self.inheriting = inheriting
    }

    /// The flags as the guest sees them.
    func flags() throws(Errno) -> FDFlags {
        if isStandardStream || filetype == .directory { return keptFlags }
        let current = try linux { CLinux_fcntl(number, F_GETFL, 0) }
        var flags = keptFlags
        if current & O_APPEND != 0 { flags.insert(.append) }
        if current & O_NONBLOCK != 0 { flags.insert(.nonblock) }
        return flags
    }

    /// Sets the flags that can be set: `append` and `nonblock`, on a standard stream only `nonblock`.
    func setFlags(_ flags: FDFlags) throws(Errno) {
        guard flags.intersection(.fixed) == keptFlags.intersection(.fixed) else { throw .inval }
        if isStandardStream {
            guard !flags.contains(.append) else { throw .inval }
            keptFlags = flags
            return
        }
        try linux { CLinux_fcntl(number, F_SETFL, flags.openFlags & (O_APPEND | O_NONBLOCK)) }
    }

    /// Whether the guest, not the kernel, takes this standard stream for non-blocking.
    var emulatesNonblocking: Bool { isStandardStream && keptFlags.contains(.nonblock) }

    private static func filetype(of number: Int32) -> Filetype {
        var status = stat()
        // SAFETY: fstat fills the local it is given.
        guard unsafe fstat(number, &status) == 0 else { return .unknown }
        var type: Int32 = 0
        if status.st_mode & S_IFMT == S_IFSOCK {
            var size = socklen_t(MemoryLayout<Int32>.size)
            // SAFETY: getsockopt writes at most `size` bytes into the local.
            _ = unsafe getsockopt(number, SOL_SOCKET, SO_TYPE, &type, &size)
        }
        return Filetype(mode: status.st_mode, socketType: type)
    }

    private static func rights(for filetype: Filetype, number: Int32, reads: Bool, writes: Bool) -> Rights {
        var rights: Rights
        switch filetype {
        case .directory: return .directory
        case .socketStream, .socketDgram: rights = .socket
        case .characterDevice:
            // A C library tells a terminal from other devices by these two.
            rights = isatty(number) == 1 ? Rights.file.subtracting([.fdSeek, .fdTell]) : .file
        case .unknown: rights = Rights.file.subtracting([.fdSeek, .fdTell])
        case .blockDevice, .regularFile, .symbolicLink: rights = .file
        }
        if !reads { rights.remove(.fdRead) }
        if !writes { rights.remove(.fdWrite) }
        return rights
    }
}
