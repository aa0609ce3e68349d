/// The `name` custom section (core, 7.4.1). Nothing depends on it, so a damaged one gives the names before the
/// damage.
package enum NameSection {
    /// Functions' names by index.
    package static func functionNames(of module: Module) -> [Int: String] {
        guard let range = module.customSection("name") else { return [:] }
        var names: [Int: String] = [:]
        var reader = ByteReader(module.bytes, from: range.lowerBound, to: range.upperBound)
        do throws(ModuleError) {
            while !reader.isAtEnd {
                let subsection = try reader.byte()
                let size = Int(try reader.u32())
                let next = reader.offset + size
                reader.end = min(next, range.upperBound)
                if subsection == 1 {
                    for _ in 0..<(try reader.count(minimumSize: 2)) {
                        let index = Int(try reader.u32())
                        names[index] = try reader.name()
                    }
                }
                guard next <= range.upperBound else { break }
                reader.offset = next
                reader.end = range.upperBound
            }
        } catch {
            return names
        }
        return names
    }
}
