package import LinuxSystem
package import OCIBundle
package import OCIImage
package import OCILayout
package import OCISpec

/// Why layers or an archive cannot be unpacked.
package struct UnpackError: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    package enum Problem: Equatable, Sendable {
        /// A blob cannot be read.
        case layout(LayoutError)
        /// The image cannot be used.
        case image(ImageError)
        /// What was unpacked cannot be run.
        case bundle(BundleError)
        /// A layer unpacks to something else than the config says.
        case diffID(described: Digest, found: Digest)
        /// Not a readable stream of its kind.
        case corrupt(reason: String)
        /// More of something than `limit`.
        case tooLarge(what: String, limit: Int64)
        /// An entry whose name cannot be kept inside.
        case unsafePath(entry: String, reason: String)
        /// A link that leads to nothing inside.
        case unsafeLink(entry: String, reason: String)
        /// An entry that cannot be where another one is.
        case conflict(entry: String, reason: String)
        /// An entry of a kind that is not unpacked.
        case unsupportedEntry(entry: String, kind: String)
        /// Something is already where the result shall be.
        case occupied
        /// No file is there.
        case noFile
        /// The kernel refused.
        case system(SystemCallError)
    }

    /// What is wrong.
    package let problem: Problem

    /// Where: a blob, an archive or a folder.
    package let place: String

    package init(_ problem: Problem, at place: String) {
        self.problem = problem
        self.place = place
    }

    init(_ error: LayoutError) { self.init(.layout(error), at: error.place) }

    package var description: String {
        switch problem {
        case .layout(let error): error.description
        case .image(let error): error.description
        case .bundle(let error): error.description
        default: "\(place): \(explanation)"
        }
    }

    private var explanation: String {
        switch problem {
        case .layout(let error): error.description
        case .image(let error): error.description
        case .bundle(let error): error.description
        case .diffID(let described, let found):
            "unpacks to \(found), but the config's diff_id is \(described); the image is damaged: build it again"
        case .corrupt(let reason): "\(reason); the archive is damaged: fetch or build it again"
        case .tooLarge(let what, let limit): "\(what): more than \(limit); refused"
        case .unsafePath(let entry, let reason): "entry \(entry.debugDescription): \(reason); refused"
        case .unsafeLink(let entry, let reason): "link \(entry.debugDescription): \(reason); refused"
        case .conflict(let entry, let reason): "entry \(entry.debugDescription): \(reason); refused"
        case .unsupportedEntry(let entry, let kind): "entry \(entry.debugDescription) is \(kind); refused"
        case .occupied: "exists already; remove it or unpack elsewhere"
        case .noFile: "no such file; check the path"
        case .system(let error): "cannot \(error)"
        }
    }

    /// Who has to act.
    package var failureKind: FailureKind {
        switch problem {
        case .layout(let error): error.failureKind
        case .image(let error): error.failureKind
        case .bundle(let error): error.failureKind
        case .noFile: .notFound
        case .diffID, .corrupt, .tooLarge, .unsafePath, .unsafeLink, .conflict, .unsupportedEntry, .occupied,
            .system:
            .failed
        }
    }
}

/// Puts the kernel's refusal of `body` in our terms.
func unpacking<Value: ~Copyable>(
    _ place: @autoclosure () -> String, _ body: () throws(SystemCallError) -> Value
) throws(UnpackError) -> Value {
    do throws(SystemCallError) {
        return try body()
    } catch {
        throw UnpackError(.system(error), at: place())
    }
}
