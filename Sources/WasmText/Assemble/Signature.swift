/// A function type as the binary format writes it: parameters and results.
struct Signature: Hashable {
    var parameterCount: UInt32 = 0
    var parameters: [UInt8] = []
    var resultCount: UInt32 = 0
    var results: [UInt8] = []

    var isEmpty: Bool { parameterCount == 0 && resultCount == 0 }

    /// Makes it the type of a function without parameters and results.
    mutating func removeAll() {
        parameterCount = 0
        parameters.removeAll(keepingCapacity: true)
        resultCount = 0
        results.removeAll(keepingCapacity: true)
    }

    /// Appends the composite type.
    func write(to bytes: inout [UInt8]) {
        bytes.append(0x60)
        bytes.appendUnsigned(parameterCount)
        bytes += parameters
        bytes.appendUnsigned(resultCount)
        bytes += results
    }
}
