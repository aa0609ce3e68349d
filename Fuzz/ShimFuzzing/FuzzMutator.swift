/// Changes inputs, the same way each time for the same number.
package struct FuzzMutator: RandomNumberGenerator {
    private var state: UInt64
    private let seeds: [[UInt8]]

    package init(_ number: UInt64, seeds: [[UInt8]]) {
        state = number
        self.seeds = seeds
    }

    /// SplitMix64.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// A seed with some changes.
    package mutating func nextInput() -> [UInt8] {
        var input = seeds[below(seeds.count)]
        for _ in 0...below(6) { change(&input) }
        return input
    }

    private mutating func below(_ limit: Int) -> Int { limit <= 1 ? 0 : Int(next() % UInt64(limit)) }

    private mutating func change(_ input: inout [UInt8]) {
        guard !input.isEmpty else { return input.append(UInt8(truncatingIfNeeded: next())) }
        let place = below(input.count)
        switch below(8) {
        case 0: input[place] ^= 1 << UInt8(below(8))
        case 1: input[place] = [0, 1, 0x7F, 0x80, 0xFF][below(5)]
        case 2: input[place] = UInt8(truncatingIfNeeded: next())
        case 3: input.insert(contentsOf: [0xFF, 0xFF, 0xFF, 0xFF, 0x0F].prefix(1 + below(5)), at: place)
        case 4: input.removeSubrange(place..<min(input.count, place + 1 + below(8)))
        case 5: input.removeLast(input.count - place)
        case 6:
            let other = seeds[below(seeds.count)]
            let start = below(other.count)
            input.insert(contentsOf: other[start..<min(other.count, start + below(64))], at: place)
        default:
            let end = min(input.count, place + 1 + below(32))
            input.insert(contentsOf: input[place..<end], at: below(input.count))
        }
    }
}
