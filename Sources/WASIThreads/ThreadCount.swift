internal import Synchronization

/// How many threads there are, and which number is next: positive, below 2^29, as the interface asks.
final class ThreadCount: Sendable {
    private let running = Atomic<Int>(0)
    private let next = Atomic<Int32>(1)

    /// A number for a new thread; `nil` when there are `most` already.
    func begin(most: Int) -> Int32? {
        guard running.wrappingAdd(1, ordering: .relaxed).newValue <= most else {
            end()
            return nil
        }
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue & 0x1FFF_FFFF
        // After half a billion threads numbers come again; 0 is none.
        return max(number, 1)
    }

    /// A thread is done, or was not begun after all.
    func end() { running.wrappingSubtract(1, ordering: .relaxed) }
}
