/// What a person says on the command line against what an image or a bundle says.
package struct ProcessOverrides: Equatable, Sendable {
    /// The program, in place of the whole entrypoint; the image's default arguments go with it.
    package var entrypoint: String?
    /// The arguments, in place of the default ones; `nil` leaves those.
    package var arguments: [String]?
    /// `NAME=value`; replaces a variable of the same name, otherwise is added.
    package var environment: [String]
    /// The folder to start in.
    package var workingFolder: String?

    package init(
        entrypoint: String? = nil, arguments: [String]? = nil, environment: [String] = [], workingFolder: String? = nil
    ) {
        self.entrypoint = entrypoint
        self.arguments = arguments
        self.environment = environment
        self.workingFolder = workingFolder
    }

    /// The variables of `base` with ours over them: one of each name, in the order in which they first appear.
    package func merged(over base: [String]) -> [String] {
        var merged: [String] = []
        var positions: [Substring: Int] = [:]
        for variable in base + environment {
            let name = variable.prefix { $0 != "=" }
            if let position = positions[name] {
                merged[position] = variable
            } else {
                positions[name] = merged.count
                merged.append(variable)
            }
        }
        return merged
    }
}
