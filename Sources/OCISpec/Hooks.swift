/// Programs of the host that are run at moments of a container's life (runtime-spec, config.md, "POSIX-platform Hooks").
package struct Hooks: Equatable, Sendable, Codable {
    package struct Hook: Equatable, Sendable, Codable {
        /// Absolute.
        package var path: String
        /// argv, the program's own name first.
        package var args: [String]?
        /// `NAME=value`.
        package var env: [String]?
        /// Seconds.
        package var timeout: Int?
    }

    package var prestart: [Hook]?
    package var createRuntime: [Hook]?
    /// In the container's namespaces, before and after its root is the root.
    package var createContainer: [Hook]?
    package var startContainer: [Hook]?
    package var poststart: [Hook]?
    package var poststop: [Hook]?
}
