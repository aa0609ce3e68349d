/// A value's bits (core, 4.2.1): those of a vector, or of anything else in the lower half.
package struct Value: Hashable, Sendable {
    package var low: UInt64
    package var high: UInt64

    package init(_ low: UInt64, high: UInt64 = 0) {
        self.low = low
        self.high = high
    }
}
