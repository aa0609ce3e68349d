/// A vector of the binary format that is being written: elements, and how many they are.
struct BinaryVector {
    private(set) var count = 0
    var bytes: [UInt8] = []

    /// Begins an element; its bytes follow.
    mutating func beginElement() { count += 1 }

    /// Forgets all elements.
    mutating func removeAll() {
        count = 0
        bytes.removeAll(keepingCapacity: true)
    }

    /// Appends how many, and the elements.
    func write(to target: inout [UInt8]) {
        target.appendCount(count)
        target.append(contentsOf: bytes)
    }
}
