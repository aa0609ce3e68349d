/// Why a text is not what it should be, and where; in the official suite's words where that has some.
package struct TextError: Error, Equatable, CustomStringConvertible {
    /// Where it shows.
    package let position: TextPosition
    /// What was wrong: `unknown operator: i32.const0`.
    package let reason: String

    /// An error at a place.
    package init(_ reason: String, at position: TextPosition) {
        self.reason = reason
        self.position = position
    }

    package var description: String { "\(position): \(reason)" }
}
