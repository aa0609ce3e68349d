internal import WasmModule
internal import WasmRuntime

/// How one call is written for people: `fd_write(fd=1, "hello\n", nwritten=0x40) = success, nwritten 6`.
struct CallTrace {
    /// A parameter, or two that belong together.
    enum Parameter: Equatable {
        case number(String)
        case flags(String)
        case address(String)
        /// An address and a length: what is there is told.
        case text(String)
        /// The same, told when the call has filled it.
        case textResult(String)
        /// An address and a count of vectors; what is in them is told where the call writes it out.
        case vectors(String, areWritten: Bool)
        /// An address at which the call leaves a number of so many bytes.
        case result(String, bytes: Int)

        /// Parameters of the function that it stands for.
        var width: Int {
            switch self {
            case .text, .textResult, .vectors: 2
            case .number, .flags, .address, .result: 1
            }
        }
    }

    let name: String
    let parameters: [Parameter]
    private let types: [ValueType]
    /// Bytes of a text that are shown.
    private static let shownBytes: UInt32 = 40

    init(_ name: String, _ type: FunctionType) {
        self.name = name
        types = type.parameters
        let words = Self.signatures[name] ?? ""
        parameters = words.split(separator: " ").map(Self.parameter)
    }

    private static func parameter(_ word: Substring) -> Parameter {
        let rest = String(word.dropFirst())
        return switch word.first {
        case "%": .flags(rest)
        case "&": .address(rest)
        case "$": .text(rest)
        case ">": .textResult(rest)
        case "<": .vectors(rest, areWritten: false)
        case "=": .vectors(rest, areWritten: true)
        case "*": .result(rest, bytes: 4)
        case "!": .result(rest, bytes: 8)
        default: .number(String(word))
        }
    }

    /// The call as it begins, with what each parameter was: they are gone when it returns.
    func begin(_ call: HostCall) -> (text: String, arguments: [UInt64]) {
        let arguments = types.indices.map { types[$0] == .i32 ? UInt64(call.i32($0)) : call.i64($0) }
        var index = 0
        var words: [String] = []
        for parameter in parameters where index + parameter.width <= arguments.count {
            words.append(Self.word(for: parameter, arguments[index...], isWide: types[index] == .i64, call.memory))
            index += parameter.width
        }
        return ("\(name)(\(words.joined(separator: ", ")))", arguments)
    }

    private static func word(
        for parameter: Parameter, _ arguments: ArraySlice<UInt64>, isWide: Bool, _ memory: GuestMemory
    ) -> String {
        let first = arguments.first ?? 0
        let second = arguments.dropFirst().first ?? 0
        switch parameter {
        case .number(let name): return "\(name)=\(isWide ? "\(Int64(bitPattern: first))" : "\(first)")"
        case .flags(let name), .address(let name), .result(let name, _): return "\(name)=\(hexadecimal(first))"
        case .text: return quoted(UInt32(truncatingIfNeeded: first), UInt32(truncatingIfNeeded: second), memory)
        case .textResult(let name): return "\(name)=\(hexadecimal(first)), len=\(second)"
        case .vectors(let name, let areWritten):
            let address = UInt32(truncatingIfNeeded: first)
            guard areWritten, second > 0, let start = try? memory.load(UInt32.self, at: address),
                let length = try? memory.load(UInt32.self, at: address &+ 4)
            else { return "\(name)=\(hexadecimal(first))[\(second)]" }
            return quoted(start, length, memory) + (second > 1 ? " and \(second - 1) more" : "")
        }
    }

