/// Small modules for boxes, in bytes that the reader can see.
package enum GuestModules {
    /// Writes a text to standard output.
    package static func writes(_ text: String) -> [UInt8] {
        program(
            "fd_write", data: words(8, UInt32(text.utf8.count)) + Array(text.utf8),
            [constant(1), constant(0), constant(1), constant(4096)])
    }

    /// Ends at once with a code: `proc_exit`.
    package static func exits(with code: UInt8) -> [UInt8] {
        var builder = ModuleBuilder()
        builder.types([([ModuleBuilder.Kind.i32], []), ([], [])])
        builder.imports([("wasi_snapshot_preview1", "proc_exit", 0)])
        builder.functions([1])
        builder.exports([("_start", 0, 1)])
        // i32.const code; call 0; end
        builder.code([([], [0x41, code, 0x10, 0x00, 0x0B])])
        return builder.bytes
    }

    /// Waits for standard input, and ends with 0 when something comes, or the end.
    package static let reads = program(
        "fd_read", data: words(8, 64), [constant(0), constant(0), constant(1), constant(4096)])

    /// Sleeps for a thousand seconds: `poll_oneoff` with a clock, relative.
    package static let sleeps = program(
        "poll_oneoff",
        data: words(0, 0, 0, 0, 1, 0) + doubleWords(1_000_000_000_000) + doubleWords(0) + words(0, 0),
        [constant(0), constant(1024), constant(1), constant(4096)])

    /// Counts for ever, without any call to the host.
    package static let loops: [UInt8] = {
        var builder = ModuleBuilder()
        builder.types([([], [])])
        builder.functions([0])
        builder.exports([("_start", 0, 0)])
        // loop; br 0; end; end
        builder.code([([], [0x03, 0x40, 0x0C, 0x00, 0x0B, 0x0B])])
        return builder.bytes
    }()

    /// Calls the host for ever: `sched_yield`.
    package static let yields: [UInt8] = {
        var builder = ModuleBuilder()
        builder.types([([], [ModuleBuilder.Kind.i32]), ([], [])])
        builder.imports([("wasi_snapshot_preview1", "sched_yield", 0)])
        builder.functions([1])
        builder.exports([("_start", 0, 1)])
        // loop; call 0; drop; br 0; end; end
        builder.code([([], [0x03, 0x40, 0x10, 0x00, 0x1A, 0x0C, 0x00, 0x0B, 0x0B])])
        return builder.bytes
    }()

    /// A module whose start function traps, for what must not happen before `start`.
    package static let trapsInStartFunction: [UInt8] = {
        var builder = ModuleBuilder()
        builder.types([([], [])])
        builder.functions([0])
        builder.exports([("_start", 0, 0)])
        builder.section(8, [0])
        // unreachable; end
        builder.code([([], [0x00, 0x0B])])
        return builder.bytes
    }()

    /// Opens a path below the first preopen, makes the file if asked to, and ends with the WASI errno (0: it worked).
    package static func opens(_ path: String, making: Bool = false) -> [UInt8] {
        let i32 = ModuleBuilder.Kind.i32
        let i64 = ModuleBuilder.Kind.i64
        var builder = ModuleBuilder()
        builder.types([
            ([i32, i32, i32, i32, i32, i64, i64, i32, i32], [i32]), ([i32], []), ([], []),
        ])
        builder.imports([("wasi_snapshot_preview1", "path_open", 0), ("wasi_snapshot_preview1", "proc_exit", 1)])
        builder.functions([2])
        builder.memory(1)
        builder.exports([("memory", 2, 0), ("_start", 0, 2)])
        // Rights to read (2), and to write (64) where the file is made.
        let rights: UInt8 = making ? 0x42 : 0x02
        let arguments =
            constant(3) + constant(1) + constant(0) + constant(path.utf8.count) + constant(making ? 1 : 0)
            + [0x42] + signed(Int(rights)) + [0x42, 0] + constant(0) + constant(4096)
        builder.code([([], arguments + [0x10, 0, 0x10, 1, 0x0B])])
        builder.section(11, [1, 0, 0x41, 0, 0x0B] + ModuleBuilder.name(path))
        return builder.bytes
    }

    /// A program that makes one call with four words, memory starting with `data`, and ends with 0 whatever comes.
    private static func program(_ call: String, data: [UInt8], _ arguments: [[UInt8]]) -> [UInt8] {
        let i32 = ModuleBuilder.Kind.i32
        var builder = ModuleBuilder()
        builder.types([([i32, i32, i32, i32], [i32]), ([], [])])
        builder.imports([("wasi_snapshot_preview1", call, 0)])
        builder.functions([1])
        builder.memory(1)
        builder.exports([("memory", 2, 0), ("_start", 0, 1)])
        builder.code([([], arguments.flatMap { $0 } + [0x10, 0, 0x1A, 0x0B])])
        builder.section(11, [1, 0, 0x41, 0, 0x0B] + ModuleBuilder.leb(data.count) + data)
        return builder.bytes
    }

    /// `i32.const`.
    private static func constant(_ value: Int) -> [UInt8] { [0x41] + signed(value) }

    /// A number that is not negative, as the format writes signed ones.
    private static func signed(_ value: Int) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        while rest > 0x3F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    private static func words(_ values: UInt32...) -> [UInt8] {
        values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    }

    private static func doubleWords(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
