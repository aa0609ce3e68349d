/// The bounds of a memory or table: core, 2.3.11. Pages of 64 KiB or elements.
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

    package init(element: ValueType, limits: Limits) {
        self.element = element
        self.limits = limits
    }
}

/// A memory's type: core, 2.3.12.
package struct MemoryType: Hashable, Sendable {
    package var limits: Limits

    package init(limits: Limits) { self.limits = limits }
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

/// What may cross a module's border: core, 2.3.16. A function's is the index of its type.
package enum ExternalType: Hashable, Sendable {
    case function(type: Int)
    case table(TableType)
    case memory(MemoryType)
    case global(GlobalType)
    case tag(type: Int)
}
