internal import ContainerProcess
internal import OCIBundle
internal import OCISpec

/// Running a bundle: its own process, with what the command line says over it.
extension Run {
    func runBundle(at path: String) throws(Failure) -> Never {
        try refusePlatform(for: "a bundle")
        let bundle = try Failure.wrapping { () throws(BundleError) in
            let bundle = try Bundle(at: path)
            let own = bundle.process.args ?? []
            return try bundle.overriding(request.overrides(overOwn: own))
        }
        try replace(with: try complete(GuestProcess(name: path, bundle: bundle)))
    }
}

extension RunRequest {
    /// What the command line says over a target's own arguments, its program first. Where `--entrypoint` names only a
    /// `#function`, the program stays, and so do its arguments.
    func overrides(overOwn own: [String]) -> ProcessOverrides {
        var overrides = overrides
        if let text = entrypoint, Entrypoint(text).path.isEmpty, let program = own.first {
            overrides.entrypoint = Entrypoint(program).path + text
            overrides.arguments = arguments ?? Array(own.dropFirst())
        }
        return overrides
    }
}
