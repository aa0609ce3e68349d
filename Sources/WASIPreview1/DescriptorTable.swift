/// A guest's descriptors by number.
struct DescriptorTable {
    /// How many a guest may have open at once.
    private let limit: Int
    private var entries: [Descriptor?] = []
    /// No number below is free.
    private var lowestFree = 0

    init(limit: Int) { self.limit = limit }

    /// One more than the highest number there may be.
    var count: Int { entries.count }

    subscript(number: UInt32) -> Descriptor? {
        let index = Int(number)
        return index < entries.count ? entries[index] : nil
    }

    /// What moving bytes needs to know of a descriptor. A value: holding the descriptor costs as much as all the rest of a
    /// short write here.
    struct Access {
        let number: Int32
        let emulatesNonblocking: Bool
    }

    /// What a number stands for, if that has all of the rights.
    @inline(__always)
    func access(_ number: UInt32, needing rights: Rights) -> Access? {
        let index = Int(number)
        guard index < entries.count, let base = entries[index]?.base, base.isSuperset(of: rights),
            let number = entries[index]?.number, let emulates = entries[index]?.emulatesNonblocking
        else { return nil }
        return Access(number: number, emulatesNonblocking: emulates)
    }

    /// Adds at the lowest free number, and says which; `mfile` when the guest has as many as it may.
    mutating func add(_ descriptor: Descriptor) throws(Errno) -> UInt32 {
        var index = lowestFree
        while index < entries.count, entries[index] != nil { index += 1 }
        guard index < limit else { throw .mfile }
        if index == entries.count { entries.append(descriptor) } else { entries[index] = descriptor }
        lowestFree = index + 1
        return UInt32(index)
    }

    /// Frees a number. What it stood for is closed, unless it is the host's.
    mutating func remove(_ number: UInt32) throws(Errno) {
        let index = Int(number)
        guard index < entries.count, entries[index] != nil else { throw .badf }
        entries[index] = nil
        lowestFree = min(lowestFree, index)
    }

    /// Makes `target` stand for what `source` did, and frees `source`; both must be in use.
    mutating func move(_ source: UInt32, to target: UInt32) throws(Errno) {
        guard let moved = self[source], self[target] != nil else { throw .badf }
        guard source != target else { return }
        entries[Int(target)] = moved
        try remove(source)
    }

    /// Frees every number.
    mutating func removeAll() {
        entries = []
        lowestFree = 0
    }
}
