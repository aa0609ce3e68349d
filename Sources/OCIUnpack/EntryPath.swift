/// Where an entry goes: the components of its name below the root.
struct EntryPath: Equatable {
    /// The components, none of them empty, `.` or `..`; none at all is the root itself.
    let components: [String]

    init(components: [String]) { self.components = components }

    /// Takes a name from an archive; a leading slash means the root, as it does for every reader of layers.
    init(_ name: String, place: String) throws(UnpackError) {
        guard name.utf8.count <= UnpackLimits.pathBytes else {
            throw EntryPath.tooLong("bytes of a path", Int64(UnpackLimits.pathBytes), place)
        }
        components = name.split(separator: "/").filter { $0 != "." }.map(String.init)
        for component in components {
            guard component != ".." else {
                throw UnpackError(.unsafePath(entry: name, reason: "leads upwards"), at: place)
            }
            guard component.utf8.count <= UnpackLimits.componentBytes else {
                throw EntryPath.tooLong("bytes of a name", Int64(UnpackLimits.componentBytes), place)
            }
        }
        guard components.count <= UnpackLimits.pathDepth else {
            throw EntryPath.tooLong("components of a path", Int64(UnpackLimits.pathDepth), place)
        }
    }

    /// The folder that the entry lies in.
    var parent: EntryPath { EntryPath(components: components.dropLast()) }

    /// The entry's own name; `nil` for the root.
    var name: String? { components.last }

    /// As a path relative to the root.
    var text: String { components.isEmpty ? "." : components.joined(separator: "/") }

    private static func tooLong(_ what: String, _ limit: Int64, _ place: String) -> UnpackError {
        UnpackError(.tooLarge(what: what, limit: limit), at: place)
    }
}
