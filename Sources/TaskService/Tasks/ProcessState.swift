/// Where a process of a container is in its life: a value that decides, and never acts.
///
/// ```
/// created ──▶ running ──▶ pausing ──▶ paused
///    │           │  ▲                    │
///    ▼           ▼  └────────────────────┘
/// stopped ◀──────┴──── from every state
/// ```
package enum ProcessState: Equatable, Sendable {
    /// Made, or for an exec only announced; nothing of the guest has run.
    case created
    case running
    /// The freezer was asked and has not finished.
    case pausing
    case paused
    case stopped(ExitRecord)

    /// What containerd calls it.
    package var name: String {
        switch self {
        case .created: "created"
        case .running: "running"
        case .pausing: "pausing"
        case .paused: "paused"
        case .stopped: "stopped"
        }
    }

    /// The end, once there was one.
    package var exit: ExitRecord? {
        if case .stopped(let record) = self { return record }
        return nil
    }

    /// Start: from `created` alone.
    package mutating func start() throws(TaskError) {
        guard self == .created else { throw TaskError(.wrongState("start", state: name)) }
        self = .running
    }

    /// Pause: from `running` alone.
    package mutating func beginPause() throws(TaskError) {
        guard self == .running else { throw TaskError(.wrongState("pause", state: name)) }
        self = .pausing
    }

    /// The freezer has finished; whether that still matters.
    package mutating func finishPause() -> Bool {
        guard self == .pausing else { return false }
        self = .paused
        return true
    }

    /// The freezer could not do it.
    package mutating func abandonPause() {
        if self == .pausing { self = .running }
    }

    /// Resume: from `paused`, or from a pause that has not finished.
    package mutating func resume() throws(TaskError) {
        guard self == .paused || self == .pausing else { throw TaskError(.wrongState("resume", state: name)) }
        self = .running
    }

    /// Whether a signal can be sent: to everything that has not ended.
    package func checkKill() throws(TaskError) {
        if exit != nil { throw TaskError(.finished) }
    }

    /// Whether it can be deleted: before it runs and after it has ended.
    package func checkDelete() throws(TaskError) {
        switch self {
        case .created, .stopped: return
        case .running, .pausing, .paused: throw TaskError(.wrongState("delete", state: name, isPrecondition: true))
        }
    }

    /// Whether a further process can be added: as long as the first one has not ended.
    package func checkExec() throws(TaskError) {
        switch self {
        case .created, .running: return
        case .pausing, .paused: throw TaskError(.wrongState("exec in", state: name, isPrecondition: true))
        case .stopped: throw TaskError(.initStopped)
        }
    }

    /// Whether limits can be changed.
    package func checkUpdate() throws(TaskError) {
        if exit != nil { throw TaskError(.wrongState("update", state: name)) }
    }

    /// The process has ended; whether that is news.
    package mutating func end(_ record: ExitRecord) -> Bool {
        guard exit == nil else { return false }
        self = .stopped(record)
        return true
    }
}
