/// The hash of a name, taken byte by byte while the name is read; another one in every process, so that nobody can write
/// a text whose names all meet in one place.
struct ByteHash {
    private(set) var value: UInt64
    private let factor: UInt64

    private static let seed = UInt64.random(in: .min ... .max)
    private static let multiplier = UInt64.random(in: .min ... .max) | 0x8000_0000_0000_0001

    /// The hash of no bytes.
    static let empty = ByteHash()

    private init() {
        value = Self.seed
        factor = Self.multiplier
    }

    /// Goes on with a byte.
    @inline(__always)
    mutating func combine(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* factor
        value ^= value >> 29
    }

    /// The hash of some bytes.
    init(_ bytes: some Sequence<UInt8>) {
        self = .empty
        for byte in bytes { combine(byte) }
    }

    /// The hash of a part of a text.
    init(_ bytes: [UInt8], from start: Int, to end: Int) {
        self = .empty
        for index in start..<end { combine(bytes[index]) }
    }
}
