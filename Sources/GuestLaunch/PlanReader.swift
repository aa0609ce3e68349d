/// Takes fields from a plan's bytes.
struct PlanReader {
    let bytes: [UInt8]
    var offset = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func unsigned() throws(LaunchPlanError) -> UInt32 {
        guard bytes.count - offset >= 4 else { throw LaunchPlanError(.unexpectedEnd, at: offset) }
        var value: UInt32 = 0
        for index in 0..<4 { value |= UInt32(bytes[offset + index]) << UInt32(8 * index) }
        offset += 4
        return value
    }

    mutating func unsigned64() throws(LaunchPlanError) -> UInt64 {
        let low = try unsigned()
        return UInt64(low) | UInt64(try unsigned()) << 32
    }

    /// A descriptor or process id: not negative.
    mutating func descriptor() throws(LaunchPlanError) -> Int32 {
        let start = offset
        guard let value = Int32(exactly: try unsigned()) else { throw LaunchPlanError(.invalidValue, at: start) }
        return value
    }

    /// How many elements follow, each of at least `size` bytes: a count that cannot be true is refused before
    /// anything is set aside for it.
    mutating func count(ofAtLeast size: Int) throws(LaunchPlanError) -> Int {
        let start = offset
        let count = Int(try unsigned())
        guard count <= (bytes.count - offset) / size else { throw LaunchPlanError(.unexpectedEnd, at: start) }
        return count
    }

    mutating func flag() throws(LaunchPlanError) -> Bool {
        guard offset < bytes.count else { throw LaunchPlanError(.unexpectedEnd, at: offset) }
        guard bytes[offset] <= 1 else { throw LaunchPlanError(.invalidValue, at: offset) }
        defer { offset += 1 }
        return bytes[offset] == 1
    }

    mutating func string() throws(LaunchPlanError) -> String {
        let length = try count(ofAtLeast: 1)
        let content = bytes[offset..<offset + length]
        guard !content.contains(0), let string = String(validating: content, as: UTF8.self) else {
            throw LaunchPlanError(.invalidString, at: offset)
        }
        offset += length
        return string
    }

    /// What is there when the flag before it says so.
    mutating func optional<Value>(
        _ body: (inout PlanReader) throws(LaunchPlanError) -> Value
    ) throws(LaunchPlanError) -> Value? {
        try flag() ? try body(&self) : nil
    }

    /// Elements of at least `size` bytes each.
    mutating func list<Element>(
        ofAtLeast size: Int, _ body: (inout PlanReader) throws(LaunchPlanError) -> Element
    ) throws(LaunchPlanError) -> [Element] {
        var elements: [Element] = []
        for _ in 0..<(try count(ofAtLeast: size)) { elements.append(try body(&self)) }
        return elements
    }

    mutating func strings() throws(LaunchPlanError) -> [String] {
        var strings: [String] = []
        for _ in 0..<(try count(ofAtLeast: 4)) { strings.append(try string()) }
        return strings
    }
}
