/// What a manifest is made for (image-spec, image-index.md, "platform").
package struct Platform: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The operating system: `wasi`, `wasip1`, `linux`.
    package var os: String
    /// The processor: `wasm`, `amd64`.
    package var architecture: String
    /// A variant of the processor: `v8`.
    package var variant: String?

    package init(os: String, architecture: String, variant: String? = nil) {
        self.os = os
        self.architecture = architecture
        self.variant = variant
    }

    /// Takes `os/architecture` or `os/architecture/variant`; `nil` where `text` is neither.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.init(os: parts[0], architecture: parts[1], variant: parts.count == 3 ? parts[2] : nil)
    }

    package var description: String {
        "\(os)/\(architecture)" + (variant.flatMap { $0.isEmpty ? nil : "/\($0)" } ?? "")
    }

    /// Whether content for `self` is what was asked for with `wanted`, whose variant may be left out.
    package func satisfies(_ wanted: Platform) -> Bool {
        os == wanted.os && architecture == wanted.architecture && (wanted.variant == nil || variant == wanted.variant)
    }
}

extension Platform {
    /// What Docker and runwasi publish wasm images for.
    package static let wasi = Platform(os: "wasi", architecture: "wasm")
    /// WASI preview 1 by its version.
    package static let wasip1 = Platform(os: "wasip1", architecture: "wasm")
    /// WASI preview 2: components.
    package static let wasip2 = Platform(os: "wasip2", architecture: "wasm")
    /// What early Docker releases wrote.
    package static let wasi32 = Platform(os: "wasi", architecture: "wasm32")
    /// What tools write that only know Linux.
    package static let linuxWasm = Platform(os: "linux", architecture: "wasm")
    /// What wasm images were published for before there was a platform for them.
    package static let linuxAMD64 = Platform(os: "linux", architecture: "amd64")
}
