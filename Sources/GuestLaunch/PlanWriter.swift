/// Appends fields to a plan.
struct PlanWriter {
    var bytes: [UInt8] = []

    mutating func write(_ value: UInt32) {
        for shift in stride(from: UInt32(0), to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    mutating func write(_ value: UInt64) {
        write(UInt32(truncatingIfNeeded: value))
        write(UInt32(truncatingIfNeeded: value >> 32))
    }

    mutating func write(_ value: Int32) { write(UInt32(bitPattern: value)) }

    mutating func write(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

    mutating func write(_ string: String) throws(LaunchPlanError) {
        let content = Array(string.utf8)
        guard !content.contains(0) else { throw LaunchPlanError(.invalidString, at: bytes.count) }
        write(UInt32(truncatingIfNeeded: content.count))
        bytes += content
    }

    /// A flag, and the value where there is one.
    mutating func write(_ string: String?) throws(LaunchPlanError) {
        write(string != nil)
        if let string { try write(string) }
    }

    /// The number of elements, and each as `body` writes it.
    mutating func write<Element>(
        _ elements: [Element], each body: (inout PlanWriter, Element) throws(LaunchPlanError) -> Void
    ) throws(LaunchPlanError) {
        write(UInt32(truncatingIfNeeded: elements.count))
        for element in elements { try body(&self, element) }
    }

    mutating func write(_ strings: [String]) throws(LaunchPlanError) {
        write(UInt32(truncatingIfNeeded: strings.count))
        for string in strings { try write(string) }
    }
}
