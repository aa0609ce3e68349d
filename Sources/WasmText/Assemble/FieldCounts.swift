/// How many of each kind of field have been met, and so the index of the next one.
struct FieldCounts {
    var functions: UInt32 = 0
    var tables: UInt32 = 0
    var memories: UInt32 = 0
    var globals: UInt32 = 0
    var tags: UInt32 = 0
    var elements: UInt32 = 0
    var data: UInt32 = 0
    /// What the first field was that is no import, since no import may follow it.
    var firstDefinition: String?
}
