/// What is wrong with the command line, where the parser cannot know.
enum UsageError: Error, Equatable, CustomStringConvertible {
    /// `--dir` is not `HOST[:GUEST[:ro]]`.
    case folder(String, reason: String)
    /// `--env` is not `NAME=value` or the name of a variable that is set.
    case variable(String, reason: String)
    /// `--workdir` is not absolute.
    case workingFolder(String)
    /// `--entrypoint` has no use for the target.
    case entrypoint(String, reason: String)
    /// `--platform` is not `os/architecture`.
    case platform(String)
    /// `--preload` is not `NAME=FILE`, or FILE is no module.
    case preload(String, reason: String)
    /// An option has no meaning for the target.
    case uselessOption(String, reason: String)

    var description: String {
        switch self {
        case .folder(let text, let reason): "--dir \(text): \(reason); give HOST[:GUEST[:ro]], GUEST absolute or ."
        case .variable(let text, let reason): "--env \(text): \(reason); give NAME=value, or the NAME of a variable"
        case .workingFolder(let text): "--workdir \(text): not an absolute path; give one from / on"
        case .entrypoint(let text, let reason): "--entrypoint \(text): \(reason)"
        case .platform(let text): "--platform \(text): not a platform; give os/architecture, for example wasi/wasm"
        case .preload(let text, let reason):
            "--preload \(text): \(reason); give NAME=FILE, the name that imports have and a .wasm or .wat file"
        case .uselessOption(let option, let reason): "\(option): \(reason)"
        }
    }
}
