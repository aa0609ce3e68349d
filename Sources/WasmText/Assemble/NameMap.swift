/// Names of things by index, as the name section has them (core, appendix, 7.4.1); indices ascend.
struct NameMap {
    private(set) var vector = BinaryVector()

    var isEmpty: Bool { vector.count == 0 }

    /// Adds the name of the thing with an index above all before it.
    mutating func add(_ index: UInt32, _ name: some Collection<UInt8>) {
        vector.beginElement()
        vector.bytes.appendUnsigned(index)
        vector.bytes.appendCount(name.count)
        vector.bytes.append(contentsOf: name)
    }

    /// Forgets all names.
    mutating func removeAll() { vector.removeAll() }

    /// Adds the names of what belongs to something, if there are any, and forgets them.
    mutating func add(_ index: UInt32, _ names: inout NameMap) {
        guard !names.isEmpty else { return }
        vector.beginElement()
        vector.bytes.appendUnsigned(index)
        names.vector.write(to: &vector.bytes)
        names.vector.removeAll()
    }
}
