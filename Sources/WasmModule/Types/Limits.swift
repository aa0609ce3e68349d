/// Whether a memory or table is addressed with 32 or 64 bits: WebAssembly core, 2.3.10.
package enum AddressType: Hashable, Sendable {
    case i32, i64

    /// The type of addresses and sizes.
    package var value: ValueType { self == .i32 ? .i32 : .i64 }
}

/// The bounds of a memory or table: core, 2.3.11. Pages or elements.
package struct Limits: Hashable, Sendable {
    package var minimum: UInt64
    package var maximum: UInt64?

    package init(minimum: UInt64, maximum: UInt64? = nil) {
        self.minimum = minimum
        self.maximum = maximum
    }

    /// Whether something of these limits may be imported where `wanted` is asked for (core, 4.5.3).
    package func match(_ wanted: Limits) -> Bool {
        guard minimum >= wanted.minimum else { return false }
        guard let bound = wanted.maximum else { return true }
        guard let maximum else { return false }
        return maximum <= bound
    }
}

/// A table's type: core, 2.3.13.
package struct TableType: Hashable, Sendable {
    package var element: ValueType
    package var limits: Limits
    package var address: AddressType

    package init(element: ValueType, limits: Limits, address: AddressType = .i32) {
        self.element = element
        self.limits = limits
        self.address = address
    }
}

/// A memory's type: core, 2.3.12, with the threads and custom page sizes proposals' additions.
package struct MemoryType: Hashable, Sendable {
    /// In pages.
    package var limits: Limits
    package var address: AddressType
    package var isShared: Bool
    /// log2 of a page's bytes: 16, or 0.
    package var pageLog2: UInt8

    package init(limits: Limits, address: AddressType = .i32, isShared: Bool = false, pageLog2: UInt8 = 16) {
        self.limits = limits
        self.address = address
        self.isShared = isShared
        self.pageLog2 = pageLog2
    }

    /// Whether a memory of this type may be imported where `wanted` is asked for (core, 3.3.13).
    package func matches(_ wanted: MemoryType) -> Bool {
        address == wanted.address && isShared == wanted.isShared && pageLog2 == wanted.pageLog2
            && limits.match(wanted.limits)
    }

    /// The most pages that a memory may have whose type names no maximum (core, 4.5.9): what its addresses reach.
    package var mostPages: UInt64 {
        switch (address, pageLog2) {
        case (.i32, 16): 1 << 16
        // One less than the addresses reach, so that the size itself is a number of 32 bits.
        case (.i32, _): UInt64(UInt32.max)
        case (.i64, 16): 1 << 48
        case (.i64, _): .max
        }
    }

    /// Whether the interpreter's loads and stores may rely on the reservation alone: addresses of 32 bits, and a size that
    /// is a multiple of the system's pages.
    package var isBoundedByReservation: Bool { address == .i32 && pageLog2 == 16 }
}

/// A global's type: core, 2.3.14.
package struct GlobalType: Hashable, Sendable {
    package var value: ValueType
    package var isMutable: Bool

    package init(value: ValueType, isMutable: Bool) {
        self.value = value
        self.isMutable = isMutable
    }
}

/// What may cross a module's border: core, 2.3.16. A function's or tag's is the index of its type.
package enum ExternalType: Hashable, Sendable {
    case function(type: Int)
    case table(TableType)
    case memory(MemoryType)
    case global(GlobalType)
    case tag(type: Int)
}
