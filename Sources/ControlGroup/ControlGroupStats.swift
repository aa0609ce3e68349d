/// What a control group has used, in the words of its version.
package enum ControlGroupStats: Equatable, Sendable {
    case v1(V1Stats)
    case v2(V2Stats)
}

extension ControlGroup {
    /// Reads what the group and those below it have used. A file that is not there gives zeros.
    package func stats() throws(ControlGroupError) -> ControlGroupStats {
        switch host.version {
        case .v1: .v1(try V1Stats(of: self))
        case .v2: .v2(try V2Stats(of: self))
        }
    }
}
