/// The plan as bytes: `WSLP`, a version, then the fields in the order of their declaration.
///
/// Integers are little-endian and 32 bits wide; a string is its length in bytes and its UTF-8; a list is its count
/// and its elements; a flag is one byte, 0 or 1. There is no padding and nothing after the last field.
extension LaunchPlan {
    /// The version of this format: both programs come from one build, so there is only ever one.
    package static let formatVersion: UInt32 = 1

    /// The longest plan that is written or read, in bytes.
    package static let sizeLimit = 16 << 20

    private static let magic: [UInt8] = [0x57, 0x53, 0x4C, 0x50]

    /// The plan as bytes; refuses what `init(decoding:)` would refuse.
    package func encoded() throws(LaunchPlanError) -> [UInt8] {
        var writer = PlanWriter()
        writer.bytes = Self.magic
        writer.write(Self.formatVersion)
        writer.write(moduleDescriptor)
        try writer.write(moduleName)
        try writer.write(function)
        try writer.write(arguments)
        try writer.write(environment)
        writer.write(UInt32(truncatingIfNeeded: preopens.count))
        for preopen in preopens {
            writer.write(preopen.descriptor)
            try writer.write(preopen.guestPath)
            writer.write(preopen.isReadOnly)
        }
        writer.write(parentProcess)
        writer.write(isVerbose)
        guard writer.bytes.count <= Self.sizeLimit else {
            throw LaunchPlanError(.tooLong(limit: Self.sizeLimit), at: Self.sizeLimit)
        }
        return writer.bytes
    }

    /// Reads a plan; whatever the bytes are, they give a plan or an error.
    package init(decoding bytes: [UInt8]) throws(LaunchPlanError) {
        guard bytes.count <= Self.sizeLimit else {
            throw LaunchPlanError(.tooLong(limit: Self.sizeLimit), at: Self.sizeLimit)
        }
        var reader = PlanReader(bytes: bytes)
        guard bytes.starts(with: Self.magic) else { throw LaunchPlanError(.notAPlan, at: 0) }
        reader.offset = Self.magic.count
        let version = try reader.unsigned()
        guard version == Self.formatVersion else { throw LaunchPlanError(.version(version), at: Self.magic.count) }
        moduleDescriptor = try reader.descriptor()
        moduleName = try reader.string()
        function = try reader.string()
        arguments = try reader.strings()
        environment = try reader.strings()
        preopens = []
        for _ in 0..<(try reader.count(ofAtLeast: 9)) {
            preopens.append(
                Preopen(
                    descriptor: try reader.descriptor(), guestPath: try reader.string(), isReadOnly: try reader.flag()))
        }
        parentProcess = try reader.descriptor()
        isVerbose = try reader.flag()
        guard reader.offset == bytes.count else { throw LaunchPlanError(.trailingBytes, at: reader.offset) }
    }
}

/// Appends fields to a plan.
private struct PlanWriter {
    var bytes: [UInt8] = []

    mutating func write(_ value: UInt32) {
        for shift in stride(from: UInt32(0), to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    mutating func write(_ value: Int32) { write(UInt32(bitPattern: value)) }

    mutating func write(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

    mutating func write(_ string: String) throws(LaunchPlanError) {
        let content = Array(string.utf8)
        guard !content.contains(0) else { throw LaunchPlanError(.invalidString, at: bytes.count) }
        write(UInt32(truncatingIfNeeded: content.count))
        bytes += content
    }

    mutating func write(_ strings: [String]) throws(LaunchPlanError) {
        write(UInt32(truncatingIfNeeded: strings.count))
        for string in strings { try write(string) }
    }
}

/// Takes fields from a plan's bytes.
private struct PlanReader {
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

    mutating func strings() throws(LaunchPlanError) -> [String] {
        var strings: [String] = []
        for _ in 0..<(try count(ofAtLeast: 4)) { strings.append(try string()) }
        return strings
    }
}
