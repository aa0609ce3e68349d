internal import Glibc

extension OwnedDescriptor {
    /// Reads all that is left, at most `limit` bytes; `nil` when there is more.
    ///
    /// `name` is what errors call the file.
    package borrowing func readAll(limit: Int, name: String) throws(SystemCallError) -> [UInt8]? {
        var status = stat()
        let number = rawValue
        try systemCall("look at \"\(name)\"") { unsafe fstat(number, &status) }
        var bytes: [UInt8] = []
        // One more than the size, so that the read that finds the end needs no second buffer.
        var room = max(Int(status.st_size), 0) + 1
        if room > limit + 1 { return nil }
        room = max(room, 4096)
        while true {
            var failure: SystemCallError?
            let wanted = room
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
                // SAFETY: the kernel writes at most `wanted` bytes into a buffer of that capacity.
                do throws(SystemCallError) {
                    count = try systemCall("read \"\(name)\"") { unsafe read(number, buffer.baseAddress, wanted) }
                } catch { failure = error }
            }
            if let failure { throw failure }
            if chunk.isEmpty { return bytes }
            if bytes.isEmpty { bytes = chunk } else { bytes.append(contentsOf: chunk) }
            if bytes.count > limit { return nil }
            room = max(4096, min(1 << 20, room - chunk.count))
        }
    }

    /// Writes every byte, however many calls it takes.
    package borrowing func writeAll(_ bytes: [UInt8], name: String) throws(SystemCallError) {
        let number = rawValue
        var done = 0
        while done < bytes.count {
            let from = done
            let written: Int = try systemCall("write \"\(name)\"") {
                // SAFETY: the range from `from` to the array's end is inside it.
                unsafe bytes.withUnsafeBytes { unsafe write(number, $0.baseAddress! + from, $0.count - from) }
            }
            done += written
        }
    }
}
