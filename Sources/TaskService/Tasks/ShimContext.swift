package import ContainerProcess
package import ControlGroup
package import EventLoop
package import Logging
package import OCIBundle

/// What everything in one shim server shares.
package final class ShimContext {
    package let loop: EventLoop
    package let children: ChildEnds
    package let events: EventPublisher
    package let log: Logger
    package let namespace: String
    package let controlGroups: HostControlGroups
    package let guestProgram: GuestProgram
    /// Signals that are blocked in this process for its own use: children get them back.
    package let heldSignals: [Int32]
    /// A configuration that was read already; the first container takes it away.
    package var knownSpec: Bundle.ReadSpec?
    /// Work that has to end before the server does: control groups that are still busy.
    package var unfinishedCleanups = 0

    package init(
        loop: EventLoop, children: ChildEnds, events: EventPublisher, log: Logger, namespace: String,
        controlGroups: HostControlGroups, guestProgram: GuestProgram, heldSignals: [Int32]
    ) {
        self.loop = loop
        self.children = children
        self.events = events
        self.log = log
        self.namespace = namespace
        self.controlGroups = controlGroups
        self.guestProgram = guestProgram
        self.heldSignals = heldSignals
    }
}
