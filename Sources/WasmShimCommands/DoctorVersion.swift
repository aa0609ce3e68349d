/// A version as programs tell it.
struct DoctorVersion: Equatable {
    /// As it was written, without what stands around it: `1.6.20~ds1`.
    let text: String
    /// The numbers at its beginning.
    let numbers: [Int]

    /// The first.
    var major: Int? { numbers.first }

    /// Finds the first word that begins with a number, a dot and a number, perhaps after a `v`.
    init?(in output: String) {
        for word in output.split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
            let text = word.first == "v" ? word.dropFirst() : word
            let numbers = text.split(separator: ".", omittingEmptySubsequences: false).prefix(3).map { part in
                Int(part.prefix { $0.isASCII && $0.isNumber })
            }
            guard numbers.count >= 2, let first = numbers[0], let second = numbers[1] else { continue }
            self.text = String(text)
            self.numbers = [first, second] + numbers.dropFirst(2).compactMap { $0 }
            return
        }
        return nil
    }

    /// Whether it is at least another one.
    func isAtLeast(_ other: [Int]) -> Bool {
        for (index, number) in other.enumerated() {
            let own = index < numbers.count ? numbers[index] : 0
            if own != number { return own > number }
        }
        return true
    }
}
