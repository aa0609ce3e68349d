internal import Glibc
internal import LinuxSystem

extension Tool {
    /// `cat [FILE…]`: files one after the other; standard input for `-`, or when none is named.
    static func cat(_ call: Call) -> Int32 {
        var code: Int32 = 0
        for path in call.arguments.isEmpty ? ["-"] : call.arguments {
            do throws(SystemCallError) {
                if path == "-" {
                    try copy(OwnedDescriptor(owning: STDIN_FILENO).duplicate(), "standard input", to: call.output)
                } else {
                    try copy(OwnedDescriptor(opening: path, flags: O_RDONLY), path, to: call.output)
                }
            } catch {
                call.complain("\(path): \(error.reason)")
                code = 1
            }
        }
        return code
    }

    private static func copy(
        _ file: borrowing OwnedDescriptor, _ name: String, to output: ToolOutput
    ) throws(SystemCallError) {
        while true {
            let piece = try file.readPiece(upTo: 1 << 16, name: name)
            if piece.isEmpty { return }
            output.write(piece)
            // What comes slowly is seen as it comes.
            guard output.flush() else { return }
        }
    }
}