    /// What is told when the call has returned.
    func end(_ call: HostCall, _ arguments: [UInt64]) -> String {
        let code = call.i32(0)
        guard let errno = Errno(rawValue: UInt16(truncatingIfNeeded: code)), code <= 0xFFFF else { return " = \(code)" }
        guard errno == .success else { return " = \(code) \(errno)" }
        var text = " = success"
        var index = 0
        for parameter in parameters where index + parameter.width <= arguments.count {
            let address = UInt32(truncatingIfNeeded: arguments[index])
            switch parameter {
            case .result(let name, bytes: 4):
                if let value = try? call.memory.load(UInt32.self, at: address) { text += ", \(name) \(value)" }
            case .result(let name, _):
                if let value = try? call.memory.load(UInt64.self, at: address) { text += ", \(name) \(value)" }
            case .textResult:
                let length = UInt32(truncatingIfNeeded: arguments[index + 1])
                text += ", " + Self.quoted(address, length, call.memory)
            case .number, .flags, .address, .text, .vectors: break
            }
            index += parameter.width
        }
        return text
    }

    /// A guest's bytes between quotation marks, on one line; not all of a long text.
    private static func quoted(_ address: UInt32, _ length: UInt32, _ memory: GuestMemory) -> String {
        guard let bytes = try? memory.bytes(at: address, count: min(length, shownBytes)) else {
            return "\(hexadecimal(UInt64(address))), len=\(length)"
        }
        var text = "\""
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case "\r": text += "\\r"
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case let scalar where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                text += "\\" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + (length > shownBytes ? "\"… (\(length) bytes)" : "\"")
    }

    private static func hexadecimal(_ value: UInt64) -> String { "0x\(String(value, radix: 16))" }

    /// Each call's parameters: `%` flags, `&` an address, `$` a text, `>` a text that the call fills, `<` vectors to read into,
    /// `=` vectors to write, `*` and `!` where the call leaves 4 or 8 bytes; numbers have no sign.
    static let signatures: [String: String] = [
        "args_get": "&argv &argv_buf", "args_sizes_get": "*argc *argv_buf_size",
        "environ_get": "&environ &environ_buf", "environ_sizes_get": "*count *buf_size",
        "clock_res_get": "id !resolution", "clock_time_get": "id precision !time",
        "random_get": "&buf len", "sched_yield": "", "proc_exit": "code", "proc_raise": "signal",
        "fd_close": "fd", "fd_renumber": "fd to", "fd_fdstat_get": "fd &stat", "fd_fdstat_set_flags": "fd %flags",
        "fd_fdstat_set_rights": "fd %base %inheriting", "fd_prestat_get": "fd &buf",
        "fd_prestat_dir_name": "fd >path", "fd_read": "fd <iovs *nread", "fd_write": "fd =iovs *nwritten",
        "fd_pread": "fd <iovs offset *nread", "fd_pwrite": "fd =iovs offset *nwritten",
        "fd_seek": "fd offset whence !newoffset", "fd_tell": "fd !offset", "fd_sync": "fd", "fd_datasync": "fd",
        "fd_advise": "fd offset len advice", "fd_allocate": "fd offset len",
        "fd_readdir": "fd &buf len cookie *used", "fd_filestat_get": "fd &buf", "fd_filestat_set_size": "fd size",
        "fd_filestat_set_times": "fd atim mtim %fst_flags", "path_filestat_get": "fd %flags $path &buf",
        "path_filestat_set_times": "fd %flags $path atim mtim %fst_flags",
        "path_open": "fd %dirflags $path %oflags %rights %inheriting %fdflags *opened",
        "path_create_directory": "fd $path", "path_remove_directory": "fd $path", "path_unlink_file": "fd $path",
        "path_rename": "fd $path new_fd $new_path", "path_link": "fd %flags $path new_fd $new_path",
        "path_symlink": "$target fd $path", "path_readlink": "fd $path &buf len *used",
        "poll_oneoff": "&in &out nsubscriptions *nevents", "sock_accept": "fd %flags *accepted",
        "sock_recv": "fd <iovs %flags *nread &roflags", "sock_send": "fd =iovs %flags *nsent",
        "sock_shutdown": "fd %how",
    ]
}
