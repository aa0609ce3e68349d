/// The command line of `wasm-shim run` as it was typed, before anything in it is checked.
struct RunArguments: Equatable, Sendable {
    var target = ""
    var environment: [String] = []
    var folders: [String] = []
    var workingFolder: String?
    var entrypoint: String?
    var platform: String?
    var isVerbose = false
    var tracesCalls = false
    var profile: String?
    var preloads: [String] = []
    var invoked: String?
    /// What stands after `--`; `nil` where nothing does.
    var arguments: [String]?

    init() {}

    /// Reads the plain forms of the command line: `OPTION VALUE` pairs, one target, `--` and the rest.
    ///
    /// ArgumentParser reads every form and explains what is wrong, and needs 1 ms for it, a third of what `run` may cost
    /// in all (specs/performance.md). So it is asked only where this gives `nil`; a test holds the two to the same
    /// answers.
    init?(plain words: some Sequence<String>) {
        var words = words.makeIterator()
        var found: String?
        while let word = words.next() {
            switch word {
            case "--env", "--dir", "--workdir", "--entrypoint", "--platform", "--profile", "--preload", "--invoke":
                guard let value = words.next(), !value.hasPrefix("-") else { return nil }
                guard set(word, to: value) else { return nil }
            case "--verbose":
                isVerbose = true
            case "--trace-calls":
                tracesCalls = true
            case "--":
                var rest: [String] = []
                while let argument = words.next() { rest.append(argument) }
                arguments = rest.isEmpty ? nil : rest
            default:
                guard found == nil, !word.hasPrefix("-") else { return nil }
                found = word
            }
        }
        guard let found else { return nil }
        target = found
    }

    /// Takes an option's value; `false` where one is given twice that has one value.
    private mutating func set(_ option: String, to value: String) -> Bool {
        switch option {
        case "--env": environment.append(value)
        case "--dir": folders.append(value)
        case "--workdir" where workingFolder == nil: workingFolder = value
        case "--entrypoint" where entrypoint == nil: entrypoint = value
        case "--platform" where platform == nil: platform = value
        case "--profile" where profile == nil: profile = value
        case "--preload": preloads.append(value)
        case "--invoke" where invoked == nil: invoked = value
        default: return false
        }
        return true
    }
}
