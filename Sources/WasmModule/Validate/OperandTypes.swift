/// The types on a function's operand stack while it is validated.
///
/// An array would check at each push whether somebody else holds it: validation does little else than push and pop.
// SAFETY: the storage is allocated in `init` and freed in `deinit`; no index is used that is not below `count`, and the
// validator ends a function whose stack is higher than the limit before an instruction could push past the storage.
@safe struct OperandTypes: ~Copyable {
    private let storage: UnsafeMutablePointer<ValueType>
    private(set) var count = 0

    /// What an instruction pushes at most goes beyond the limit before that is looked at.
    private static let capacity = ImplementationLimits.operands + ImplementationLimits.results + 8

    init() { unsafe storage = .allocate(capacity: Self.capacity) }

    deinit { unsafe storage.deallocate() }

    @inline(__always)
    mutating func push(_ type: ValueType) {
        assert(count < Self.capacity)
        unsafe storage[count] = type
        count += 1
    }

    /// Takes the top off; there must be one.
    @inline(__always)
    mutating func pop() -> ValueType {
        assert(count > 0)
        count -= 1
        return unsafe storage[count]
    }

    /// Lowers the stack to a height, which it must have.
    mutating func lower(to height: Int) {
        assert(height <= count)
        count = height
    }
}
