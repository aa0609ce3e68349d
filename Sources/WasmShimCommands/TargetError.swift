internal import ContainerProcess
internal import GuestLaunch
internal import LinuxSystem
internal import OCIImage
internal import OCILayout
internal import OCISpec

/// Why a target is nothing that can be run.
struct TargetError: Error, Equatable, CustomStringConvertible {
    /// What was wrong.
    enum Problem: Equatable, Sendable {
        /// Neither the text nor a beginning of it before `:` or `@` is a path.
        case absent
        /// What stands after `@` is no digest.
        case digest(SpecError)
        /// It is a pipe, socket or device.
        case notAFile
        /// A folder with nothing in it that we look for.
        case unclearFolder(holds: [String])
        /// A folder that is both.
        case layoutAndBundle
        /// A file that is none of what we look for.
        case unclearFile(ModuleKind)
        /// A file that we know, and that cannot be run.
        case notRunnable(ModuleKind)
        /// A tag or digest after something that holds no images.
        case uselessReference(ImageReference, what: String)
        /// Something else than a layout, where images are wanted.
        case noImages(what: String)
        /// The layout cannot be looked at.
        case layout(LayoutError)
        /// The kernel refused.
        case system(SystemCallError)
    }

    let problem: Problem
    let place: String

    init(_ problem: Problem, at place: String) {
        self.problem = problem
        self.place = place
    }

    var description: String {
        if case .layout(let error) = problem { return error.description }
        return "\(place): \(explanation)"
    }

    private var explanation: String {
        switch problem {
        case .absent:
            "no such file or folder, with or without what stands after : or @; check the path"
        case .digest(let error): "\(error); a name goes after : instead"
        case .notAFile: "a pipe, socket or device; write it to a file and name that"
        case .unclearFolder(let names):
            "looked for oci-layout and index.json (an image layout) or config.json (a bundle), found "
                + "\(Self.list(names)); name the folder that has one of them"
        case .layoutAndBundle:
            "has oci-layout (an image layout) and config.json (a bundle); move one of them to a folder of its own"
        case .unclearFile(let kind):
            "looked for a WebAssembly module or a tar of an image layout; it is \(kind.explanation)"
        case .notRunnable(let kind): kind.explanation
        case .uselessReference(let reference, let what):
            "\(what), which holds no images; leave out \"\(reference)\""
        case .noImages(let what): "\(what), which holds no images; name an image layout or a tar of one"
        case .layout(let error): error.description
        case .system(let error): "cannot \(error); check the path and its permissions"
        }
    }

    /// The first few of many names.
    private static func list(_ names: [String]) -> String {
        if names.isEmpty { return "nothing" }
        let shown = names.prefix(5).joined(separator: ", ")
        return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
    }

    /// Who has to act.
    var failureKind: FailureKind {
        switch problem {
        case .absent: .notFound
        case .notAFile, .unclearFolder, .layoutAndBundle, .unclearFile, .notRunnable, .uselessReference, .digest,
            .noImages:
            .notRunnable
        case .layout(let error): error.failureKind
        case .system: .failed
        }
    }
}
