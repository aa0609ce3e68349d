internal import WasmRuntime

extension HostCall {
    /// The longest string that is read, in bytes.
    private static let longestString: UInt32 = 1 << 20

    /// The string of AssemblyScript's that the argument at `index` points at: UTF-16, its size in bytes in the 32 bits before.
    /// `nil` for null; what is not inside the memory is left out, and what is too long cut.
    func string(_ index: Int) -> String? {
        let address = i32(index)
        guard address >= 4 else { return nil }
        guard let size = try? memory.load(UInt32.self, at: address - 4),
            let bytes = try? memory.bytes(at: address, count: min(size, Self.longestString) & ~1)
        else { return "a string outside of memory" }
        let units = stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
        return String(decoding: units, as: UTF16.self)
    }
}
