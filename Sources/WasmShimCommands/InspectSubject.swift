internal import ContainerProcess
internal import Glibc
internal import GuestLaunch
internal import LinuxSystem
internal import OCIBundle
internal import OCIImage
internal import OCILayout
internal import OCISpec
internal import OCIUnpack
internal import WasmModule

/// What `inspect` looks at: the module that `run` would run, found in the same way.
struct InspectSubject {
    /// The target as the user named it.
    let target: String
    /// What the target is, in words.
    let kindName: String
    /// The module's path in an image or bundle, where it is a file there.
    var path: String?
    /// Whether the bytes come from a text.
    var isText = false
    /// The export that `run` would call.
    var function = Entrypoint.defaultFunction
    let bytes: [UInt8]

    /// Finds the module; a component is read as well, to be told about.
    init(_ text: String) throws(Failure) {
        let target: Target
        do throws(TargetError) {
            target = try Target(text)
        } catch {
            guard case .notRunnable(.component) = error.problem else { throw .target(error) }
            try self.init(file: error.place, target: text, kindName: "a WebAssembly component")
            return
        }
        switch target {
        case .module(let path): try self.init(file: path, target: text, kindName: target.kindName)
        case .text(let path):
            let bytes = try Failure.wrapping { () throws(ConversionError) in try ModuleText.assembled(at: path) }
            self.init(target: text, kindName: target.kindName, bytes: bytes)
            isText = true
        case .bundle(let path):
            let bundle = try Failure.wrapping { () throws(BundleError) in try Bundle(at: path) }
            try self.init(bundle, target: text, kindName: target.kindName)
        case .layout(let path, let reference):
            let layout = try Failure.wrapping { () throws(LayoutError) in try Layout(at: path) }
            try self.init(layout, reference, target: text, kindName: target.kindName)
        case .archive(let path, let reference):
            let folder = try Failure.wrapping { () throws(ContainerError) in try SweptFolder() }
            defer { try? folder.remove() }
            let layout = try Failure.wrapping { () throws(UnpackError) in
                guard let archive = try LayoutArchive(at: path) else { throw UnpackError(.noFile, at: path) }
                return try archive.unpack(into: "\(folder.path)/layout")
            }
            try self.init(layout, reference, target: text, kindName: target.kindName)
        }
    }

    private init(target: String, kindName: String, bytes: [UInt8]) {
        self.target = target
        self.kindName = kindName
        self.bytes = bytes
    }

    private init(file path: String, target: String, kindName: String) throws(Failure) {
        let bytes = try Failure.wrapping { () throws(ConversionError) in try ModuleText.contents(of: path) }
        self.init(target: target, kindName: kindName, bytes: bytes)
    }

    private init(_ bundle: Bundle, target: String, kindName: String) throws(Failure) {
        let module = try Failure.wrapping { () throws(BundleError) in try bundle.openModule(in: bundle.openRoot()) }
        let bytes = try Failure.wrapping { () throws(ConversionError) in
            let limit = ImplementationLimits.moduleBytes
            let bytes: [UInt8]?
            do throws(SystemCallError) {
                bytes = try module.descriptor.readAll(limit: limit, name: module.path)
            } catch {
                throw ConversionError(.system(error), at: target)
            }
            guard let bytes else { throw ConversionError(.tooLong(limit: limit), at: module.path) }
            return bytes
        }
        self.init(target: target, kindName: kindName, bytes: bytes)
        path = module.path
        function = bundle.entrypoint.function
    }

    /// An image's module: a layer of it, or a file of its root file system, which is unpacked for that.
    private init(
        _ layout: Layout, _ reference: ImageReference?, target: String, kindName: String
    ) throws(Failure) {
        let image = try Failure.wrapping { () throws(ImageError) in try layout.image(reference) }
        if let bytes = try Failure.wrapping({ () throws(ImageError) in try image.moduleBytes() }) {
            let process = try Failure.wrapping { () throws(ImageError) in try image.process() }
            self.init(target: target, kindName: kindName, bytes: bytes)
            function = Entrypoint(process.args?.first ?? "").function
            return
        }
        let folder = try Failure.wrapping { () throws(ContainerError) in try SweptFolder() }
        defer { try? folder.remove() }
        let bundle = try Failure.wrapping { () throws(UnpackError) in
            try Bundle(unpacking: image, into: "\(folder.path)/bundle", overriding: ProcessOverrides()) { _ in }
        }
        try self.init(bundle, target: target, kindName: kindName)
    }
}
