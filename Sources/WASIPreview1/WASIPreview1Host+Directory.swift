internal import WasmRuntime

/// Reading a directory.
extension WASIPreview1Host {
    /// The size of a `dirent`, which each name follows.
    private static let direntSize = 24

    func fdReaddir(_ call: HostCall) throws(Errno) {
        let descriptor = try descriptor(call.i32(0), needing: .fdReaddir)
        let (memory, address, room) = (call.memory, call.i32(1), Int(call.i32(2)))
        try memory.check(address, count: UInt64(room))
        try memory.check(call.i32(4), count: 4)
        let listing: DirectoryListing
        if let known = descriptor.listing {
            listing = known
        } else {
            listing = try DirectoryListing(of: descriptor.number)
            descriptor.listing = listing
        }

        var cookie = call.i64(3)
        var used = 0
        while cookie < 2, used < room {
            cookie += 1
            let name = [UInt8](repeating: UInt8(ascii: "."), count: Int(cookie))
            try Self.store(
                name[...], length: name.count, next: cookie, inode: listing.ownInode(), type: .directory,
                at: address, used: &used, room: room, in: memory)
        }
        if used < room {
            try listing.seek(to: cookie)
            while used < room, let entry = try listing.peek() {
                try Self.store(
                    listing.name(entry, limit: room), length: entry.name.count, next: entry.next, inode: entry.inode,
                    type: listing.filetype(of: entry), at: address, used: &used, room: room, in: memory)
                listing.consume(entry)
            }
        }
        try memory.write(UInt32(used), at: call.i32(4))
    }

    /// Stores a `dirent` and its name, as much of them as there is room for.
    private static func store(
        _ name: ArraySlice<UInt8>, length: Int, next: UInt64, inode: UInt64, type: Filetype,
        at address: UInt32, used: inout Int, room: Int, in memory: GuestMemory
    ) throws(Errno) {
        var entry: [UInt8] = []
        entry.reserveCapacity(direntSize + name.count)
        for word in [next, inode, UInt64(length) | UInt64(type.rawValue) << 32] {
            for shift in stride(from: 0, to: 64, by: 8) {
                entry.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        entry.append(contentsOf: name)
        entry.removeLast(max(0, entry.count - (room - used)))
        do { try memory.store(bytes: entry, at: address + UInt32(used)) } catch { throw .fault }
        used += entry.count
    }
}
