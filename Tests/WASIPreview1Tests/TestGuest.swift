import Glibc
import TestSupport
import WasmModule
import WasmRuntime

@testable import WASIPreview1

/// An open folder, to be given away.
func openFolder(_ path: String) -> Int32 { unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }

/// Stands in for a guest: a scratch memory, and a host with one folder as descriptor 3.
@safe final class TestGuest {
    /// One argument of a call; a path is two, its address and its length.
    enum Argument: ExpressibleByIntegerLiteral {
        case number(UInt64)
        case path(String)

        init(integerLiteral value: UInt64) { self = .number(value) }
        static func rights(_ rights: Rights) -> Argument { .number(rights.rawValue) }
        static func bits(_ value: some FixedWidthInteger) -> Argument { .number(UInt64(truncatingIfNeeded: value)) }
    }

    static let size = 1 << 20
    let folder: TestFolder
    let host: WASIPreview1Host
    private let bytes: UnsafeMutablePointer<UInt8>
    private var nextText: UInt32 = 0x40000

    /// Where tests have results stored.
    let result: UInt32 = 0x100

    convenience init(
        readOnly: Bool = false, sockets: [Int32] = [], arguments: [String] = ["guest"], environment: [String] = [],
        limit: Int = 4096, folder: TestFolder? = nil
    ) throws {
        let folder = try folder ?? TestFolder()
        let preopen = Preopen(descriptor: openFolder(folder.path), guestPath: "/", isReadOnly: readOnly)
        let host = try WASIPreview1Host(
            arguments: arguments, environment: environment, preopens: [preopen], sockets: sockets,
            descriptorLimit: limit)
        self.init(host: host, folder: folder)
    }

    init(host: WASIPreview1Host, folder: TestFolder) {
        self.host = host
        self.folder = folder
        // SAFETY: initialised at once, freed in deinit.
        unsafe bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.size)
        unsafe bytes.initialize(repeating: 0xAA, count: Self.size)
    }

    deinit { unsafe bytes.deallocate() }

    // SAFETY: the memory lives as long as the guest, and its size is what was allocated.
    var memory: GuestMemory { unsafe GuestMemory(base: bytes, size: UInt64(Self.size)) }

    /// Makes a call, and says how it ended.
    func outcome(_ name: String, in module: String = "wasi_snapshot_preview1", _ arguments: [Argument]) -> (
        HostOutcome, Errno?
    ) {
        var slots: [UInt64] = []
        for argument in arguments {
            switch argument {
            case .number(let value): slots.append(value)
            case .path(let text):
                slots.append(UInt64(put(text)))
                slots.append(UInt64(text.utf8.count))
            }
        }
        guard let function = host.function(named: name, in: module), function.type.parameters.count == slots.count
        else { return (.traps("no \(name) with \(slots.count) parameters"), nil) }
        if slots.isEmpty { slots = [99] }
        // SAFETY: there is a slot for every parameter and for the result.
        let outcome = unsafe slots.withUnsafeMutableBufferPointer { slots in
            unsafe function.body(HostCall(slots: slots.baseAddress!, memory: memory))
        }
        return (outcome, Errno(rawValue: UInt16(truncatingIfNeeded: slots[0])))
    }

    /// Makes a call, and gives its error.
    @discardableResult
    func call(_ name: String, in module: String = "wasi_snapshot_preview1", _ arguments: Argument...) -> Errno? {
        outcome(name, in: module, arguments).1
    }

    /// Opens a path; the number, or `nil` and the error in `lastError`.
    func open(
        _ path: String, from directory: UInt64 = 3, follow: Bool = true, _ oflags: OFlags = [],
        _ rights: Rights = [.fdRead, .fdWrite], _ flags: FDFlags = []
    ) -> Result<UInt64, Errno> {
        let error = call(
            "path_open", .number(directory), follow ? 1 : 0, .path(path), .bits(oflags.rawValue), .rights(rights),
            .rights([.file, .directory]), .bits(flags.rawValue), .bits(result))
        guard error == .success else { return .failure(error ?? .io) }
        return .success(UInt64(word(result)))
    }

    /// Writes text through a descriptor.
    func write(_ text: String, to descriptor: UInt64) -> Errno? {
        vectors([text], at: 0x200)
        return call("fd_write", .number(descriptor), 0x200, 1, .bits(result))
    }

    /// Reads at most `count` bytes through a descriptor; `nil` when that fails.
    func read(_ count: UInt32, from descriptor: UInt64) -> String? {
        store(UInt32(0x8000), at: 0x200)
        store(count, at: 0x204)
        guard call("fd_read", .number(descriptor), 0x200, 1, .bits(result)) == .success else { return nil }
        return text(at: 0x8000, count: word(result))
    }

    /// Stores a list of buffers that hold the texts.
    func vectors(_ texts: [String], at address: UInt32) {
        for (index, text) in texts.enumerated() {
            store(put(text), at: address + UInt32(index) * 8)
            store(UInt32(text.utf8.count), at: address + UInt32(index) * 8 + 4)
        }
    }

    /// Stores text where nothing else is; its address.
    func put(_ text: String) -> UInt32 {
        let address = nextText
        nextText += UInt32(text.utf8.count) + 1
        if nextText > 0xF0000 { nextText = 0x40000 }
        for (index, byte) in text.utf8.enumerated() { store(byte, at: address + UInt32(index)) }
        return address
    }

    func store(_ value: some FixedWidthInteger, at address: UInt32) { try? memory.store(value, at: address) }
    func byte(_ address: UInt32) -> UInt8 { (try? memory.load(UInt8.self, at: address)) ?? 0xEE }
    func half(_ address: UInt32) -> UInt16 { (try? memory.load(UInt16.self, at: address)) ?? 0xEEEE }
    func word(_ address: UInt32) -> UInt32 { (try? memory.load(UInt32.self, at: address)) ?? 0xEEEE_EEEE }
    func long(_ address: UInt32) -> UInt64 { (try? memory.load(UInt64.self, at: address)) ?? 0xEEEE_EEEE_EEEE_EEEE }

    func text(at address: UInt32, count: UInt32) -> String {
        String(decoding: (try? memory.bytes(at: address, count: count)) ?? [], as: UTF8.self)
    }

    /// The base and inheriting rights of a descriptor.
    func rights(_ descriptor: UInt64) -> (base: Rights, inheriting: Rights) {
        call("fd_fdstat_get", .number(descriptor), .bits(result))
        return (Rights(rawValue: long(result + 8)), Rights(rawValue: long(result + 16)))
    }
}
