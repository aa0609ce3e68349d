internal import WasmRuntime

/// A guest's list of subscriptions, where the guest has it.
struct PollList {
    let memory: GuestMemory
    let address: UInt32
    let count: UInt32
    let generation: Generation
    /// The monotonic clock when waiting began, from which relative times count.
    let start: UInt64

    subscript(index: UInt32) -> Subscription {
        get throws(Errno) {
            try Subscription(
                at: address + index * Subscription.stride(generation), in: memory, generation, start: start)
        }
    }
}
