/// Who has to act on a failure; the command line makes its exit code of it.
package enum FailureKind: Int32, Sendable {
    /// The input is damaged or against its specification, or we could not do our part.
    case failed = 125
    /// What was asked for is there, and it is nothing that we can run.
    case notRunnable = 126
    /// What was asked for is not there.
    case notFound = 127
}
