internal import Glibc
internal import LinuxSystem
internal import WasmRuntime

/// Opening, making, moving and removing what a path names.
extension WASIPreview1Host {
    func pathOpen(_ call: HostCall) throws(Errno) {
        let oflags = try OFlags(argument: call.i32(4))
        let flags = try FDFlags(argument: call.i32(7))
        var follows = try Self.follows(call.i32(1))
        guard let parent = descriptors[call.i32(0)] else { throw .badf }
        guard parent.filetype == .directory || parent.file != nil else {
            throw parent.isStandardStream ? .badf : .notdir
        }
        var needed: Rights = .pathOpen
        if oflags.contains(.creat) { needed.insert(.pathCreateFile) }
        if oflags.contains(.trunc) { needed.insert(.pathFilestatSetSize) }
        if let refusal = parent.refusal(of: needed) { throw refusal }
        // Of the rights asked for these two decide how the file is opened; see specs/wasi-preview1.md on the others.
        let asked = Rights(rawValue: call.i64(5)).intersection(parent.inheriting)
        let writes = asked.contains(.fdWrite)
        let reads = asked.contains(.fdRead) || !writes
        if writes, parent.isReadOnly { throw .perm }
        let path = try parent.resolved(GuestPath(at: call.i32(2), count: call.i32(3), in: call.memory))
        try call.memory.check(call.i32(8), count: 4)

        var openFlags = oflags.openFlags | flags.openFlags | O_NOCTTY
        if parent.file != nil {
            // It is there or has gone: it is not made anew, and nothing else is reached in its place.
            if !oflags.contains(.excl) { openFlags &= ~O_CREAT }
            follows = false
        }
        openFlags |= writes ? (reads ? O_RDWR : O_WRONLY) : O_RDONLY
        if !follows { openFlags |= O_NOFOLLOW }
        let opened: OwnedDescriptor
        do throws(Errno) {
            opened = try Beneath.open(
                path.bytes, in: parent, flags: openFlags, mode: openFlags & O_CREAT != 0 ? 0o666 : 0)
        } catch {
            // Linux says that a link is no directory before it says that the link was not to be followed.
            throw error == .notdir && !follows && Self.isLink(path, in: parent) ? .loop : error
        }
        let number = try descriptors.add(
            Descriptor(opened: opened, at: path, below: parent, reads: reads, writes: writes, flags: flags))
        try call.memory.write(number, at: call.i32(8))
    }

