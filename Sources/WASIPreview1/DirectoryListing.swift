internal import CLinux
internal import Glibc
internal import LinuxSystem

/// A directory being read: what the kernel gave of it last, and where that is.
///
/// A guest's cookie 0 is before `.`, 1 before `..`, and from 2 on it is the kernel's own position and 2, which holds
/// while entries come and go. The host's `..` is never shown: both stand for the directory itself.
final class DirectoryListing {
    /// One entry and the cookie of what follows it.
    struct Entry {
        let next: UInt64
        let inode: UInt64
        let type: UInt8
        /// Where its name is in the buffer.
        let name: Range<Int>
    }

    private let directory: OwnedDescriptor
    private var buffer = [UInt8](repeating: 0, count: 32768)
    private var filled = 0
    /// Where in the buffer reading goes on, and the cookie that stands for it.
    private var offset = 0
    private var position: UInt64 = 2

    /// Opens `directory` once more, so that reading it disturbs nobody else's position.
    init(of directory: Int32) throws(Errno) {
        self.directory = try Beneath.reopen(directory, flags: O_RDONLY)
    }

    /// Goes to where `cookie` says; entries are read anew unless reading just got there.
    func seek(to cookie: UInt64) throws(Errno) {
        guard let kernel = Int(exactly: cookie &- 2), cookie >= 2 else { throw .inval }
        if cookie == position, cookie != 2 { return }
        if cookie != 2, let known = bufferedOffset(before: cookie) {
            offset = known
        } else {
            try linux { lseek(directory.rawValue, kernel, SEEK_SET) }
            filled = 0
            offset = 0
        }
        position = cookie
    }

    /// The next entry but `.` and `..`; `nil` at the end. Until it is `consume`d it stays the next.
    func peek() throws(Errno) -> Entry? {
        while true {
            if offset == filled {
                filled = try linux {
                    // SAFETY: the kernel fills at most the buffer's length.
                    unsafe buffer.withUnsafeMutableBytes {
                        unsafe CLinux_getdents64(directory.rawValue, $0.baseAddress!, $0.count)
                    }
                }
                offset = 0
                if filled == 0 { return nil }
            }
            let entry = entry(at: offset)
            if !isDot(entry.name) { return entry }
            consume(entry)
        }
    }

    func consume(_ entry: Entry) {
        offset += recordLength(at: offset)
        position = entry.next
    }

    /// A name's bytes, from its `start`th on, at most `count`.
    func name(_ entry: Entry, limit: Int) -> ArraySlice<UInt8> { buffer[entry.name].prefix(limit) }

    /// What an entry is, asked of the file system where its directory does not say.
    func filetype(of entry: Entry) -> Filetype {
        if let type = Filetype(entryType: entry.type) { return type }
        var status = stat()
        let found = unsafe buffer.withUnsafeBytes { bytes in
            // SAFETY: the kernel closes each name with a NUL.
            unsafe fstatat(
                directory.rawValue,
                bytes.baseAddress!.advanced(by: entry.name.lowerBound).assumingMemoryBound(to: CChar.self),
                &status, AT_SYMLINK_NOFOLLOW)
        }
        return found == 0 ? Filetype(mode: status.st_mode) : .unknown
    }

    /// The inode of the directory itself.
    func ownInode() throws(Errno) -> UInt64 {
        var status = stat()
        // SAFETY: fstat fills the local it is given.
        try linux { unsafe fstat(directory.rawValue, &status) }
        return UInt64(status.st_ino)
    }

    /// Where the buffer goes on at `cookie`, when it has what lies before.
    private func bufferedOffset(before cookie: UInt64) -> Int? {
        var at = 0
        while at < filled {
            let next = at + recordLength(at: at)
            if entry(at: at).next == cookie { return next }
            at = next
        }
        return nil
    }

    // A `linux_dirent64`: d_ino, d_off (64 bits each), d_reclen (16 bits), d_type (8 bits), d_name.

    private func entry(at start: Int) -> Entry {
        let end = start + recordLength(at: start)
        var nameEnd = start + 19
        while nameEnd < end, buffer[nameEnd] != 0 { nameEnd += 1 }
        return Entry(
            next: number(UInt64.self, at: start + 8) &+ 2, inode: number(UInt64.self, at: start),
            type: buffer[start + 18],
            name: (start + 19)..<nameEnd)
    }

    private func recordLength(at start: Int) -> Int { Int(number(UInt16.self, at: start + 16)) }

    private func number<Value: FixedWidthInteger>(_: Value.Type, at start: Int) -> Value {
        var value: Value = 0
        for index in (start..<start + MemoryLayout<Value>.size).reversed() { value = value << 8 | Value(buffer[index]) }
        return value
    }

    private func isDot(_ name: Range<Int>) -> Bool {
        name.count <= 2 && buffer[name].allSatisfy { $0 == UInt8(ascii: ".") }
    }
}
