/// What identifiers of one kind stand for: of functions, of locals, and so on.
struct IndexSpace {
    /// By symbol: in which round it was bound, and to what.
    private var rounds: [UInt32] = []
    private var indices: [UInt32] = []
    private var round: UInt32 = 1
    /// The index that the next thing gets, with or without a name.
    private(set) var count: UInt32 = 0

    /// Forgets everything, in no time.
    mutating func reset() {
        round += 1
        count = 0
    }

    /// Counts one more; `false` where its name is taken.
    mutating func add(_ symbol: UInt32?) -> Bool {
        defer { count += 1 }
        guard let symbol else { return true }
        let place = Int(symbol)
        if place >= rounds.count {
            let size = max(place + 1, rounds.count * 2)
            rounds += [UInt32](repeating: 0, count: size - rounds.count)
            indices += [UInt32](repeating: 0, count: size - indices.count)
        }
        guard rounds[place] != round else { return false }
        rounds[place] = round
        indices[place] = count
        return true
    }

    /// Counts some without names.
    mutating func add(unnamed number: UInt32) { count &+= number }

    /// What an identifier stands for.
    @inline(__always)
    subscript(symbol: UInt32) -> UInt32? {
        let place = Int(symbol)
        return place < rounds.count && rounds[place] == round ? indices[place] : nil
    }
}
