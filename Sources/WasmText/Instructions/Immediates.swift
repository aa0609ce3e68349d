/// What stands behind an instruction's opcode, and behind its name in text.
enum Immediates: String {
    case none
    /// A label and a block type; `block`, `loop`, `if`, `try`.
    case block
    case tryTable
    case `else`
    case end
    /// A clause of the older `try`: a tag, nothing, a label that also ends the block.
    case `catch`
    case catchAll
    case delegate
    case label
    case labels
    case function
    case callIndirect
    case type
    case tag
    /// Nothing, or the type of what is chosen: two opcodes, one name.
    case select
    case local
    case global
    case table
    case tableTable
    case tableElement
    case element
    case memory
    case memoryMemory
    case memoryData
    case data
    /// A memory, an offset and an alignment.
    case access
    case accessLane
    case lane
    case shuffle
    case i32
    case i64
    case f32
    case f64
    case v128
    case heapType
    /// A structure type and one of its fields.
    case field
    case typeType
    case typeData
    case typeElement
    case typeCount
    /// A reference type, of which the binary format takes the heap type: two opcodes, one name.
    case castTest
    case castTestNull
    case branchOnCast
    /// A byte that is zero in the binary format and nothing in text.
    case fence
}
