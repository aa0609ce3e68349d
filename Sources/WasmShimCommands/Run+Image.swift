internal import ContainerProcess
internal import LinuxSystem
internal import OCIBundle
internal import OCIImage
internal import OCILayout
internal import OCISpec
internal import OCIUnpack

/// Running an image: from a layout to a guest.
extension Run {
    /// Runs an image of a layout folder.
    func runImage(inLayoutAt path: String, _ reference: ImageReference?) throws(Failure) -> Never {
        let layout = try Failure.wrapping { () throws(LayoutError) in try Layout(at: path) }
        let image = try choose(reference, in: layout)
        guard !image.tarLayers.isEmpty else { try replace(with: try process(of: image, in: nil)) }
        let folder = try Failure.wrapping { () throws(ContainerError) in try SweptFolder() }
        try end(folder) { () throws(Failure) in try run(image, in: folder) }
    }

    /// Runs an image of an archive, which is unpacked to a layout first.
    func runImage(inArchiveAt path: String, _ reference: ImageReference?) throws(Failure) -> Never {
        let folder = try Failure.wrapping { () throws(ContainerError) in try SweptFolder() }
        try end(folder) { () throws(Failure) in
            let place = "\(folder.path)/layout"
            let layout = try Failure.wrapping { () throws(UnpackError) in
                guard let archive = try LayoutArchive(at: path) else { throw UnpackError(.noFile, at: path) }
                return try archive.unpack(into: place)
            }
            request.explain("\(path): unpacked to \(place)")
            let image = try choose(reference, in: layout)
            if image.tarLayers.isEmpty {
                let process = try process(of: image, in: nil)
                try Failure.wrapping { () throws(ContainerError) in try folder.remove() }
                try replace(with: process)
            }
            return try run(image, in: folder, removing: place)
        }
    }

    /// Removes the folder, whatever becomes of `body`, and ends as the guest ended.
    private func end(_ folder: SweptFolder, _ body: () throws(Failure) -> ProcessEnd) throws(Failure) -> Never {
        let end: ProcessEnd
        do throws(Failure) {
            end = try body()
        } catch {
            try? folder.remove()
            throw error
        }
        try Failure.wrapping { () throws(ContainerError) in try folder.remove() }
        end.endThisProcess()
    }

    private func choose(_ reference: ImageReference?, in layout: Layout) throws(Failure) -> Image {
        let image = try Failure.wrapping { () throws(ImageError) in
            try layout.image(reference, for: request.platform)
        }
        request.explain("\(request.target): \(image.choice.explanation)")
        return image
    }

    /// Unpacks an image with a root file system and runs it; `layout` is a folder that is not needed any more then.
    private func run(
        _ image: Image, in folder: SweptFolder, removing layout: String? = nil
    ) throws(Failure) -> ProcessEnd {
        let place = "\(folder.path)/bundle"
        let overrides = try overrides(over: image)
        let bundle = try Failure.wrapping { () throws(UnpackError) in
            try Bundle(unpacking: image, into: place, overriding: overrides) {
                request.explain("\(request.target): \($0)")
            }
        }
        request.explain("\(request.target): unpacked to \(bundle.rootPath)")
        let container = try container(of: try process(of: image, in: bundle))
        if let layout { try? removeFolder(at: layout) }
        let end = try Failure.wrapping { () throws(ContainerError) in try folder.run(container) }
        try profile?.draw()
        return end
    }

    /// What an image runs: the module that is a layer of it, or one of its root file system.
    private func process(of image: Image, in bundle: Bundle?) throws(Failure) -> GuestProcess {
        let overrides = try overrides(over: image)
        let process = try Failure.wrapping { () throws(ImageError) in
            guard let bytes = try image.moduleBytes() else {
                guard let bundle else { throw ImageError(.noLayers, at: image.place) }
                return GuestProcess(name: request.target, bundle: bundle)
            }
            let spec = try image.process(overriding: overrides)
            let entrypoint = Entrypoint(spec.args?.first ?? "")
            var process = GuestProcess(
                name: request.target, module: .bytes(bytes),
                arguments: [entrypoint.path] + (spec.args ?? []).dropFirst())
            process.function = entrypoint.function
            process.environment = spec.env ?? []
            process.workingFolder = spec.cwd
            process.root = bundle.map { GuestProcess.Folder(hostPath: $0.rootPath, guestPath: "/") }
            return process
        }
        return try complete(process)
    }

    private func overrides(over image: Image) throws(Failure) -> ProcessOverrides {
        try Failure.wrapping { () throws(ImageError) in
            var own = ProcessOverrides()
            // An entrypoint given whole makes up for one that the image lacks.
            if let text = request.entrypoint, !Entrypoint(text).path.isEmpty { own.entrypoint = text }
            return request.overrides(overOwn: try image.process(overriding: own).args ?? [])
        }
    }
}
