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
        let copy = try GuestPath.text(at: address, count: count, in: memory)
        guard !copy.isEmpty else { throw .noent }
        guard copy[0] != GuestPath.slash else { throw .perm }
        bytes = copy + [0]
        var end = copy.count
        while copy[end - 1] == GuestPath.slash { end -= 1 }
        var start = end
        while start > 0, copy[start - 1] != GuestPath.slash { start -= 1 }
        significant = end
        nameStart = start
    }

    /// Reads what need not be a path that can be looked up: a symbolic link's contents.
    static func text(at address: UInt32, count: UInt32, in memory: GuestMemory) throws(Errno) -> [CChar] {
        guard count < limit else {
            try memory.check(address, count: UInt64(count))
            throw .nametoolong
        }
        let copy: [UInt8]
        do { copy = try memory.bytes(at: address, count: count) } catch { throw .fault }
        if copy.contains(where: { $0 >= 0x80 }), String(validating: copy, as: UTF8.self) == nil { throw .ilseq }
        guard !copy.contains(0) else { throw .inval }
        return copy.map { CChar(bitPattern: $0) }
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

    private var namesParent: Bool {
        significant - nameStart == 2 && bytes[nameStart] == GuestPath.dot && bytes[nameStart + 1] == GuestPath.dot
    }
}
