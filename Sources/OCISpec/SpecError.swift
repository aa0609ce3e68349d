/// Why a document is not what its specification says.
package struct SpecError: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    package enum Problem: Equatable, Sendable {
        /// The bytes are not the strict JSON that we take; `offset` counts bytes.
        case invalidJSON(reason: String, offset: Int)
        /// Longer than `limit` bytes.
        case tooLarge(limit: Int)
        /// A member is missing, of the wrong type or has a value that the specification forbids.
        case invalidMember(path: String, reason: String)
        /// A digest is malformed or of an algorithm other than sha256 and sha512.
        case invalidDigest(String)
    }

    /// What is wrong.
    package let problem: Problem

    package init(_ problem: Problem) { self.problem = problem }

    package var description: String {
        switch problem {
        case .invalidJSON(let reason, let offset):
            "not valid JSON at byte \(offset): \(reason)"
        case .tooLarge(let limit):
            "longer than \(limit) bytes, which is more than any such document needs"
        case .invalidMember(let path, let reason):
            path.isEmpty ? reason : "member \"\(path)\": \(reason)"
        case .invalidDigest(let text):
            "\(text.debugDescription) is no digest that we take (sha256: and 64, or sha512: and 128 hexadecimal digits)"
        }
    }
}
