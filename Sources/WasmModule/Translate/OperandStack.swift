/// Where a value on the operand stack is while the code that uses it has not been written yet.
struct Operand {
    enum Place: Equatable {
        /// In the slot that belongs to its height on the stack.
        case home
        /// Still in the local's slot: the local has not changed since.
        case local(Int)
        /// Known; nothing holds it yet. The bits of the number.
        case constant(UInt64)
        /// In the accumulator of its type, and nowhere else.
        case accumulator
    }

    var place: Place
    var type: ValueType

    /// What stands above a v128, which takes two entries as it takes two slots: heights count slots.
    static let upperHalf = Operand(place: .home, type: .unknown)
    var isUpperHalf: Bool { type == .unknown }
}

/// The accumulators, by the types that use them.
enum AccumulatorClass: Int, CaseIterable {
    case integer, single, double, vector

    init(_ type: ValueType) {
        switch type {
        case .f32: self = .single
        case .f64: self = .double
        case .v128: self = .vector
        default: self = .integer
        }
    }
}

/// What an accumulator holds at this point of the code.
struct Accumulator {
    /// The height of the operand that is in it alone, if one is.
    var operand: Int?
    /// The word of the instruction that made that operand: it can still be told to write a slot as well.
    var producer = 0
    /// The word of a check of that operand, if it is right behind the producer.
    var check: Int?
    /// A slot known to hold the same value.
    var mirror: Int?
}
