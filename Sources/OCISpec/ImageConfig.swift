/// How an image is to be run, and what its layers must unpack to (image-spec, config.md).
///
/// The configs of wasm artifacts have some of the same members and are read as this too.
package struct ImageConfig: Equatable, Sendable, Codable {
    /// The defaults of a container's process (`config` in the document).
    package struct Execution: Equatable, Sendable, Codable {
        /// `user[:group]`, names or numbers.
        package var user: String?
        /// `NAME=value`.
        package var environment: [String]?
        /// The program and its fixed arguments.
        package var entrypoint: [String]?
        /// Default arguments, or the program where there is no entrypoint.
        package var command: [String]?
        /// The folder that the process starts in.
        package var workingFolder: String?
        /// Free words about the image.
        package var labels: [String: String]?

        enum CodingKeys: String, CodingKey {
            case user = "User"
            case environment = "Env"
            case entrypoint = "Entrypoint"
            case command = "Cmd"
            case workingFolder = "WorkingDir"
            case labels = "Labels"
        }

        package init(
            user: String? = nil, environment: [String]? = nil, entrypoint: [String]? = nil, command: [String]? = nil,
            workingFolder: String? = nil, labels: [String: String]? = nil
        ) {
            self.user = user
            self.environment = environment
            self.entrypoint = entrypoint
            self.command = command
            self.workingFolder = workingFolder
            self.labels = labels
        }
    }

    /// The layers before compression.
    package struct RootFileSystem: Equatable, Sendable, Codable {
        /// Always `layers`.
        package var type: String
        /// What each layer's tar stream hashes to, lowest layer first.
        package var diffIDs: [Digest]

        enum CodingKeys: String, CodingKey {
            case type
            case diffIDs = "diff_ids"
        }

        package init(diffIDs: [Digest]) {
            type = "layers"
            self.diffIDs = diffIDs
        }
    }

    /// When it was made, RFC 3339.
    package var created: String?
    /// What it is made for; not every artifact says.
    package var architecture: String?
    /// What it is made for; not every artifact says.
    package var os: String?
    /// A variant of the processor.
    package var variant: String?
    /// How to run it.
    package var config: Execution?
    /// What the layers unpack to; `nil` in artifacts.
    package var rootfs: RootFileSystem?
    /// The layers of a wasm artifact, by digest.
    package var layerDigests: [Digest]?

    package init(
        platform: Platform, created: String? = nil, config: Execution? = nil, rootfs: RootFileSystem? = nil,
        layerDigests: [Digest]? = nil
    ) {
        self.created = created
        architecture = platform.architecture
        os = platform.os
        variant = platform.variant
        self.config = config
        self.rootfs = rootfs
        self.layerDigests = layerDigests
    }

    /// What it is made for, when it says.
    package var platform: Platform? {
        guard let os, let architecture else { return nil }
        return Platform(os: os, architecture: architecture, variant: variant)
    }
}
