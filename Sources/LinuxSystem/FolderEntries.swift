internal import Glibc

/// The name of an entry in a folder: bytes, since Linux does not promise that they are text.
package struct EntryName: Equatable, Sendable {
    /// The bytes and the zero that ends them, as system calls take them.
    package let terminated: [CChar]

    init(terminated: [CChar]) { self.terminated = terminated }

    /// A name, or a whole path, given as text.
    package init(_ text: String) { terminated = Array(text.utf8CString) }

    /// The name as text, for people.
    package var text: String {
        String(decoding: terminated.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension OwnedDescriptor {
    /// The names in an open folder, without `.` and `..`, in no order; at most `limit` of them.
    package borrowing func entryNames(of name: String, limit: Int = .max) throws(SystemCallError) -> [EntryName] {
        let number = rawValue
        // A description of its own: reading a folder moves its offset.
        let copy = try OwnedDescriptor(
            opening: ".", beneath: self, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        ).release()
        guard let stream = unsafe fdopendir(copy) else {
            let code = errno
            close(copy)
            throw SystemCallError(operation: "read folder \"\(name)\" (descriptor \(number))", code: code)
        }
        // SAFETY: fdopendir took the descriptor over; the stream is closed here and nowhere else.
        defer { unsafe closedir(stream) }
        var names: [EntryName] = []
        while names.count < limit {
            errno = 0
            guard let entry = unsafe readdir(stream) else {
                let code = errno
                if code == 0 { return names }
                throw SystemCallError(operation: "read folder \"\(name)\"", code: code)
            }
            // SAFETY: the entry is valid until the next readdir, and its name ends with a zero.
            let terminated = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
                unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) { characters in
                    unsafe [CChar](UnsafeBufferPointer(start: characters, count: strlen(characters) + 1))
                }
            }
            if terminated != [46, 0] && terminated != [46, 46, 0] { names.append(EntryName(terminated: terminated)) }
        }
        return names
    }
}
