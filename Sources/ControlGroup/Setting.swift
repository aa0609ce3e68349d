/// A value for one of a group's files.
struct Setting: Equatable, Sendable {
    /// A file's name and what is written to it.
    struct Choice: Equatable, Sendable {
        let file: String
        let value: String
    }

    /// The controller that the file belongs to.
    let controller: String
    /// What was asked for, in the runtime specification's words.
    let asked: String
    /// The file, or several of which the first that is there is taken.
    let choices: [Choice]
    /// Whether a kernel without the file does already what was asked.
    let isOptional: Bool

    init(_ asked: String, _ controller: String, _ choices: [Choice], isOptional: Bool = false) {
        self.asked = asked
        self.controller = controller
        self.choices = choices
        self.isOptional = isOptional
    }

    init(_ asked: String, _ controller: String, _ file: String, _ value: String, isOptional: Bool = false) {
        self.init(asked, controller, [Choice(file: file, value: value)], isOptional: isOptional)
    }
}
