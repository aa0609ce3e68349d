/// A test's own failure, with what was found.
struct TestFailure: Error {
    let found: String
    init(_ found: Any) { self.found = "\(found)" }
}
