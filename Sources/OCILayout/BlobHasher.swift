internal import FoundationEssentials
package import OCISpec

internal import struct Crypto.SHA256
internal import struct Crypto.SHA512

/// Computes a digest from bytes as they pass by.
package struct BlobHasher: Sendable {
    /// The algorithm at work.
    private enum State: Sendable {
        case sha256(SHA256)
        case sha512(SHA512)
    }

    private var state: State

    package init(_ algorithm: Digest.Algorithm) {
        state =
            switch algorithm {
            case .sha256: .sha256(SHA256())
            case .sha512: .sha512(SHA512())
            }
    }

    /// Takes the next bytes.
    package mutating func update(_ bytes: [UInt8]) {
        switch state {
        case .sha256(var hasher):
            hasher.update(data: bytes)
            state = .sha256(hasher)
        case .sha512(var hasher):
            hasher.update(data: bytes)
            state = .sha512(hasher)
        }
    }

    /// The digest of all bytes so far.
    package func digest() -> Digest {
        switch state {
        case .sha256(let hasher): Digest(.sha256, hash: hasher.finalize())
        case .sha512(let hasher): Digest(.sha512, hash: hasher.finalize())
        }
    }

    /// The digest of bytes that are all at hand.
    package static func digest(of bytes: [UInt8], _ algorithm: Digest.Algorithm = .sha256) -> Digest {
        var hasher = BlobHasher(algorithm)
        hasher.update(bytes)
        return hasher.digest()
    }
}
