extension Tool {
    /// `env`: the environment, a variable a line.
    static func env(_ call: Call) -> Int32 {
        guard call.arguments.isEmpty else {
            call.complain("it prints the environment and starts nothing; use it without arguments")
            return 125
        }
        for variable in call.environment { call.output.line(variable) }
        return 0
    }
}
