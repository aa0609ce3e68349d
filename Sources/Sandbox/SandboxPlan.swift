/// The box that a guest process shuts itself into, decided beforehand by the one who starts it.
///
/// It is part of the launch plan. The guest applies it step by step, in the order of its members, before it looks at the
/// module; every name in it was taken from the container's configuration and means something on the host until the root
/// is changed.
package struct SandboxPlan: Equatable, Sendable {
    /// A namespace that exists and that the process joins.
    package struct Join: Equatable, Sendable {
        /// The kernel's CLONE_NEW… flag of its kind.
        package var kind: UInt32
        /// Its file: `/proc/42/ns/net`.
        package var path: String

        package init(kind: UInt32, path: String) {
            self.kind = kind
            self.path = path
        }
    }

    /// A resource limit.
    package struct Limit: Equatable, Sendable {
        /// The kernel's RLIMIT_… number.
        package var resource: UInt32
        package var soft: UInt64
        package var hard: UInt64

        package init(resource: UInt32, soft: UInt64, hard: UInt64) {
            self.resource = resource
            self.soft = soft
            self.hard = hard
        }
    }

    /// Capability sets, bit n being the kernel's capability number n.
    package struct Capabilities: Equatable, Sendable {
        package var bounding: UInt64 = 0
        package var effective: UInt64 = 0
        package var inheritable: UInt64 = 0
        package var permitted: UInt64 = 0
        package var ambient: UInt64 = 0

        package init() {}

        /// Without the capability to make device nodes (CAP_MKNOD): no call of a guest needs it, and such a node would
        /// lead out of the box.
        var withoutDevices: Capabilities {
            let kept: UInt64 = ~(1 << 27)
            var sets = self
            sets.bounding &= kept
            sets.effective &= kept
            sets.inheritable &= kept
            sets.permitted &= kept
            sets.ambient &= kept
            return sets
        }
    }

    /// What the process sees as `/`.
    package enum Root: Equatable, Sendable {
        /// A root that is put together from mounts in a mount namespace of the process's own.
        case assembled(SandboxRoot)
        /// The root of the mount namespace that was joined: another process of the container made it.
        case joined
    }

    /// What the process does once it is in the box.
    package enum Program: Equatable, Sendable {
        /// Runs the first of these files of the root that exists. Should none exist and the name be one of our own small
        /// tools, and `allowsTools`, runs that.
        case module(candidates: [String], allowsTools: Bool)
        /// Keeps the namespaces alive until it is ended: the pod's own container.
        case pause
    }

    /// The socket by which the process reports and is told to go on (`ControlMessage`): SOCK_SEQPACKET.
    package var controlDescriptor: Int32
    /// Files that the process writes `0` to, which puts it into a control group (`tasks` of version 1: alone among the
    /// ways it takes no lock that waits for all processors).
    package var controlGroupFiles: [String] = []
    /// /proc/self/oom_score_adj; unchanged where `nil`.
    package var oomScoreAdjustment: Int32?
    /// Whether standard input is a terminal that is to be the process's own.
    package var hasTerminal = false
    /// Namespaces to join, in order; the user namespace, if there is one, is the first.
    package var joins: [Join] = []
    /// CLONE_NEW… flags of namespaces to make. The process is in a PID namespace of its own from its beginning; a user
    /// namespace is made first, and its mappings are written by the starter (`ControlMessage.needsMappings`).
    package var newNamespaces: UInt32 = 0
    /// For a UTS namespace of the process's own.
    package var hostname: String?
    package var domainname: String?
    /// Kernel settings to write, as paths below /proc/sys and values.
    package var settings: [Setting] = []
    package var root: Root
    /// The folder in the root that the program starts in.
    package var workingFolder = "/"
    package var program: Program
    package var limits: [Limit] = []
    package var umask: UInt32 = 0o022
    package var user: UInt32 = 0
    package var group: UInt32 = 0
    package var furtherGroups: [UInt32] = []
    package var capabilities = Capabilities()
    package var forbidsNewPrivileges = true

    /// A kernel setting: a path below /proc/sys and what is written there.
    package struct Setting: Equatable, Sendable {
        package var path: String
        package var value: String

        package init(path: String, value: String) {
            self.path = path
            self.value = value
        }
    }

    package init(controlDescriptor: Int32, root: Root, program: Program) {
        self.controlDescriptor = controlDescriptor
        self.root = root
        self.program = program
    }
}
