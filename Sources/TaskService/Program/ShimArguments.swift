/// What containerd calls the shim with: flags as Go's programs take them, then an action.
///
/// `-flag value`, `-flag=value` and the same with two dashes are one. Flags that are not known are passed over, so that a
/// newer containerd can have more of them.
package struct ShimArguments: Equatable, Sendable {
    /// What is to be done; none for a server that somebody else's convention would start again.
    package enum Action: String, Sendable {
        case start
        case delete
        /// Tries the whole way from `start` to `delete` with a small module, for `wasm-shim doctor`.
        case selfTest = "self-test"
    }

    package var namespace = ""
    package var id = ""
    /// containerd's gRPC socket.
    package var address = ""
    /// containerd's program.
    package var publishBinary = ""
    package var bundle = ""
    package var isDebug = false
    package var wantsInfo = false
    package var wantsVersion = false
    package var action: Action?

    /// Reads the arguments after the program's own name.
    package init(_ arguments: [String]) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("-"), argument != "-" else {
                action = action ?? Action(rawValue: argument)
                continue
            }
            let parts = argument.drop { $0 == "-" }.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts.first.map(String.init) ?? ""
            let attached = parts.count == 2 ? String(parts[1]) : nil
            if set(flag: name, to: attached.map { $0 != "false" && $0 != "0" } ?? true) { continue }
            // A flag with a value: attached, or the next argument, unless that is plainly something else.
            if let value = attached {
                set(name, to: value)
            } else if let next = rest.first, isKnown(name) || (!next.hasPrefix("-") && Action(rawValue: next) == nil) {
                rest.removeFirst()
                set(name, to: next)
            }
        }
    }

    private mutating func set(flag name: String, to value: Bool) -> Bool {
        switch name {
        case "debug": isDebug = value
        case "info": wantsInfo = value
        case "v", "version": wantsVersion = value
        default: return false
        }
        return true
    }

    private func isKnown(_ name: String) -> Bool {
        ["namespace", "id", "address", "publish-binary", "bundle"].contains(name)
    }

    private mutating func set(_ name: String, to value: String) {
        switch name {
        case "namespace": namespace = value
        case "id": id = value
        case "address": address = value
        case "publish-binary": publishBinary = value
        case "bundle": bundle = value
        default: break
        }
    }
}
