internal import LinuxSystem

/// What in a folder speaks for an image layout, and what is missing of one: for saying what a target was taken for.
package struct LayoutSigns: Equatable, Sendable {
    /// The parts of a layout that are there.
    package let found: [String]

    /// The parts of a layout that are not there.
    package let missing: [String]

    /// Looks into a folder; reads nothing.
    package init(at path: String) throws(LayoutError) {
        var found: [String] = []
        var missing: [String] = []
        for (name, kind) in [("oci-layout", FileKind.regularFile), ("index.json", .regularFile), ("blobs", .folder)] {
            do throws(SystemCallError) {
                if try FileKind(at: "\(path)/\(name)") == kind { found.append(name) } else { missing.append(name) }
            } catch {
                throw LayoutError(.system(error), at: path)
            }
        }
        self.found = found
        self.missing = missing
    }

    /// Whether the folder says that it is a layout; reading it will say whether it is a good one.
    package var areOfLayout: Bool { found.contains("oci-layout") || found.count >= 2 }
}
