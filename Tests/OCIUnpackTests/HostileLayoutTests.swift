internal import FoundationEssentials
internal import OCIBundle
internal import OCIImage
internal import OCILayout
internal import OCISpec
internal import OCIUnpack
internal import TestSupport
internal import Testing

/// Every layout of the shared generator, through the whole way from a folder to an opened module.
///
/// Whether a module is valid is for the engine to say; of the cases about modules only their being contained is
/// checked here.
@Suite struct HostileLayoutTests {
    /// One case of the generator's list.
    struct Case: Decodable {
        struct Expectation: Decodable {
            var verdict: String
            var errors: [String]
            var result: Result?
        }
        struct Result: Decodable {
            var exist: [String: Entry]
            var absent: [String]
        }
        struct Entry: Decodable {
            var type: String
            var sha256: String?
            var target: String?
        }
        var name: String
        var group: String
        var expect: Expectation
    }

    struct List: Decodable {
        var cases: [Case]
    }

    @Test("BUN-16: every layout of the hostile set gets its verdict, and nothing outside is touched")
    func verdicts() throws {
        guard let generator = SharedFolder.path("hostile-layouts/hostile_layouts.py", skipping: "hostile layouts")
        else { return }
        guard isInstalled("python3") else { return SharedFolder.skip("hostile layouts", because: "no python3") }
        let folder = try TestFolder()
        #expect(shell("python3 \(quoted(generator)) \(quoted(folder.path)) >/dev/null") == 0)
        let list = try JSONDecoder().decode(List.self, from: Data(contents(of: folder.path("manifest.json"))))
        #expect(list.cases.count > 200)
        for one in list.cases { try check(one, at: folder.path(one.name)) }
    }

    private func check(_ one: Case, at layout: String) throws {
        let place = try TestFolder()
        let canaries = ["canary", "a/canary", "a/b/canary"]
        for canary in canaries { try place.write("alive", to: canary) }
        let bundle = place.path("a/b/bundle")
        let start = ContinuousClock.now
        let outcome = Outcome(of: layout, unpackedInto: bundle)
        let duration = ContinuousClock.now - start

        #expect(duration < .seconds(20), "\(one.name) took \(duration)")
        for canary in canaries { #expect(try text(of: place.path(canary)) == "alive", "\(one.name)") }
        let allowed = ["bundle", "canary"]
        #expect(try place.names(in: "a/b").allSatisfy(allowed.contains), "\(one.name) left something beside its bundle")
        #expect(try place.names(in: "a") == ["b", "canary"], "\(one.name) reached upwards")
        #expect(try place.names() == ["a", "canary"], "\(one.name) reached upwards")
        #expect(!exists("/tmp/hostile-escape") && !exists("/tmp/hostile-volume"), "\(one.name) reached /tmp")
        if exists(bundle) {
            #expect(try everything(below: bundle).allSatisfy { $0.isOrdinary }, "\(one.name) made a special file")
        }
        if one.group == "module" { return }
        switch (outcome, one.expect.verdict) {
        case (.failure(let names, let message), "reject"), (.failure(let names, let message), "either"):
            #expect(!names.isDisjoint(with: one.expect.errors), "\(one.name): \(message), wanted \(one.expect.errors)")
        case (.success, "accept"), (.success, "either"):
            if let result = one.expect.result { try compare(result, with: "\(bundle)/rootfs", of: one.name) }
        case (.failure(_, let message), _):
            Issue.record("\(one.name): refused: \(message)")
        case (.success, _):
            Issue.record("\(one.name): accepted, wanted \(one.expect.errors)")
        }
    }

    private func compare(_ result: Case.Result, with root: String, of name: String) throws {
        for (path, entry) in result.exist {
            switch entry.type {
            case "file":
                let digest = BlobHasher.digest(of: try contents(of: root + path)).encoded
                #expect(digest == entry.sha256, "\(name): \(path)")
            case "symlink": #expect(linkTarget(of: root + path) == entry.target, "\(name): \(path)")
            default: Issue.record("\(name): unknown type \(entry.type)")
            }
        }
        for path in result.absent { #expect(!exists(root + path), "\(name): \(path) is there") }
    }
}

/// How one layout ended.
private enum Outcome {
    case success
    /// In the words of the generator's classes.
    case failure(Set<String>, message: String)

    init(of path: String, unpackedInto bundlePath: String) {
        do {
            let image = try Layout(at: path).image()
            if try image.moduleBytes() == nil {
                let bundle = try Bundle(unpacking: image, into: bundlePath)
                _ = try bundle.openModule(in: try bundle.openRoot())
            }
            self = .success
        } catch let error as ImageError {
            self = .failure(classes(error), message: error.description)
        } catch let error as LayoutError {
            self = .failure(classes(error), message: error.description)
        } catch let error as UnpackError {
            self = .failure(classes(error), message: error.description)
        } catch let error as BundleError {
            self = .failure(classes(error), message: error.description)
        } catch {
            self = .failure([], message: "\(error)")
        }
    }
}

private func classes(_ error: SpecError) -> Set<String> {
    switch error.problem {
    case .invalidJSON: ["invalid-json"]
    case .tooLarge: ["too-large"]
    case .invalidDigest: ["invalid-digest"]
    case .invalidMember: ["invalid-index", "invalid-manifest", "invalid-config", "invalid-layout"]
    }
}

private func classes(_ error: LayoutError) -> Set<String> {
    switch error.problem {
    case .noFolder, .notALayout, .unknownVersion, .notARegularFile: ["invalid-layout"]
    case .document(let error): classes(error)
    case .mediaType: ["unsupported-media-type", "invalid-manifest", "invalid-index"]
    case .missingBlob: ["missing-blob"]
    case .size: ["size-mismatch"]
    case .digest: ["digest-mismatch"]
    case .tooLarge: ["too-large"]
    case .occupied, .system: []
    }
}

private func classes(_ error: ImageError) -> Set<String> {
    switch error.problem {
    case .layout(let error): classes(error)
    case .unknownReference, .ambiguousReference: []
    case .noManifests: ["invalid-index"]
    case .nesting: ["nesting-too-deep"]
    case .platform: ["no-matching-platform"]
    case .mediaType, .spinApplication: ["unsupported-media-type"]
    case .layerCount: ["too-large"]
    case .noLayers, .severalModules: ["invalid-manifest"]
    case .differentLayers: ["diffid-mismatch", "invalid-config"]
    case .process: ["invalid-config"]
    case .noEntrypoint: ["no-entrypoint"]
    }
}

private func classes(_ error: UnpackError) -> Set<String> {
    switch error.problem {
    case .layout(let error): classes(error)
    case .image(let error): classes(error)
    case .bundle(let error): classes(error)
    case .diffID: ["diffid-mismatch"]
    case .corrupt: ["corrupt-layer"]
    case .tooLarge: ["too-large"]
    case .unsafePath: ["unsafe-path"]
    case .unsafeLink: ["unsafe-link"]
    case .conflict: ["path-conflict"]
    case .unsupportedEntry: ["unsupported-entry"]
    case .occupied, .noFile, .system: []
    }
}

private func classes(_ error: BundleError) -> Set<String> {
    switch error.problem {
    case .noModule, .moduleKind: ["module-not-found"]
    case .notAModule: ["invalid-module"]
    case .document(let error): classes(error)
    case .noFolder, .noConfiguration, .notARegularFile, .configuration, .noRoot, .noMountSource, .noWorkingFolder,
        .system:
        []
    }
}
