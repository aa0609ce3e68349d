/// The `producers` custom section: which languages and tools a module comes from, by the tool conventions.
package struct ProducersSection: Sendable {
    /// One language or tool.
    package struct Producer: Sendable, Equatable {
        package let name: String
        /// Empty where none is said.
        package let version: String
    }

    /// `language`, `processed-by` or `sdk`, with what stands under each, in the order of the file.
    package private(set) var fields: [(name: String, producers: [Producer])] = []

    /// Nothing depends on the section, so a damaged one gives what stands before the damage.
    package init(of module: Module) {
        let range = module.customSection("producers") ?? 0..<0
        self.init(ByteReader(module.bytes, from: range.lowerBound, to: range.upperBound))
    }

    /// Reads a section's contents.
    package init(_ contents: ByteReader) {
        var reader = contents
        try? read(&reader)
    }

    /// Of what has no such section.
    package init() {}

    private mutating func read(_ reader: inout ByteReader) throws(ModuleError) {
        for _ in 0..<(try reader.count(minimumSize: 2)) {
            let name = try reader.name()
            var producers: [Producer] = []
            for _ in 0..<(try reader.count(minimumSize: 2)) {
                let tool = try reader.name()
                producers.append(Producer(name: tool, version: try reader.name()))
            }
            fields.append((name, producers))
        }
    }
}
