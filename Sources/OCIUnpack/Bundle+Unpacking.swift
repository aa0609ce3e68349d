internal import Glibc
internal import LinuxSystem
package import OCIBundle
package import OCIImage
internal import OCILayout
package import OCISpec

extension Bundle {
    /// Unpacks an image into a new bundle: a root file system and a `config.json` made from the image's config.
    ///
    /// The bundle appears at `path` when it is whole, and not at all when anything fails. `noting` gets one line for
    /// each entry that was left out.
    package init(
        unpacking image: Image, into path: String, overriding overrides: ProcessOverrides = ProcessOverrides(),
        limits: UnpackLimits = UnpackLimits(), noting: (String) -> Void = { _ in }
    ) throws(UnpackError) {
        let process: ContainerProcessSpec
        do throws(ImageError) {
            process = try image.process(overriding: overrides)
        } catch {
            throw UnpackError(.image(error), at: error.place)
        }
        let spec = RuntimeSpec(process: process, root: RuntimeSpec.Root(path: "rootfs"))
        try PartialFolder.make(at: path) { partial throws(UnpackError) in
            let rootfs = "\(partial)/rootfs"
            try unpacking(partial) { () throws(SystemCallError) in try makeFolder(at: rootfs, mode: 0o755) }
            var applier = try LayerApplier(root: rootfs, limits: limits)
            for layer in image.tarLayers {
                try applier.apply(layer, of: image, limits: limits)
            }
            // Engines make the working folder (runtime-spec leaves it open; Docker and containerd do).
            let components = process.cwd.split(separator: "/").filter { $0 != "." && $0 != ".." }.map(String.init)
            try applier.makeFolder(EntryPath(components: components))
            try applier.finish()
            applier.skipped.forEach { noting("left out \($0)") }
            try Bundle.write(spec, into: partial)
        }
        do throws(BundleError) {
            try self.init(at: path, spec)
        } catch {
            throw UnpackError(.bundle(error), at: path)
        }
    }

    private static func write(_ spec: RuntimeSpec, into folder: String) throws(UnpackError) {
        let place = "\(folder)/config.json"
        let bytes: [UInt8]
        do throws(SpecError) {
            bytes = try Document.encode(spec)
        } catch {
            throw UnpackError(.corrupt(reason: "cannot write the configuration: \(error)"), at: place)
        }
        try unpacking(place) { () throws(SystemCallError) in
            let parent = try OwnedDescriptor(opening: folder, flags: O_RDONLY | O_DIRECTORY)
            try parent.makeFile("config.json", mode: 0o644).writeAll(bytes, name: place)
        }
    }
}

extension LayerApplier {
    /// Applies a layer's blob, and verifies the digests of the blob and of the tar stream in it.
    mutating func apply(_ layer: Image.TarLayer, of image: Image, limits: UnpackLimits) throws(UnpackError) {
        let reader: BlobReader
        do throws(LayoutError) {
            reader = try image.layout.reader(of: layer.descriptor)
        } catch {
            throw UnpackError(error)
        }
        let source = BlobSource(reader)
        let found: Digest?
        do throws(UnpackError) {
            let stream = try TarStream(
                source, compression: layer.compression, bytes: limits.layerBytes, entries: limits.entries,
                hashing: layer.diffID.algorithm)
            try apply(try Archive(stream), place: stream.place)
            found = try stream.finish()
        } catch {
            // A blob that is not the one described explains whatever was found in it.
            while try source.next() != nil {}
            throw error
        }
        guard found == layer.diffID else {
            throw UnpackError(
                .diffID(described: layer.diffID, found: found ?? layer.diffID), at: source.place)
        }
    }
}
