/// The most of everything that a module may have: the limits that the WebAssembly JavaScript interface names
/// for all engines, so that what runs in a browser runs here.
package enum ImplementationLimits {
    package static let moduleBytes = 1 << 30
    package static let types = 1_000_000
    package static let functions = 1_000_000
    package static let imports = 1_000_000
    package static let exports = 1_000_000
    package static let globals = 1_000_000
    package static let tags = 1_000_000
    package static let dataSegments = 100_000
    package static let elementSegments = 10_000_000
    package static let tables = 100_000
    package static let tableElements: UInt64 = 10_000_000
    /// Memories that one module may have: each reserves address space.
    package static let memories = 100
    package static let fields = 10_000
    /// Types above one another.
    package static let subtypingDepth = 63
    package static let parameters = 1_000
    package static let results = 1_000
    package static let functionBytes = 7_654_321
    package static let locals = 50_000
    /// Values on a function's operand stack at once: with the locals, what 16-bit slot numbers can name.
    package static let operands = 14_000
    /// The same where operands may be vectors, which take two slots each.
    package static let operandsWithVectors = 6_500
    /// Blocks inside one another. The translator keeps a record of each.
    package static let nesting = 50_000
    /// Pages of a 32-bit memory.
    package static let memoryPages: UInt64 = 65_536
}
