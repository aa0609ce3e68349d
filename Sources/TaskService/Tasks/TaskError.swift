package import TTRPC

/// Why a request about a task could not be fulfilled.
package struct TaskError: Error, Equatable, CustomStringConvertible {
    package enum Problem: Equatable, Sendable {
        /// There is a container or exec of this name already.
        case exists(String)
        /// There is no such container.
        case notCreated(String)
        /// The container has no such exec.
        case noExec(String)
        /// A signal for a process that has ended.
        case finished
        /// The state does not allow it.
        case wrongState(String, state: String, isPrecondition: Bool = false)
        /// An exec in a container whose first process has ended.
        case initStopped
        /// Something that we do not do.
        case unsupported(String)
        /// The request makes no sense.
        case invalid(String)
        /// What was tried failed, and why.
        case failed(String)
    }

    package let problem: Problem

    package init(_ problem: Problem) { self.problem = problem }

    /// Gives the reason of another error.
    package init(_ error: some Error & CustomStringConvertible) { self.init(.failed(error.description)) }

    package var description: String {
        switch problem {
        case .exists(let id): "\(id) exists already; choose another name, or delete that one first"
        case .notCreated(let id): "container not created: there is no container \(id) here"
        case .noExec(let id): "exec \(id) does not exist: it was never made, or is deleted"
        case .finished: "process already finished"
        case .wrongState(let action, let state, _): "cannot \(action) a \(state) process"
        case .initStopped: "cannot exec in a stopped container"
        case .unsupported(let what): what
        case .invalid(let what): what
        case .failed(let reason): reason
        }
    }
}

extension Status {
    /// What a client of the task service sees (shim contract, "Services and methods").
    package init(_ error: TaskError) {
        let code: StatusCode =
            switch error.problem {
            case .exists: .alreadyExists
            case .notCreated, .noExec, .finished: .notFound
            case .wrongState(_, _, let isPrecondition): isPrecondition ? .failedPrecondition : .unknown
            case .initStopped: .failedPrecondition
            case .unsupported: .unimplemented
            case .invalid: .invalidArgument
            case .failed: .unknown
            }
        self.init(code, error.description)
    }
}
