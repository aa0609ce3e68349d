/// The hints in a module's `metadata.code.branch_hint` section: by function, and by the place of the branch in it.
struct BranchHints {
    private(set) var byFunction: [UInt32: [Int: UInt8]] = [:]

    /// No hints.
    init() {}

    /// Reads the contents of the section.
    init(_ section: BinaryReader) throws(BinaryError) {
        var section = section
        for _ in 0..<(try section.count()) {
            let function = try section.u32()
            var hints: [Int: UInt8] = [:]
            for _ in 0..<(try section.count()) {
                let offset = Int(try section.u32())
                guard try section.byte() == 1 else { throw section.error("malformed branch hint") }
                let hint = try section.byte()
                guard hint < 2 else { throw section.error("malformed branch hint") }
                hints[offset] = hint
            }
            byFunction[function] = hints
        }
        guard section.isAtEnd else { throw section.error("section size mismatch") }
    }
}
