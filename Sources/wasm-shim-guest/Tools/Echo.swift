extension Tool {
    /// `echo [-n] [TEXT…]`: its arguments with spaces between them.
    static func echo(_ call: Call) -> Int32 {
        let isContinued = call.arguments.first == "-n"
        let text = call.arguments.dropFirst(isContinued ? 1 : 0).joined(separator: " ")
        if isContinued { call.output.write(Array(text.utf8)) } else { call.output.line(text) }
        return 0
    }
}
