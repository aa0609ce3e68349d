internal import Glibc
internal import LinuxSystem
internal import OCIImage
package import OCILayout

/// A tar archive of an image layout, as `skopeo copy oci-archive:` and `docker save` write it, compressed or not; or
/// of the form that `docker save` had before.
package struct LayoutArchive: Equatable, Sendable {
    /// Where the archive is.
    package let path: String

    private let compression: LayerKind.Compression

    /// Looks at a file; `nil` where it is no tar archive by its first bytes, whatever its name.
    package init?(at path: String) throws(UnpackError) {
        let file = try LayoutArchive.open(path)
        let start = try unpacking(path) { () throws(SystemCallError) in try file.firstBytes(512, name: path) }
        if start.starts(with: [0x1F, 0x8B]) {
            compression = .gzip
        } else if start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
            compression = .zstd
        } else if start.count == 512, TarHeader(block: start).isChecksumRight {
            compression = .none
        } else {
            return nil
        }
        self.path = path
    }

    /// Unpacks the archive into a new folder at `folder`, which appears when it is whole; gives the layout in it.
    package func unpack(
        into folder: String, limits: UnpackLimits = UnpackLimits()
    ) throws(UnpackError) -> Layout {
        try PartialFolder.make(at: folder) { partial throws(UnpackError) in
            var applier = try LayerApplier(root: partial, limits: archiveLimits(limits), interpretsWhiteouts: false)
            let stream = try TarStream(
                FileSource(try LayoutArchive.open(path), at: path), compression: compression,
                bytes: limits.archiveBytes, entries: limits.entries, hashing: nil)
            try applier.apply(try Archive(stream), place: path)
            _ = try stream.finish()
            try applier.finish()
            try prepare(partial)
        }
        do throws(LayoutError) {
            return try Layout(at: folder, called: path)
        } catch {
            throw UnpackError(error)
        }
    }

    /// Makes a layout of what was unpacked, where it is none yet, and sees that it is one.
    private func prepare(_ folder: String) throws(UnpackError) {
        do throws(LayoutError) {
            if try !LayoutSigns(at: folder).areOfLayout {
                let old = try DockerArchive(in: folder, of: path)
                guard try old.isPresent else { throw LayoutError(.notALayout(missing: "oci-layout"), at: path) }
                try old.becomeLayout()
            }
            _ = try Layout(at: folder, called: path)
        } catch {
            throw UnpackError(error)
        }
    }

    private func archiveLimits(_ limits: UnpackLimits) -> UnpackLimits {
        var limits = limits
        limits.imageBytes = limits.archiveBytes
        return limits
    }

    private static func open(_ path: String) throws(UnpackError) -> OwnedDescriptor {
        let kind = try unpacking(path) { () throws(SystemCallError) in try FileKind(at: path) }
        guard kind == .regularFile else { throw UnpackError(.noFile, at: path) }
        return try unpacking(path) { () throws(SystemCallError) in
            try OwnedDescriptor(opening: path, flags: O_RDONLY | O_NONBLOCK)
        }
    }
}
