/// An annotation that means something to the assembler (core, appendix on custom sections); others are white space.
struct Annotation {
    /// Which of the three it is.
    enum Kind {
        case custom
        case name
        case branchHint
    }

    let kind: Kind
    /// Its first byte.
    let start: Int
    /// The token that it stands before.
    let place: Int
    /// What is between its name and its closing parenthesis, in `LexedText.annotationTokens`.
    let contents: Range<Int>

    /// An annotation of this name; `nil` where it means nothing.
    init?(id: [UInt8], start: Int, place: Int, contents: Range<Int>) {
        switch String(decoding: id, as: UTF8.self) {
        case "custom": kind = .custom
        case "name": kind = .name
        case "metadata.code.branch_hint": kind = .branchHint
        default: return nil
        }
        self.start = start
        self.place = place
        self.contents = contents
    }

    /// How messages call it.
    var title: String {
        switch kind {
        case .custom: "@custom"
        case .name: "@name"
        case .branchHint: "@metadata.code.branch_hint"
        }
    }
}
