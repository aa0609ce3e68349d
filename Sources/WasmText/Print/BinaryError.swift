/// Why a binary module cannot be written as text, and where.
package struct BinaryError: Error, Equatable, CustomStringConvertible {
    /// From the module's first byte.
    package let offset: Int
    package let reason: String

    /// An error at a byte.
    package init(_ reason: String, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    package var description: String { "byte 0x\(String(offset, radix: 16)): \(reason)" }
}
