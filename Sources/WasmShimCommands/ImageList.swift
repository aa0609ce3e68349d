internal import ContainerProcess
internal import OCIImage
internal import OCILayout
internal import OCISpec
internal import OCIUnpack

/// The images of a layout, as `image inspect` shows them.
struct ImageList {
    /// One entry of a layout's index.
    struct Row: Encodable, Equatable {
        /// Its name in the layout.
        var name: String?
        /// The digest of the entry: of a manifest, or of an index of several.
        var digest: String
        /// The platform that would be chosen.
        var platform: String?
        /// `image`, with a root file system, or `artifact`, a module alone.
        var form: String?
        /// The bytes of its layers, as they are stored.
        var size: Int64?
        /// What it runs: the program and its arguments.
        var arguments: [String]?
        /// Its environment.
        var environment: [String]?
        /// The folder it starts in.
        var workingFolder: String?
        /// What else the entry leads to.
        var otherPlatforms: [String]?
        /// Why it cannot be run.
        var problem: String?

        enum CodingKeys: String, CodingKey {
            case name, digest, platform, form, size, arguments, environment
            case workingFolder = "workdir"
            case otherPlatforms, problem
        }
    }

    let rows: [Row]

    /// Looks at what `text` names: a layout, an archive, or one image of them.
    init(of text: String) throws(Failure) {
        let target = try Failure.wrapping { () throws(TargetError) in try Target(text) }
        switch target {
        case .layout(let path, let reference):
            let layout = try Failure.wrapping { () throws(LayoutError) in try Layout(at: path) }
            rows = try Self.rows(of: layout, reference)
        case .archive(let path, let reference):
            let folder = try Failure.wrapping { () throws(ContainerError) in try SweptFolder() }
            defer { try? folder.remove() }
            let layout = try Failure.wrapping { () throws(UnpackError) in
                guard let archive = try LayoutArchive(at: path) else { throw UnpackError(.noFile, at: path) }
                return try archive.unpack(into: "\(folder.path)/layout")
            }
            rows = try Self.rows(of: layout, reference)
        case .bundle(let path), .module(let path), .text(let path):
            throw .target(TargetError(.noImages(what: target.kindName), at: path))
        }
    }

    private static func rows(of layout: Layout, _ reference: ImageReference?) throws(Failure) -> [Row] {
        if let reference {
            let image = try Failure.wrapping { () throws(ImageError) in try layout.image(reference) }
            let descriptor = image.choice.candidate.descriptor
            return [row(of: image, name: reference.description, digest: descriptor.digest)]
        }
        return layout.index.manifests.map { descriptor in
            let name = descriptor.annotations?[Annotation.referenceName]
            do throws(ImageError) {
                let image = try layout.image(.digest(descriptor.digest))
                return row(of: image, name: name, digest: descriptor.digest)
            } catch {
                return Row(name: name, digest: "\(descriptor.digest)", problem: error.description)
            }
        }
    }

    private static func row(of image: Image, name: String?, digest: Digest) -> Row {
        var row = Row(name: name, digest: "\(digest)")
        row.platform = image.choice.candidate.platform?.description
        row.form = image.moduleLayer == nil ? "image" : "artifact"
        row.size = image.manifest.layers.reduce(0) { sum, layer in
            // What a manifest says need not be true, nor small.
            let (next, overflows) = sum.addingReportingOverflow(layer.size)
            return overflows ? .max : next
        }
        row.otherPlatforms = image.choice.passedOver
        do throws(ImageError) {
            let process = try image.process()
            row.arguments = process.args
            row.environment = process.env
            row.workingFolder = process.cwd
        } catch {
            row.problem = error.description
        }
        return row
    }

    /// The list as JSON.
    func json() throws(Failure) -> String {
        try Failure.wrapping { () throws(LayoutError) in
            do throws(SpecError) {
                return String(decoding: try Document.encode(rows), as: UTF8.self)
            } catch {
                throw LayoutError(.document(error), at: "--json")
            }
        }
    }

    /// The list for people.
    var table: String {
        let head = ["NAME", "PLATFORM", "FORM", "SIZE", "DIGEST", "RUNS"]
        let lines = rows.map { row in
            [
                row.name ?? "-", row.platform ?? "-", row.form ?? "-", row.size.map { "\($0)" } ?? "-",
                // Enough to tell it from others, and to name it by copying from --json.
                String(row.digest.prefix(19)), row.problem ?? row.arguments?.joined(separator: " ") ?? "-",
            ].map(CommandLineMain.printable)
        }
        let widths = head.indices.map { column in ([head] + lines).map { $0[column].count }.max() ?? 0 }
        return ([head] + lines).map { line in
            zip(line, widths).enumerated().map { column, cell in
                let isLast = column == head.count - 1
                return isLast ? cell.0 : cell.0 + String(repeating: " ", count: cell.1 - cell.0.count)
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
