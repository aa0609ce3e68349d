/// Finds words and instructions by their spelling, without making a string of it.
struct KeywordTable {
    /// A spelling, and what it stands for.
    struct Entry {
        let bytes: [UInt8]
        let instruction: UInt16
        let word: Word
    }

    static let shared = KeywordTable()

    private var entries: [Entry] = []
    /// 0, or one more than a place in `entries`; the first free place behind a spelling's own ends the search.
    private var slots = [UInt16](repeating: 0, count: 1 << bits)
    private static let bits = 12

    private init() {
        var words: [String: Word] = [:]
        for word in Word.allCases where word != .unknown { words[word.rawValue] = word }
        for (place, instruction) in InstructionTable.shared.instructions.enumerated()
        where find(Array(instruction.name.utf8)) == nil {
            let word = words.removeValue(forKey: instruction.name) ?? .unknown
            insert(Entry(bytes: Array(instruction.name.utf8), instruction: UInt16(place), word: word))
        }
        for (spelling, word) in words {
            insert(Entry(bytes: Array(spelling.utf8), instruction: Token.noInstruction, word: word))
        }
    }

    private mutating func insert(_ entry: Entry) {
        entries.append(entry)
        var slot = Int(ByteHash(entry.bytes).value >> UInt64(64 - Self.bits))
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = UInt16(entries.count)
    }

    private func find(_ bytes: [UInt8]) -> Entry? {
        find(bytes, from: 0, to: bytes.count, hash: ByteHash(bytes))
    }

    /// What a part of a text stands for, if it is known.
    @inline(__always)
    func find(_ bytes: [UInt8], from start: Int, to end: Int, hash: ByteHash) -> Entry? {
        var slot = Int(hash.value >> UInt64(64 - Self.bits))
        while slots[slot] != 0 {
            let entry = entries[Int(slots[slot]) - 1]
            if entry.bytes.count == end - start, Self.equal(entry.bytes, bytes, from: start) { return entry }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    @inline(__always)
    private static func equal(_ spelling: [UInt8], _ bytes: [UInt8], from start: Int) -> Bool {
        for index in 0..<spelling.count where spelling[index] != bytes[start + index] { return false }
        return true
    }
}
