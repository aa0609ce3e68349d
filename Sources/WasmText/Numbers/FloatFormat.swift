/// One of the two formats of IEEE 754 that WebAssembly has, as whole numbers see it.
struct FloatFormat: Equatable {
    /// Bits behind the point.
    let fractionBits: Int
    let exponentBits: Int

    static let single = FloatFormat(fractionBits: 23, exponentBits: 8)
    static let double = FloatFormat(fractionBits: 52, exponentBits: 11)

    var signBit: UInt64 { 1 << UInt64(fractionBits + exponentBits) }
    var hiddenBit: UInt64 { 1 << UInt64(fractionBits) }
    var quietBit: UInt64 { hiddenBit >> 1 }
    var infinity: UInt64 { ((1 << UInt64(exponentBits)) - 1) << UInt64(fractionBits) }
    /// Of a normal number, what is added to its power of two.
    private var bias: Int { (1 << (exponentBits - 1)) - 1 }

    /// The bits nearest to significand × 2^exponent, of two equally near the even one; `isInexact` says that the true
    /// value is a little more. `nil` where that is infinity.
    func rounded(_ significand: UInt64, exponent: Int, isInexact: Bool) -> UInt64? {
        guard significand != 0 else { return 0 }
        let length = 64 - significand.leadingZeroBitCount
        // The power of two of the last bit that can be kept: by length, or that of the smallest number there is.
        let lowest = max(exponent + length - 1 - fractionBits, 1 - bias - fractionBits)
        guard lowest <= bias else { return nil }
        var kept: UInt64
        let shift = lowest - exponent
        if shift <= 0 {
            kept = significand << UInt64(-shift)
        } else if shift > 64 {
            kept = 0
        } else {
            kept = shift == 64 ? 0 : significand >> UInt64(shift)
            let half: UInt64 = 1 << UInt64(shift - 1)
            let rest = significand & (half | (half - 1))
            if rest > half || rest == half && (isInexact || kept & 1 == 1) { kept += 1 }
        }
        // A carry into the next power of two, or from the subnormal numbers, is a carry into the exponent's bits.
        let biased = lowest + bias + fractionBits
        let bits = kept < hiddenBit ? kept : kept - hiddenBit + UInt64(biased) << UInt64(fractionBits)
        return bits >= infinity ? nil : bits
    }
}
