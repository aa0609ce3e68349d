/// The plan as bytes: `WSLP`, a version, then the fields in the order of their declaration.
///
/// Integers are little-endian and 32 bits wide; a string is its length in bytes and its UTF-8; a list is its count
/// and its elements; a flag is one byte, 0 or 1. There is no padding and nothing after the last field.
extension LaunchPlan {
    /// The version of this format: both programs come from one build, so there is only ever one.
    package static let formatVersion: UInt32 = 5

    /// The longest plan that is written or read, in bytes.
    package static let sizeLimit = 16 << 20

    private static let moduleDescriptorOffset = 8

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
            try writer.write(preopen.placeInRoot)
            try writer.write(preopen.file)
        }
        writer.write(UInt32(truncatingIfNeeded: preloads.count))
        for preload in preloads {
            try writer.write(preload.name)
            writer.write(preload.descriptor)
            try writer.write(preload.file)
        }
        writer.write(invocation != nil)
        if let invocation { try writer.write(invocation) }
        writer.write(parentProcess)
        writer.write(isVerbose)
        writer.write(tracesCalls)
        writer.write(profileDescriptor)
        writer.write(sandbox != nil)
        if let sandbox { try writer.write(sandbox) }
        // Outside of a box the guest cannot find its module by itself.
        guard sandbox != nil || moduleDescriptor >= 0 else {
            throw LaunchPlanError(.invalidValue, at: Self.moduleDescriptorOffset)
        }
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
        moduleDescriptor = Int32(bitPattern: try reader.unsigned())
        moduleName = try reader.string()
        function = try reader.string()
        arguments = try reader.strings()
        environment = try reader.strings()
        preopens = []
        for _ in 0..<(try reader.count(ofAtLeast: 11)) {
            preopens.append(
                Preopen(
                    descriptor: try reader.descriptor(), guestPath: try reader.string(), isReadOnly: try reader.flag(),
                    placeInRoot: try reader.optional { (reader) throws(LaunchPlanError) in try reader.string() },
                    file: try reader.optional { (reader) throws(LaunchPlanError) in try reader.string() }))
        }
        for _ in 0..<(try reader.count(ofAtLeast: 12)) {
            preloads.append(
                Preload(name: try reader.string(), descriptor: try reader.descriptor(), file: try reader.string()))
        }
        invocation = try reader.optional { (reader) throws(LaunchPlanError) in try reader.strings() }
        parentProcess = try reader.descriptor()
        isVerbose = try reader.flag()
        tracesCalls = try reader.flag()
        profileDescriptor = Int32(bitPattern: try reader.unsigned())
        sandbox = try reader.optional { (reader) throws(LaunchPlanError) in try reader.sandbox() }
        guard sandbox != nil || moduleDescriptor >= 0 else {
            throw LaunchPlanError(.invalidValue, at: Self.moduleDescriptorOffset)
        }
        guard reader.offset == bytes.count else { throw LaunchPlanError(.trailingBytes, at: reader.offset) }
    }
}
