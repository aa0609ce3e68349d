internal import CWasmInterpreter
internal import WasmModule

/// Where linked code lives: it never moves, and goes with its store.
@safe final class CodeArena {
    /// A function's code.
    @safe struct Entry {
        let start: UInt
        let words: Int
        let function: UnsafeMutablePointer<wasm_function>

        /// Whether a word of the code is at `address`.
        func contains(_ address: UInt) -> Bool { address >= start && address < start + UInt(words) * 8 }
    }

    private(set) var entries: [Entry] = []
    private var chunks: [UnsafeMutableBufferPointer<UInt64>] = unsafe []
    private var used = 0
    private static let chunkWords = 1 << 15

    deinit {
        for i in unsafe chunks.indices { unsafe chunks[i].deallocate() }
    }

    /// Copies code in, links it, and gives its first word.
    func add(
        _ code: [UInt64], typeNumbers: [UInt32], for function: UnsafeMutablePointer<wasm_function>
    ) -> UnsafePointer<UInt64> {
        if unsafe chunks.isEmpty || chunks[chunks.count - 1].count - used < code.count {
            unsafe chunks.append(.allocate(capacity: max(Self.chunkWords, code.count)))
            used = 0
        }
        // SAFETY: the chunk has room for the code from `used` on, as just seen.
        let chunk = unsafe chunks[chunks.count - 1]
        let place = unsafe UnsafeMutableBufferPointer(rebasing: chunk[used..<used + code.count])
        _ = unsafe place.initialize(from: code)
        used += code.count
        let start = unsafe chunk.baseAddress! + (used - code.count)
        // A module without types has no functions either, but C wants an array.
        let numbers = typeNumbers.isEmpty ? [0] : typeNumbers
        unsafe wasm_link(start, code.count, numbers)
        entries.append(unsafe Entry(start: UInt(bitPattern: start), words: code.count, function: function))
        return unsafe UnsafePointer(start)
    }

    /// The function whose code is at `address`.
    func entry(at address: UInt) -> Entry? {
        entries.first { $0.contains(address) }
    }
}
