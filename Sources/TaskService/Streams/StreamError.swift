package import LinuxSystem

/// Why a process's standard streams cannot be had.
package struct StreamError: Error, Equatable, CustomStringConvertible {
    package enum Problem: Equatable, Sendable {
        case unknownScheme
        case noInput
        case notAbsolute
        case badEscape
        case noFifo
        case notAFifo
        case loggerDidNotStart(String)
        case system(SystemCallError)
    }

    package let problem: Problem
    /// The name that containerd gave.
    package let place: String

    package init(_ problem: Problem, at place: String) {
        self.problem = problem
        self.place = place
    }

    package var description: String {
        switch problem {
        case .unknownScheme: "\(place): no such kind of stream; give a fifo, file:// or binary://"
        case .noInput: "\(place): standard input cannot come from there; give a fifo"
        case .notAbsolute: "\(place): not an absolute path; give one"
        case .badEscape: "\(place): a % that two hexadecimal digits do not follow; write %25 for it"
        case .noFifo: "\(place): no such fifo; whoever reads or writes it must make it first"
        case .notAFifo: "\(place): neither a fifo nor a file; give a fifo"
        case .loggerDidNotStart(let reason): "\(place): the logger did not get ready: \(reason); try it by hand"
        case .system(let error): "\(place): cannot \(error)"
        }
    }

    /// Does what only the kernel can refuse.
    static func wrapping<Result: ~Copyable>(
        at place: String, _ body: () throws(SystemCallError) -> Result
    ) throws(StreamError) -> Result {
        do throws(SystemCallError) { return try body() } catch { throw StreamError(.system(error), at: place) }
    }
}
