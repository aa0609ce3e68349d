/// Why a call failed: a code for programs, words for people.
package struct Status: Error, Equatable, Sendable, CustomStringConvertible {
    package var code: StatusCode
    package var message: String

    package init(_ code: StatusCode, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(message) (\(code))" }
}

extension Status {
    /// What an answer says; a number that is none of google.rpc's is `unknown`.
    init(_ status: EnvelopeStatus) {
        self.init(StatusCode(rawValue: status.code) ?? .unknown, status.message)
    }
}
