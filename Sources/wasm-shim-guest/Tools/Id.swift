internal import Glibc

extension Tool {
    /// `id`: the user and the groups, by their numbers.
    static func id(_ call: Call) -> Int32 {
        var groups = [gid_t](repeating: 0, count: 65536)
        // SAFETY: getgroups writes at most as many numbers as it is told that there is room for.
        let count = unsafe groups.withUnsafeMutableBufferPointer { unsafe getgroups(Int32($0.count), $0.baseAddress) }
        let list = [getegid()] + groups.prefix(max(0, Int(count))).filter { $0 != getegid() }
        call.output.line(
            "uid=\(geteuid()) gid=\(getegid()) groups=\(list.map { String($0) }.joined(separator: ","))")
        return 0
    }
}
