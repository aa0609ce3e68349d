internal import Glibc
internal import LinuxSystem
internal import WasmModule
internal import WasmRuntime

/// A call of one function by hand: its arguments from words, its results as lines.
struct Invocation {
    let arguments: [Value]
    private let results: [ValueType]

    /// Reads the arguments of a function of the module called `name`.
    init(of function: String, _ type: FunctionType, words: [String], name: String) throws(GuestFailure) {
        let place = "\(name): function \"\(function)\" (\(type))"
        guard words.count == type.parameters.count else {
            throw GuestFailure(
                .usage, "\(place) takes \(type.parameters.count) arguments, not \(words.count); give them after --")
        }
        var arguments: [Value] = []
        for (word, parameter) in zip(words, type.parameters) {
            guard let value = Value(word, of: parameter) else {
                throw GuestFailure(
                    .usage, "\(place): \"\(word)\" is no \(parameter): give \(Value.form(of: parameter))")
            }
            arguments.append(value)
        }
        self.arguments = arguments
        results = type.results
    }

    /// Prints a line for each result, its type and its value.
    func printResults(_ values: [Value]) {
        let lines = zip(values, results).map { "\($1) \($0.text(of: $1))\n" }.joined()
        let output = OwnedDescriptor(owning: STDOUT_FILENO)
        do throws(SystemCallError) {
            try output.writeAll(Array(lines.utf8), name: "standard output")
        } catch {
            Report.end(.failure, "\(error)")
        }
        _ = output.release()
    }
}