    /// Whether `path` names a symbolic link.
    private static func isLink(_ path: GuestPath, in directory: Descriptor) -> Bool {
        let flags = Beneath.pathOnly | O_NOFOLLOW
        guard let found = try? Beneath.open(path.bytes, in: directory, flags: flags) else { return false }
        var status = stat()
        // SAFETY: fstat fills the local it is given.
        return unsafe fstat(found.rawValue, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    func pathCreateDirectory(_ call: HostCall) throws(Errno) {
        let directory = try descriptor(call.i32(0), needing: .pathCreateDirectory)
        let path = try GuestPath(at: call.i32(1), count: call.i32(2), in: call.memory)
        // SAFETY, here and below: `withParent` gives a path with a closing NUL that lives through the call.
        try unsafe Beneath.withParent(of: path, in: directory) { (parent, name) throws(Errno) in
            try linux { unsafe mkdirat(parent, name, 0o777) }
        }
    }

    func pathRemoveDirectory(_ call: HostCall) throws(Errno) {
        let directory = try descriptor(call.i32(0), needing: .pathRemoveDirectory)
        let path = try GuestPath(at: call.i32(1), count: call.i32(2), in: call.memory)
        if path.namesParent {
            // As Linux says it: what the path started from is in there.
            _ = try Beneath.open(path.bytes, in: directory, flags: Beneath.pathOnly | O_DIRECTORY)
            throw .notempty
        }
        try unsafe Beneath.withParent(of: path, in: directory) { (parent, name) throws(Errno) in
            try linux { unsafe unlinkat(parent, name, AT_REMOVEDIR) }
        }
    }

    func pathUnlinkFile(_ call: HostCall) throws(Errno) {
        let directory = try descriptor(call.i32(0), needing: .pathUnlinkFile)
        let path = try GuestPath(at: call.i32(1), count: call.i32(2), in: call.memory)
        // A slash at the end makes the kernel refuse a file; it follows no link for it.
        try unsafe Beneath.withParent(of: path, in: directory, keepingSlash: true) {
            (parent, name) throws(Errno) in
            try linux { unsafe unlinkat(parent, name, 0) }
        }
    }

    func pathRename(_ call: HostCall) throws(Errno) {
        let source = try descriptor(call.i32(0), needing: .pathRenameSource)
        let target = try descriptor(call.i32(3), needing: .pathRenameTarget)
        let from = try GuestPath(at: call.i32(1), count: call.i32(2), in: call.memory)
        let to = try GuestPath(at: call.i32(4), count: call.i32(5), in: call.memory)
        try unsafe Beneath.withParent(of: from, in: source, keepingSlash: true) {
            (sourceParent, old) throws(Errno) in
            try unsafe Beneath.withParent(of: to, in: target, keepingSlash: true) {
                (targetParent, new) throws(Errno) in
                try linux { unsafe renameat(sourceParent, old, targetParent, new) }
            }
        }
    }

    /// A hard link gives a file a second name, so it is made between directories that may both be written only:
    /// otherwise what a read-only preopen protects could be changed by its other name.
    func pathLink(_ call: HostCall) throws(Errno) {
        let source = try descriptor(call.i32(0), needing: .pathLinkSource)
        let target = try descriptor(call.i32(4), needing: .pathLinkTarget)
        // Linux links what a link points at only through /proc or with a privilege.
        guard try !Self.follows(call.i32(1)) else { throw .inval }
        let from = try GuestPath(at: call.i32(2), count: call.i32(3), in: call.memory)
        let to = try GuestPath(at: call.i32(5), count: call.i32(6), in: call.memory)
        // What is linked is looked up before the place for its new name. linkat would follow a link before a slash, to
        // anywhere; a directory cannot be linked in any case.
        let flags = Beneath.pathOnly | (from.namesDirectory ? O_DIRECTORY : O_NOFOLLOW)
        _ = try Beneath.open(from.bytes, in: source, flags: flags)
        if from.namesDirectory {
            try Self.expectFree(to, in: target)
            throw .perm
        }
        try unsafe Beneath.withParent(of: from, in: source) { (sourceParent, old) throws(Errno) in
            try unsafe Beneath.withParent(of: to, in: target, keepingSlash: true) {
                (targetParent, new) throws(Errno) in
                try linux { unsafe linkat(sourceParent, old, targetParent, new, 0) }
            }
        }
    }

    /// Throws what making a name that there is no room for would.
    private static func expectFree(_ path: GuestPath, in directory: Descriptor) throws(Errno) {
        let isThere = try unsafe Beneath.withParent(of: path, in: directory) { (parent, name) throws(Errno) in
            var status = stat()
            do throws(Errno) {
                // SAFETY: as above; fstatat fills the local it is given.
                try linux { unsafe fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) }
                return true
            } catch {
                guard error == .noent else { throw error }
                return false
            }
        }
        // A name with a slash after it is for a directory, which would have to be there.
        if !isThere, path.namesDirectory { throw .noent }
        if isThere { throw .exist }
    }

    func pathSymlink(_ call: HostCall) throws(Errno) {
        let directory = try descriptor(call.i32(2), needing: .pathSymlink)
        let contents = try GuestPath.text(at: call.i32(0), count: call.i32(1), in: call.memory)
        let path = try GuestPath(at: call.i32(3), count: call.i32(4), in: call.memory)
        guard contents[0] != 0 else { throw .noent }
        // It would lead out for whoever follows it later, if not for this guest. In a root it leads into the root.
        guard contents[0] != CChar(UInt8(ascii: "/")) || directory.place != nil else { throw .perm }
        try unsafe Beneath.withParent(of: path, in: directory, keepingSlash: true) {
            (parent, name) throws(Errno) in
            try linux {
                // SAFETY: the array ends with a NUL and lives through the call.
                unsafe contents.withUnsafeBufferPointer { unsafe symlinkat($0.baseAddress!, parent, name) }
            }
        }
    }

    func pathReadlink(_ call: HostCall) throws(Errno) {
        let directory = try descriptor(call.i32(0), needing: .pathReadlink)
        let path = try GuestPath(at: call.i32(1), count: call.i32(2), in: call.memory)
        let (memory, address, room) = (call.memory, call.i32(3), call.i32(4))
        try memory.check(address, count: UInt64(room))
        try memory.check(call.i32(5), count: 4)
        var used = 0
        if path.namesDirectory {
            _ = try Beneath.open(path.bytes, in: directory, flags: Beneath.pathOnly)
            throw .inval
        }
        if room > 0 {
            used = try unsafe Beneath.withParent(of: path, in: directory) { (parent, name) throws(Errno) in
                // SAFETY: the kernel fills at most the `room` bytes of the range checked.
                let buffer = try unsafe memory.bytes(to: address, count: UInt64(room))
                return try linux {
                    unsafe buffer.withMemoryRebound(to: CChar.self, capacity: Int(room)) { buffer in
                        unsafe readlinkat(parent, name, buffer, Int(room))
                    }
                }
            }
        }
        try memory.write(UInt32(used), at: call.i32(5))
    }
}
