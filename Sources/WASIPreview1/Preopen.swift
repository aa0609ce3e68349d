/// A folder that a guest may use from its start.
package struct Preopen: Sendable {
    /// An open directory (O_PATH will do). The host owns it from now on, and closes it.
    package let descriptor: Int32

    /// What the guest calls it: an absolute path, or `.` for its working folder.
    package let guestPath: String

    /// Whether nothing below it may be changed through it.
    package let isReadOnly: Bool

    package init(descriptor: Int32, guestPath: String, isReadOnly: Bool = false) {
        self.descriptor = descriptor
        self.guestPath = guestPath
        self.isReadOnly = isReadOnly
    }
}
