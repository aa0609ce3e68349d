/// A place in a text, both numbers counted from 1.
package struct TextPosition: Equatable, Comparable, Sendable, CustomStringConvertible {
    package let line: Int
    /// In bytes from the line's beginning.
    package let column: Int

    /// A place by its two numbers.
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Whether it is earlier in the text.
    package static func < (left: Self, right: Self) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }

    package var description: String { "\(line):\(column)" }
}
