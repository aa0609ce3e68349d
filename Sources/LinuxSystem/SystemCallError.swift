internal import CLinux
internal import Glibc

/// What the kernel refused, and what was being done.
package struct SystemCallError: Error, Equatable, CustomStringConvertible {
    /// What was being done, with the names involved: `open "app/index.json"`.
    package let operation: String

    /// The `errno` value.
    package let code: Int32

    package init(operation: String, code: Int32) {
        self.operation = operation
        self.code = code
    }

    /// The kernel's words for the code.
    package var reason: String { unsafe String(cString: strerror(code)) }

    package var description: String { "\(operation): \(reason)" }
}

/// Makes one system call, again when a signal interrupted it; throws its errno with what was being done.
///
/// `call` follows the C convention: -1 is failure. Its errno is read before anything else can change it.
@discardableResult
package func systemCall<Result: FixedWidthInteger & SignedInteger>(
    _ operation: @autoclosure () -> String, _ call: () -> Result
) throws(SystemCallError) -> Result {
    while true {
        let result = call()
        if result != -1 { return result }
        let code = CLinux_errno()
        if code != EINTR { throw SystemCallError(operation: operation(), code: code) }
        CLinux_end_if_asked()
    }
}
