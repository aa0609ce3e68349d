internal import ContainerProcess
internal import Glibc
internal import GuestLaunch
internal import LinuxSystem
internal import OCIImage
internal import OCILayout
internal import OCISpec

/// What `wasm-shim run` is pointed at, found by looking at it and never by its name alone.
enum Target: Equatable, Sendable {
    /// An OCI image layout in a folder.
    case layout(path: String, reference: ImageReference?)
    /// An OCI image layout as one tar file.
    case archive(path: String, reference: ImageReference?)
    /// An OCI bundle.
    case bundle(path: String)
    /// A WebAssembly module.
    case module(path: String)
    /// A WebAssembly module in the text format.
    case text(path: String)

    /// Looks at what `text` names: the whole of it if that is a path, else what stands before a `:TAG` or `@DIGEST`.
    init(_ text: String) throws(TargetError) {
        let parts = try Self.split(text)
        switch parts.kind {
        case .folder:
            self = try Self.folder(at: parts.path, reference: parts.reference, of: text)
        case .regularFile:
            self = try Self.file(at: parts.path, reference: parts.reference, of: text)
        case .symbolicLink, .other:
            throw TargetError(.notAFile, at: parts.path)
        }
    }

    /// The path that exists and what is left of the text as a reference; a path may have `:` and `@` in it too.
    private static func split(
        _ text: String
    ) throws(TargetError) -> (path: String, kind: FileKind, reference: ImageReference?) {
        if let kind = try kind(at: text) { return (text, kind, nil) }
        for separator in text.indices.reversed() where text[separator] == ":" || text[separator] == "@" {
            let path = String(text[..<separator])
            let rest = String(text[text.index(after: separator)...])
            guard !path.isEmpty, !rest.isEmpty, let kind = try kind(at: path) else { continue }
            guard text[separator] == "@" else { return (path, kind, .name(rest)) }
            do throws(SpecError) { return (path, kind, .digest(try Digest(rest))) } catch {
                throw TargetError(.digest(error), at: text)
            }
        }
        throw TargetError(.absent, at: text)
    }

    private static func kind(at path: String) throws(TargetError) -> FileKind? {
        do throws(SystemCallError) {
            return try FileKind(at: path)
        } catch {
            throw TargetError(.system(error), at: path)
        }
    }

    private static func folder(
        at path: String, reference: ImageReference?, of text: String
    ) throws(TargetError) -> Target {
        let signs: LayoutSigns
        do throws(LayoutError) {
            signs = try LayoutSigns(at: path)
        } catch {
            throw TargetError(.layout(error), at: path)
        }
        let isBundle = try kind(at: "\(path)/config.json") == .regularFile
        switch (signs.areOfLayout, isBundle) {
        case (true, false): return .layout(path: path, reference: reference)
        case (false, true):
            if let reference { throw TargetError(.uselessReference(reference, what: "an OCI bundle"), at: path) }
            return .bundle(path: path)
        case (true, true): throw TargetError(.layoutAndBundle, at: path)
        case (false, false): throw TargetError(.unclearFolder(holds: try names(in: path)), at: path)
        }
    }

    private static func file(
        at path: String, reference: ImageReference?, of text: String
    ) throws(TargetError) -> Target {
        let kind: ModuleKind?
        do throws(SystemCallError) {
            kind = try ModuleKind(of: OwnedDescriptor(opening: path, flags: O_RDONLY | O_NONBLOCK), at: path)
        } catch { throw TargetError(.system(error), at: path) }
        switch kind {
        case .module:
            if let reference { throw TargetError(.uselessReference(reference, what: "a WebAssembly module"), at: path) }
            return .module(path: path)
        case .text:
            if let reference { throw TargetError(.uselessReference(reference, what: "WebAssembly text"), at: path) }
            return .text(path: path)
        case .tar, .gzip, .zstd:
            return .archive(path: path, reference: reference)
        case .component, .unknownVersion, .elf, .script:
            throw TargetError(.notRunnable(kind ?? .unknown), at: path)
        case .empty, .unknown, nil:
            throw TargetError(.unclearFile(kind ?? .unknown), at: path)
        }
    }

    /// A few of the names in a folder, for saying what was found.
    private static func names(in path: String) throws(TargetError) -> [String] {
        do throws(SystemCallError) {
            let folder = try OwnedDescriptor(opening: path, flags: O_RDONLY | O_DIRECTORY)
            return try folder.entryNames(of: path, limit: 1000).map(\.text).sorted()
        } catch { throw TargetError(.system(error), at: path) }
    }

    /// How `--verbose` calls it.
    var kindName: String {
        switch self {
        case .layout: "an OCI image layout"
        case .archive: "an archive of an OCI image layout"
        case .bundle: "an OCI bundle"
        case .module: "a WebAssembly module"
        case .text: "a WebAssembly module as text"
        }
    }
}
