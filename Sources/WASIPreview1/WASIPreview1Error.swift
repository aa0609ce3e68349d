/// Why a guest's WASI cannot be set up.
package enum WASIPreview1Error: Error, CustomStringConvertible {
    /// A preopen could not be used, or not so that a guest stays below it.
    case cannotConfine(guestPath: String, Errno)

    /// There are more preopens than a guest may have descriptors.
    case tooManyDescriptors(limit: Int)

    package var description: String {
        switch self {
        case .cannotConfine(let path, .nosys), .cannotConfine(let path, .perm):
            "folder \"\(path)\": the kernel cannot keep the guest inside it, for lack of openat2: "
                + "use Linux 5.6 or later, or a seccomp filter that permits the call"
        case .cannotConfine(let path, let error):
            "folder \"\(path)\": cannot be used (\(error)): give a directory that can be entered"
        case .tooManyDescriptors(let limit):
            "more than \(limit) folders and sockets for one guest: give fewer"
        }
    }
}
