internal import Glibc
internal import LinuxSystem
internal import ShimAPI
package import SwiftProtobuf

/// What a node's administrator has set for the runtime.
package struct ShimOptions: Equatable, Sendable {
    /// The native runtime for programs that are no modules; the first of `runc` and `crun` that is found where empty.
    package var binaryName = ""
    /// Where the native runtime keeps its state.
    package var root = ""
    package var systemdCgroup = false
    /// A control group for the shim itself.
    package var shimCgroup = ""
    /// Who owns the standard streams.
    package var ioUser: UInt32 = 0
    package var ioGroup: UInt32 = 0

    package init() {}

    /// Reads what containerd passes on. A type that is not known, or a value that cannot be read, changes nothing and is
    /// told by `notes`.
    package init(_ any: Google_Protobuf_Any, notes: inout [String]) {
        guard !any.typeURL.isEmpty || !any.value.isEmpty else { return }
        switch any.typeURL.split(separator: "/").last ?? "" {
        case "containerd.runc.v1.Options":
            guard let options = try? RuncOptions(serializedBytes: any.value) else {
                notes.append("options of type \(any.typeURL) cannot be decoded; they are ignored")
                return
            }
            binaryName = options.binaryName
            root = options.root
            systemdCgroup = options.systemdCgroup
            shimCgroup = options.shimCgroup
            ioUser = options.ioUid
            ioGroup = options.ioGid
        case "runtimeoptions.v1.Options":
            guard let options = try? RuncGenericOptions(serializedBytes: any.value) else {
                notes.append("options of type \(any.typeURL) cannot be decoded; they are ignored")
                return
            }
            var text = String(decoding: options.configBody, as: UTF8.self)
            if text.isEmpty, !options.configPath.isEmpty {
                text = Self.contents(of: options.configPath, notes: &notes)
            }
            apply(text, notes: &notes)
        default:
            notes.append("options of type \(any.typeURL) are not known; they are ignored")
        }
    }

    private static func contents(of path: String, notes: inout [String]) -> String {
        do throws(SystemCallError) {
            let file = try OwnedDescriptor(opening: path, flags: O_RDONLY | O_NONBLOCK)
            if let bytes = try file.readAll(limit: 1 << 16, name: path) {
                return String(decoding: bytes, as: UTF8.self)
            }
            notes.append("\(path) is longer than 64 KiB; it is ignored")
        } catch {
            notes.append("cannot \(error); it is ignored")
        }
        return ""
    }

    /// The flat TOML table that containerd's configuration has for a runtime: `Name = value` lines.
    private mutating func apply(_ text: String, notes: inout [String]) {
        for line in text.split(whereSeparator: \.isNewline) {
            let content = Self.trimmed(line.prefix { $0 != "#" })
            guard !content.isEmpty, !content.hasPrefix("[") else { continue }
            guard let equals = content.firstIndex(of: "=") else {
                notes.append("option line \(content.debugDescription) is not NAME = VALUE; it is ignored")
                continue
            }
            let name = Self.trimmed(content[..<equals])
            let value = Self.trimmed(content[content.index(after: equals)...])
            let string = String(
                value.drop { $0 == "\"" || $0 == "'" }.reversed().drop { $0 == "\"" || $0 == "'" }.reversed())
            switch (name, value) {
            case ("BinaryName", _): binaryName = string
            case ("Root", _): root = string
            case ("ShimCgroup", _): shimCgroup = string
            case ("SystemdCgroup", "true"), ("SystemdCgroup", "false"): systemdCgroup = value == "true"
            case ("IoUid", _) where UInt32(value) != nil: ioUser = UInt32(value) ?? 0
            case ("IoGid", _) where UInt32(value) != nil: ioGroup = UInt32(value) ?? 0
            default:
                notes.append("option \(name.debugDescription) is not known here, or has no value for it; it is ignored")
            }
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    private static func trimmed(_ text: some StringProtocol) -> String { trimmed(Substring(text)) }
}
