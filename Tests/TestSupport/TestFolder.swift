internal import FoundationEssentials

/// A new folder for one test, removed when the test lets go of it.
package final class TestFolder: Sendable {
    /// Where it is.
    package let path: String

    package init() throws {
        let name = "wasm-shim-test-\(UUID().uuidString)"
        path = FileManager.default.temporaryDirectory.appending(path: name).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of something in the folder.
    package func path(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file, and the folders it lies in.
    @discardableResult
    package func write(_ bytes: [UInt8], to name: String) throws -> String {
        let file = path(name)
        let parent = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? path
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: file))
        return file
    }

    /// Writes a text file, and the folders it lies in.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String { try write(Array(text.utf8), to: name) }

    /// Makes a folder, and those it lies in.
    @discardableResult
    package func makeFolder(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
        return path(name)
    }

    /// Makes a symbolic link.
    package func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path(name), withDestinationPath: target)
    }

    /// The names in the folder, or in a folder of it, sorted.
    package func names(in name: String = ".") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path(name)).sorted()
    }
}

/// All bytes of a file.
package func contents(of path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }

/// All of a text file.
package func text(of path: String) throws -> String { String(decoding: try contents(of: path), as: UTF8.self) }

/// What a symbolic link says; `nil` where the path is no link.
package func linkTarget(of path: String) -> String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: path)
}

/// Whether anything has the path, a dangling link included.
package func exists(_ path: String) -> Bool {
    linkTarget(of: path) != nil || FileManager.default.fileExists(atPath: path)
}

/// The permission bits of a file, not following a link.
package func permissions(of path: String) throws -> Int? {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return attributes[.posixPermissions] as? Int
}

/// Every path below a folder with whether it is a regular file, a folder or a link; `false` stands for anything else.
package func everything(below path: String) throws -> [(path: String, isOrdinary: Bool)] {
    try FileManager.default.subpathsOfDirectory(atPath: path).map { name in
        let type = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.type] as? FileAttributeType
        return (name, [.typeRegular, .typeDirectory, .typeSymbolicLink].contains(type))
    }
}
