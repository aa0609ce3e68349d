internal import Glibc
internal import LinuxSystem

extension Tool {
    /// `pwd`: the working folder.
    static func pwd(_ call: Call) -> Int32 {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        // SAFETY: getcwd writes at most as many bytes as it is told that there is room for, a NUL last.
        let isThere = unsafe buffer.withUnsafeMutableBufferPointer { unsafe getcwd($0.baseAddress, $0.count) != nil }
        guard isThere else {
            call.complain("the working folder is gone")
            return 1
        }
        call.output.line(String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        return 0
    }
}
