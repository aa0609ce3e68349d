internal import LinuxSystem

/// A folder that is filled under another name and gets its own when it is whole.
enum PartialFolder {
    /// Makes the folder `path`, with what `body` puts into the folder it is given; nothing is left when that throws.
    static func make(
        at path: String, _ body: (_ partial: String) throws(UnpackError) -> Void
    ) throws(UnpackError) {
        let existing = try unpacking(path) { () throws(SystemCallError) in try FileKind(at: path) }
        guard existing == nil else { throw UnpackError(.occupied, at: path) }
        var generator = SystemRandomNumberGenerator()
        let partial = "\(path).partial-\(String(generator.next(), radix: 36))"
        try unpacking(partial) { () throws(SystemCallError) in try makeFolder(at: partial, mode: 0o700) }
        do throws(UnpackError) {
            try body(partial)
            try unpacking(path) { () throws(SystemCallError) in try renamePath(partial, to: path) }
        } catch {
            try? removeFolder(at: partial)
            throw error
        }
    }
}
