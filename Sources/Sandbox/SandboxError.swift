package import LinuxSystem

/// Why a process could not get into its box.
package struct SandboxError: Error, Equatable, CustomStringConvertible {
    /// What was wrong.
    package enum Problem: Equatable, Sendable {
        /// The kernel refused, and nothing better is known than its words.
        case system(SystemCallError)
        /// Something that the box is made of is not there.
        case missing(what: String)
        /// The kernel has no such call; the version that has it.
        case kernelTooOld(needed: String)
        /// A place in the root where something is to be mounted is of the wrong kind.
        case wrongKind(expected: String)
        /// Something is to be mounted over the root itself.
        case coversRoot
        /// More links than one path may have lie on the way.
        case tooManyLinks
        /// Mount options that are longer than the kernel takes.
        case optionsTooLong(length: Int)
        /// The starter has given this process up, or said what was not expected.
        case givenUp
    }

    package let problem: Problem
    /// The step and the place that it is about: `mount /data`.
    package let place: String

    package init(_ problem: Problem, at place: String) {
        self.problem = problem
        self.place = place
    }

    package var description: String {
        let what =
            switch problem {
            case .system(let error): "\(error.description)\(Self.advice(for: error.code))"
            case .missing(let what): "\(what) is not there; make it, or take it from the container's configuration"
            case .kernelTooOld(let needed): "this needs Linux \(needed) or later"
            case .wrongKind(let expected): "it is no \(expected); give the mount another destination"
            case .coversRoot: "it would cover the root file system; give the mount another destination"
            case .tooManyLinks: "too many symbolic links on the way; give the mount another destination"
            case .optionsTooLong(let length):
                "the mount options are \(length) bytes long, the kernel takes 4095; use an image with fewer layers"
            case .givenUp: "the shim is gone; start the container again"
            }
        return "\(place): \(what)"
    }

    /// What to do about the kernel's refusal, as far as its number tells.
    private static func advice(for code: Int32) -> String {
        switch code {
        case 1: "; the shim must run as root, with the capabilities that root has on a host"
        case 22: "; the kernel does not take these options here"
        case 28: "; there is no space left, or too many of these exist: remove containers that are not needed"
        case 30: "; the file system is read-only: add the folder to the image, or make it writable"
        default: ""
        }
    }
}

extension SandboxError {
    /// Runs a step; what the kernel refuses is an error at that place.
    @discardableResult
    static func wrapping<Result: ~Copyable>(
        at place: @autoclosure () -> String, _ body: () throws(SystemCallError) -> Result
    ) throws(SandboxError) -> Result {
        do throws(SystemCallError) { return try body() } catch {
            throw SandboxError(error.code == noSuchCall ? .kernelTooOld(needed: "5.12") : .system(error), at: place())
        }
    }

    /// ENOSYS.
    private static let noSuchCall: Int32 = 38
}
