/// The labels that are open in a function; an inner one hides an outer one of the same name.
struct LabelStack {
    private struct Label {
        let symbol: UInt32?
        /// Which label the name stood for before: one more than its place, or 0.
        let hidden: UInt32
    }

    private var labels: [Label] = []
    /// By symbol, one more than the place of the label, or 0.
    private var places: [UInt32] = []
    /// How many labels the function has had; the name section counts them so.
    private(set) var total: UInt32 = 0

    /// How many are open.
    var depth: Int { labels.count }

    /// Begins a function.
    mutating func reset() {
        while depth > 0 { pop() }
        total = 0
    }

    /// Opens a label.
    mutating func push(_ symbol: UInt32?) {
        var hidden: UInt32 = 0
        if let symbol {
            let place = Int(symbol)
            if place >= places.count {
                places += [UInt32](repeating: 0, count: max(place + 1, places.count * 2) - places.count)
            }
            hidden = places[place]
            places[place] = UInt32(labels.count + 1)
        }
        labels.append(Label(symbol: symbol, hidden: hidden))
        total += 1
    }

    /// Closes the innermost label.
    mutating func pop() {
        guard let label = labels.popLast(), let symbol = label.symbol else { return }
        places[Int(symbol)] = label.hidden
    }

    /// How many labels lie between here and the one of this name.
    func depth(of symbol: UInt32) -> UInt32? {
        let place = Int(symbol)
        guard place < places.count, places[place] != 0 else { return nil }
        return UInt32(labels.count) - places[place]
    }

    /// The name of the innermost label.
    var innermost: UInt32? { labels.last?.symbol }
}
