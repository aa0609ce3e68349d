internal import Glibc
package import LinuxSystem

/// Why something cannot be done with a control group.
package struct ControlGroupError: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    package enum Problem: Equatable, Sendable {
        /// No hierarchy that we use is mounted.
        case noHierarchy
        /// The path names no group that a container may have.
        case path(String)
        /// Processes are in a group that is to be made.
        case inUse(processes: Int)
        /// A limit needs a controller that this machine, or the folder above, does not have.
        case noController(String, for: String)
        /// A limit needs a file that the kernel does not have.
        case noFile(for: String)
        /// What is asked for contradicts itself, or cannot be said in this version of control groups.
        case resources(String)
        /// The kernel refused what was written.
        case refused(value: String, code: Int32)
        /// A file does not say what it should.
        case unreadable(String)
        /// The kernel refused something else.
        case system(SystemCallError)
    }

    /// What is wrong.
    package let problem: Problem

    /// Where: the path of a file or folder, or what was asked for.
    package let place: String

    package init(_ problem: Problem, at place: String) {
        self.problem = problem
        self.place = place
    }

    package var description: String { "\(place): \(explanation)" }

    private var explanation: String {
        switch problem {
        case .noHierarchy:
            "no control groups are mounted; mount cgroup2 on /sys/fs/cgroup"
        case .path(let reason):
            "\(reason); give linux.cgroupsPath as /folder/name or slice:prefix:name"
        case .inUse(let count):
            "\(count) processes are in this control group already; end them, or give the container another name"
        case .noController(let controller, let asked):
            "\(asked) needs the controller \(controller), which is not there; enable it, or do not ask for it"
        case .noFile(let asked):
            "\(asked) needs this file, which the kernel does not have; change the kernel's configuration, or do not ask "
                + "for it"
        case .resources(let reason):
            "\(reason); correct linux.resources"
        case .refused(let value, let code):
            "the kernel does not take \(value.debugDescription) "
                + "(\(SystemCallError(operation: "", code: code).reason)); \(Self.advice(code))"
        case .unreadable(let reason):
            "\(reason); the kernel is not one that we know"
        case .system(let error):
            "cannot \(error)"
        }
    }

    /// What to do about a refused value.
    private static func advice(_ code: Int32) -> String {
        switch code {
        case EBUSY: "the group uses more than that, or is in use; end its processes or give it more"
        case EINVAL, ERANGE: "correct the value, and see that no group above has a narrower limit"
        case EACCES, EPERM, EROFS: "run this as root, with control groups mounted for writing"
        case ENOSPC: "give the group cpuset.cpus and cpuset.mems, or processors that are its parent's"
        case ENOENT, ENODEV: "the group is gone; make it again"
        default: "see cgroups(7)"
        }
    }
}

/// Does something with system calls, and says where it failed.
func atPlace<Result: ~Copyable>(
    _ place: String, _ body: () throws(SystemCallError) -> Result
) throws(ControlGroupError) -> Result {
    do throws(SystemCallError) { return try body() } catch { throw ControlGroupError(.system(error), at: place) }
}
