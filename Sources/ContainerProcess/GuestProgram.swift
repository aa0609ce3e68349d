internal import Glibc
internal import LinuxSystem

/// The program that guests live in, `wasm-shim-guest`, on this machine.
package struct GuestProgram: Equatable, Sendable {
    /// The file's name.
    package static let fileName = "wasm-shim-guest"

    /// The environment variable that names another program in its stead.
    package static let override = "WASM_SHIM_GUEST"

    /// Where it is.
    package let path: String

    /// Finds it: where `WASM_SHIM_GUEST` says, else where `make install` puts it, else beside our own program, where
    /// a build puts it.
    package init(besides ownPath: String, override: String?) throws(ContainerError) {
        let candidates = Self.candidates(besides: ownPath, override: override)
        for candidate in candidates where unsafe access(candidate, X_OK) == 0 {
            path = candidate
            return
        }
        throw ContainerError(.noGuestProgram(lookedAt: candidates), at: Self.fileName)
    }

    /// Finds it for this very process.
    package init() throws(ContainerError) {
        let ownPath = try ContainerError.wrapping(at: Self.fileName) { () throws(SystemCallError) in
            try readLink(at: "/proc/self/exe")
        }
        // SAFETY: the string is copied before anything can change the environment.
        let override = unsafe getenv(Self.override).map { unsafe String(cString: $0) }
        try self.init(besides: ownPath, override: override)
    }

    /// Where it may be, the first choice first.
    static func candidates(besides ownPath: String, override: String?) -> [String] {
        if let override, !override.isEmpty { return [override] }
        let folder = ownPath.lastIndex(of: "/").map { String(ownPath[..<$0]) } ?? "."
        let above = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? ".."
        return ["\(above)/libexec/\(fileName)", "\(folder)/\(fileName)"]
    }
}
