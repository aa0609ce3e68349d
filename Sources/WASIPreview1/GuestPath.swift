internal import WasmRuntime

/// A path as a guest gave it: checked for form, not yet looked up.
///
/// It is a copy, so that nothing can change it between a check and its use.
struct GuestPath {
    /// The path and a closing NUL.
    let bytes: [CChar]

    /// The path without its trailing slashes.
    private let significant: Int

    /// Where the last component begins.
    private let nameStart: Int

    /// As long as Linux takes them, with the closing NUL.
    private static let limit: UInt32 = 4096

    private static let slash = CChar(UInt8(ascii: "/"))
    private static let dot = CChar(UInt8(ascii: "."))

    /// Reads a path: `fault` outside of the memory, `ilseq` when it is not UTF-8, `inval` with a NUL in it,
    /// `nametoolong`, `noent` when empty, and `perm` when absolute.
    init(at address: UInt32, count: UInt32, in memory: GuestMemory) throws(Errno) {
        bytes = try GuestPath.text(at: address, count: count, in: memory)
        guard bytes.count > 1 else { throw .noent }
        guard bytes[0] != GuestPath.slash else { throw .perm }
        var end = bytes.count - 1
        while bytes[end - 1] == GuestPath.slash { end -= 1 }
        var start = end
        while start > 0, bytes[start - 1] != GuestPath.slash { start -= 1 }
        significant = end
        nameStart = start
    }

    /// The path of one name, which is the host's own.
    init(name: String) {
        bytes = name.utf8.map { CChar(bitPattern: $0) } + [0]
        significant = bytes.count - 1
        nameStart = 0
    }

    /// Reads what need not be a path that can be looked up: a symbolic link's contents. With a closing NUL.
    static func text(at address: UInt32, count: UInt32, in memory: GuestMemory) throws(Errno) -> [CChar] {
        let start = try unsafe memory.bytes(to: address, count: UInt64(count))
        guard count < limit else { throw .nametoolong }
        let length = Int(count)
        // SAFETY: `bytes` checked the range; the copy has room for it and the NUL, and all of it is initialised.
        let copy = unsafe [CChar](unsafeUninitializedCapacity: length + 1) { buffer, filled in
            for index in 0..<length { unsafe buffer[index] = CChar(bitPattern: start[index]) }
            unsafe buffer[length] = 0
            filled = length + 1
        }
        if copy.contains(where: { $0 < 0 }), String(validating: copy, as: UTF8.self) == nil { throw .ilseq }
        guard copy.firstIndex(of: 0) == length else { throw .inval }
        return copy
    }

    /// Whether the path says by slashes at its end that it names a directory.
    var namesDirectory: Bool { significant < bytes.count - 1 }

    /// Where to look for `name`: the path up to its last component, with a closing NUL; `nil` for where it starts from.
    ///
    /// A path that ends in `..` names no entry of its parent, so it is all parent, and its name `.`.
    var parent: [CChar]? {
        if namesParent { return Array(bytes[..<significant]) + [0] }
        return nameStart == 0 ? nil : Array(bytes[..<nameStart]) + [0]
    }

    /// The last component with a closing NUL; with one slash before it where the path had some and they matter.
    func name(keepingSlash: Bool = false) -> [CChar] {
        if namesParent { return [GuestPath.dot, 0] }
        return bytes[nameStart..<significant] + (keepingSlash && namesDirectory ? [GuestPath.slash, 0] : [0])
    }

    /// Whether the path is one name, which can be looked at where it is: it leads nowhere.
    var isOneName: Bool { nameStart == 0 && !namesDirectory && !namesParent }

    /// Whether the path is where it starts from, and says nothing about that being a directory.
    var isDot: Bool { bytes.count == 2 && bytes[0] == GuestPath.dot }

    /// Whether the `..` of a path with a closing NUL, counted as they are written, lead above where it starts: links
    /// may lead there in a guest's root, a path may not.
    static func climbs(_ path: [CChar]) -> Bool {
        var depth = 0
        for part in path.dropLast().split(separator: slash) where !part.elementsEqual([dot]) {
            depth += part.elementsEqual([dot, dot]) ? -1 : 1
            if depth < 0 { return true }
        }
        return false
    }

    /// Whether the path ends in `..`, which is no name that an entry could have.
    var namesParent: Bool {
        significant - nameStart == 2 && bytes[nameStart] == GuestPath.dot && bytes[nameStart + 1] == GuestPath.dot
    }
}
