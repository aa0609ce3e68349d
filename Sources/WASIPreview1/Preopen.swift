/// A folder, or a single file, that a guest may use from its start.
package struct Preopen: Sendable {
    /// An open directory (O_PATH will do). The host owns it from now on, and closes it.
    package let descriptor: Int32

    /// What the guest calls it: an absolute path, or `.` for its working folder.
    package let guestPath: String

    /// Whether nothing below it may be changed through it.
    package let isReadOnly: Bool

    /// Where the folder is in the guest's root, where links mean what they mean there: an absolute path, `/` for the root
    /// itself, which is the first preopen of all that says so; `nil` for a folder that stands by itself.
    package let placeInRoot: String?

    /// The one entry of the folder that is meant, where that is a single file.
    package let file: String?

    package init(
        descriptor: Int32, guestPath: String, isReadOnly: Bool = false, placeInRoot: String? = nil, file: String? = nil
    ) {
        self.descriptor = descriptor
        self.guestPath = guestPath
        self.isReadOnly = isReadOnly
        self.placeInRoot = placeInRoot
        self.file = file
    }
}
