internal import Glibc

/// What the symbolic link at `path` says.
package func readLink(at path: String) throws(SystemCallError) -> String {
    // A link is never longer than a path may be.
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = try systemCall("read the link \"\(path)\"") { () -> Int in
        // SAFETY: the kernel writes at most as many bytes as it is told that the buffer has.
        unsafe buffer.withUnsafeMutableBufferPointer { characters in
            unsafe characters.baseAddress.map { unsafe readlink(path, $0, characters.count) } ?? 0
        }
    }
    return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// The path of what `path` leads to: absolute, and without links.
package func realPath(of path: String) throws(SystemCallError) -> String {
    var result: String?
    try systemCall("look at \"\(path)\"") { () -> Int in
        // SAFETY: realpath gives a string of its own, or nothing; it is copied and freed at once.
        guard let found = unsafe realpath(path, nil) else { return -1 }
        result = unsafe String(cString: found)
        unsafe free(found)
        return 0
    }
    return result ?? path
}
