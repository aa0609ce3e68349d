/// A kind of namespace, by its name in the runtime specification (config-linux.md, "Namespaces").
package enum Namespace: String, Sendable {
    case pid
    case network
    case mount
    case ipc
    case uts
    case user
    case cgroup
    case time

    /// The kernel's CLONE_NEW… flag.
    package var flag: UInt32 {
        switch self {
        case .time: 0x0000_0080
        case .mount: 0x0002_0000
        case .cgroup: 0x0200_0000
        case .uts: 0x0400_0000
        case .ipc: 0x0800_0000
        case .user: 0x1000_0000
        case .pid: 0x2000_0000
        case .network: 0x4000_0000
        }
    }

    /// What /proc/PID/ns calls it.
    package var file: String {
        switch self {
        case .network: "net"
        case .mount: "mnt"
        default: rawValue
        }
    }
}
