/// The identifiers of a text, each with a number: two that are spelled alike have the same.
struct SymbolTable {
    /// The spellings, without `$`, one behind the other.
    private var spellings: [UInt8] = []
    /// Where each spelling ends.
    private var ends: [UInt32] = []
    private var hashes: [UInt64] = []
    /// 0, or one more than a symbol.
    private var slots = [UInt32](repeating: 0, count: 256)

    /// How many there are.
    var count: Int { ends.count }

    /// The symbol of an identifier that is a part of `bytes`.
    mutating func symbol(_ bytes: [UInt8], from start: Int, to end: Int, hash: ByteHash) -> UInt32 {
        var slot = Int(truncatingIfNeeded: hash.value >> 20) & (slots.count - 1)
        while slots[slot] != 0 {
            let symbol = Int(slots[slot]) - 1
            if hashes[symbol] == hash.value, equal(symbol, bytes, from: start, to: end) { return UInt32(symbol) }
            slot = (slot + 1) & (slots.count - 1)
        }
        spellings.append(contentsOf: bytes[start..<end])
        ends.append(UInt32(spellings.count))
        hashes.append(hash.value)
        slots[slot] = UInt32(ends.count)
        if ends.count * 2 > slots.count { grow() }
        return UInt32(ends.count - 1)
    }

    /// The identifier's bytes, without `$`.
    func spelling(of symbol: UInt32) -> ArraySlice<UInt8> {
        let start = symbol == 0 ? 0 : Int(ends[Int(symbol) - 1])
        return spellings[start..<Int(ends[Int(symbol)])]
    }

    /// The identifier as a string, without `$`.
    func name(of symbol: UInt32) -> String { String(decoding: spelling(of: symbol), as: UTF8.self) }

    private func equal(_ symbol: Int, _ bytes: [UInt8], from start: Int, to end: Int) -> Bool {
        let first = symbol == 0 ? 0 : Int(ends[symbol - 1])
        guard Int(ends[symbol]) - first == end - start else { return false }
        for index in 0..<end - start where spellings[first + index] != bytes[start + index] { return false }
        return true
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for (symbol, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash >> 20) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(symbol + 1)
        }
    }
}
