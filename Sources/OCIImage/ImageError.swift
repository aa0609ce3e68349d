package import OCILayout
package import OCISpec

/// Why a layout has no image that we can run.
package struct ImageError: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    package enum Problem: Equatable, Sendable {
        /// The layout cannot be read.
        case layout(LayoutError)
        /// No image has the name or digest.
        case unknownReference(String, available: [String])
        /// There are several images and none was named, or the name fits several.
        case ambiguousReference(String?, available: [String])
        /// An index lists nothing.
        case noManifests
        /// Indexes lie in one another deeper than anybody needs.
        case nesting(limit: Int)
        /// No manifest is for a platform that we run.
        case platform(wanted: Platform?, available: [String])
        /// A manifest, config or layer of a kind that we do not take.
        case mediaType(MediaType, of: String)
        /// A Spin application: several components under an engine of its own.
        case spinApplication
        /// More layers than `limit`.
        case layerCount(Int, limit: Int)
        /// A manifest without layers.
        case noLayers
        /// More than one layer that is a module.
        case severalModules(Int)
        /// The config does not name the layers of the manifest.
        case differentLayers(reason: String)
        /// The config has a value that no process can be started with.
        case process(reason: String)
        /// Neither the image nor the command line says what to run.
        case noEntrypoint
    }

    /// What is wrong.
    package let problem: Problem

    /// Where: a layout's path, or a blob's.
    package let place: String

    package init(_ problem: Problem, at place: String) {
        self.problem = problem
        self.place = place
    }

    init(_ error: LayoutError) { self.init(.layout(error), at: error.place) }

    package var description: String {
        switch problem {
        case .layout(let error): error.description
        default: "\(place): \(explanation)"
        }
    }

    private var explanation: String {
        switch problem {
        case .layout(let error): error.description
        case .unknownReference(let reference, let available):
            "no image is called \(reference.debugDescription); \(ImageError.list(available))"
        case .ambiguousReference(nil, let available):
            "holds several images; choose one with :TAG or @DIGEST: \(available.joined(separator: ", "))"
        case .ambiguousReference(let reference?, let available):
            "\(reference.debugDescription) fits several images; choose one of: \(available.joined(separator: ", "))"
        case .noManifests: "lists no manifests; the index is empty: copy the image again"
        case .nesting(let limit): "indexes are nested deeper than \(limit) levels; refused"
        case .platform(nil, let available):
            "no WebAssembly image in it (\(ImageError.preferred)); \(ImageError.list(available))"
        case .platform(let wanted?, let available):
            "no image for platform \(wanted) in it; \(ImageError.list(available))"
        case .mediaType(let type, let of):
            "the \(of) is of type \(type.rawValue.debugDescription), which cannot be run; see specs/image-selection.md"
        case .spinApplication:
            "a Spin application, which only Spin can run; build its module as an image of its own"
        case .layerCount(let count, let limit): "has \(count) layers; at most \(limit) are unpacked"
        case .noLayers: "has no layers, so there is nothing to run"
        case .severalModules(let count):
            "has \(count) layers that are modules; a wasm artifact has exactly one"
        case .differentLayers(let reason): "\(reason); the image is damaged: build it again"
        case .process(let reason): "\(reason); the image's config is damaged: build it again"
        case .noEntrypoint: "names no entrypoint; give one with --entrypoint FILE.wasm"
        }
    }

    private static var preferred: String {
        PlatformPreference.order.map(\.description).joined(separator: ", ")
    }

    private static func list(_ available: [String]) -> String {
        available.isEmpty ? "there is none" : "there is: \(available.joined(separator: ", "))"
    }

    /// Who has to act.
    package var failureKind: FailureKind {
        switch problem {
        case .layout(let error): error.failureKind
        case .unknownReference, .ambiguousReference: .notFound
        case .platform, .mediaType, .spinApplication, .noEntrypoint: .notRunnable
        case .noManifests, .nesting, .layerCount, .noLayers, .severalModules, .differentLayers, .process: .failed
        }
    }
}
