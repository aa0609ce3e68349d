internal import CLinux
internal import Glibc

/// A pipe, both of whose ends are close-on-exec.
package struct Pipe: ~Copyable {
    package let readEnd: OwnedDescriptor
    package let writeEnd: OwnedDescriptor

    package init() throws(SystemCallError) {
        var ends: (Int32, Int32) = (-1, -1)
        // SAFETY: a tuple of two integers has the layout of the array of two that the kernel fills.
        try systemCall("make a pipe") {
            unsafe withUnsafeMutablePointer(to: &ends) { pair in
                unsafe pair.withMemoryRebound(to: Int32.self, capacity: 2) { unsafe CLinux_pipe($0) }
            }
        }
        readEnd = OwnedDescriptor(owning: ends.0)
        writeEnd = OwnedDescriptor(owning: ends.1)
    }

    /// Keeps the end that is read, and closes the other.
    package consuming func takeReadEnd() -> OwnedDescriptor { readEnd }

    /// Keeps the end that is written to, and closes the other.
    package consuming func takeWriteEnd() -> OwnedDescriptor { writeEnd }
}
