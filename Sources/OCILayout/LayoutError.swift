package import LinuxSystem
package import OCISpec

/// Why a layout cannot be read or written.
package struct LayoutError: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    package enum Problem: Equatable, Sendable {
        /// Nothing is at the path, or no folder.
        case noFolder
        /// The folder does not have what makes it a layout.
        case notALayout(missing: String)
        /// `oci-layout` names a version that there is not.
        case unknownVersion(String)
        /// A link, folder, pipe or device lies where a file has to be.
        case notARegularFile
        /// A document does not follow its specification.
        case document(SpecError)
        /// A document says that it is something else than its descriptor says.
        case mediaType(described: MediaType, found: MediaType)
        /// A blob that something refers to is not there.
        case missingBlob
        /// A blob is not as long as its descriptor says.
        case size(described: Int64, found: Int64)
        /// A blob has another hash than its name.
        case digest(described: Digest, found: Digest)
        /// A blob is longer than what we take of its kind.
        case tooLarge(size: Int64, limit: Int64)
        /// Something else than a layout is where one shall be written.
        case occupied
        /// The kernel refused.
        case system(SystemCallError)
    }

    /// What is wrong.
    package let problem: Problem

    /// Where: a path.
    package let place: String

    package init(_ problem: Problem, at place: String) {
        self.problem = problem
        self.place = place
    }

    package var description: String { "\(place): \(explanation)" }

    private var explanation: String {
        switch problem {
        case .noFolder: "no folder is there; check the path"
        case .notALayout(let missing): "not an OCI image layout: \(missing) is missing"
        case .unknownVersion(let version):
            "layout version \(version.debugDescription) is unknown; only \(LayoutMarker.currentVersion) can be read"
        case .notARegularFile: "not a regular file; a layout may hold no links or special files: copy the image again"
        case .document(let error): "\(error); the file is damaged or of another kind: fetch the image again"
        case .mediaType(let described, let found):
            "says it is \(found), but its descriptor says \(described); refused, since readers would differ"
        case .missingBlob: "the blob is missing; the layout is incomplete: fetch the image again"
        case .size(let described, let found):
            "is \(found) bytes long, not \(described); the blob is damaged: fetch the image again"
        case .digest(let described, let found):
            "hashes to \(found), not \(described); the blob is damaged: fetch the image again"
        case .tooLarge(let size, let limit): "is \(size) bytes long; at most \(limit) are read"
        case .occupied: "exists and is not an OCI image layout; remove it or write elsewhere"
        case .system(let error): "cannot \(error)"
        }
    }

    /// Who has to act.
    package var failureKind: FailureKind {
        switch problem {
        case .noFolder: .notFound
        case .notALayout, .unknownVersion, .notARegularFile, .document, .mediaType, .missingBlob, .size, .digest,
            .tooLarge, .occupied, .system:
            .failed
        }
    }
}
