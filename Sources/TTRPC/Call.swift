/// What a client asked for. Answered once, at any time, from any handler of the loop; the answer of a client that has
/// gone, or whose time is over, goes nowhere.
package struct Call {
    package let service: String
    package let method: String
    /// The request message of the method.
    package let payload: [UInt8]
    package let metadata: [(key: String, value: String)]
    /// How long the client waits, from the arrival of the call; `nil`: as long as it takes.
    package let timeout: Duration?

    let stream: UInt32
    weak var connection: ServerConnection?

    /// Whether an answer still goes anywhere: there is none yet, the client is there, and its time is not over.
    package var isOpen: Bool { connection?.isOpen(stream) ?? false }

    /// Answers with the method's response message.
    package func reply(_ payload: [UInt8]) { connection?.answer(stream, .success(payload)) }

    /// Answers that it did not work, and why.
    package func fail(_ status: Status) { connection?.answer(stream, .failure(status)) }
}
