/// The types of a function's locals.
///
/// A few bytes can declare 50,000 locals, so what is declared is kept as runs. The first ones, which nearly all code
/// uses, stand in a list as well.
struct LocalTypes {
    private var listed: [ValueType] = []
    /// Where each run ends, and its type.
    private var runs: [(end: Int, type: ValueType)] = []
    private(set) var count = 0

    private static let listLimit = 128

    /// Slots that all of them take.
    var slots: Int {
        var start = 0
        return runs.reduce(0) { sum, run in
            defer { start = run.end }
            return sum + (run.end - start) * run.type.slotCount
        }
    }

    mutating func removeAll() {
        listed.removeAll(keepingCapacity: true)
        runs.removeAll(keepingCapacity: true)
        count = 0
    }

    mutating func append(_ number: Int, of type: ValueType) {
        let room = min(number, Self.listLimit - listed.count)
        if room > 0 { listed.append(contentsOf: repeatElement(type, count: room)) }
        count += number
        runs.append((count, type))
    }

    /// The type of the local at `index`, which must be less than `count`.
    @inline(__always)
    subscript(index: Int) -> ValueType { index < listed.count ? listed[index] : typeInRuns(index) }

    private func typeInRuns(_ index: Int) -> ValueType {
        var low = 0
        var high = runs.count - 1
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].end <= index { low = middle + 1 } else { high = middle }
        }
        return runs[low].type
    }
}
