package import LinuxSystem

/// A temporary folder that goes away whatever becomes of this process: its owner removes it, or the sweeper does.
package final class SweptFolder {
    /// Where it is.
    package let path: String

    private let sweeper: Sweeper
    private let folder: TemporaryFolder
    private var isRemoved = false

    /// Starts the sweeper, then makes the folder: there is no moment at which nobody would remove it.
    package init() throws(ContainerError) {
        let path = try ContainerError.wrapping(at: TemporaryFolder.parent) { () throws(SystemCallError) in
            try TemporaryFolder.newPath()
        }
        let sweeper = try Sweeper(watching: path)
        let folder = try ContainerError.wrapping(at: path) { () throws(SystemCallError) in
            try TemporaryFolder(creating: path)
        }
        self.path = path
        self.sweeper = sweeper
        self.folder = folder
    }

    /// Runs a guest that uses the folder, and waits for its end.
    package func run(_ container: Container) throws(ContainerError) -> ProcessEnd {
        try container.run(lifeline: sweeper.lifeline)
    }

    /// Removes the folder and sends the sweeper away; once is enough.
    package func remove() throws(ContainerError) {
        guard !isRemoved else { return }
        // Not before the folder is gone: until then the sweeper must be there.
        try ContainerError.wrapping(at: path) { () throws(SystemCallError) in try removeFolder(at: path) }
        isRemoved = true
        sweeper.dismiss()
    }
}
