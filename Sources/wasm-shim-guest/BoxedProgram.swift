internal import CLinux
internal import Glibc
internal import GuestLaunch
internal import LinuxSystem

/// What a box is to run, found in its root.
enum BoxedProgram {
    /// A WebAssembly module: where it is, and its open file.
    case module(path: String, descriptor: Int32)
    /// A program for the machine itself, which we leave to others.
    case native(path: String)
    /// One of our own tools, and `/proc` for those that need it.
    case tool(Tool, processFiles: Int32?)

    /// Takes the first of the candidates that exists; relative ones start from `workingFolder`.
    ///
    /// To be called with all rights, in the root: what the user may do with the file is asked later.
    init(_ candidates: [String], allowsTools: Bool, in workingFolder: String) throws(GuestFailure) {
        do throws(SystemCallError) {
            try systemCall("go to the working folder \"\(workingFolder)\"") { unsafe chdir(workingFolder) }
        } catch {
            throw GuestFailure(error.code == ENOENT ? .notFound : .notRunnable, "\(error); make it, or choose another")
        }
        for path in candidates {
            guard let file = try Self.open(path) else { continue }
            self = try Self.kind(of: file, at: path)
            return
        }
        if allowsTools, let name = candidates.first?.split(separator: "/").last, let tool = Tool.named(name) {
            self = .tool(tool, processFiles: tool.needsProcessFiles ? try Self.processFiles() : nil)
            return
        }
        // Docker gives 127 to those of its callers whose error has the kernel's words in it.
        let looked =
            candidates.isEmpty
            ? "nothing was named" : "looked at \(candidates.joined(separator: ", ")): no such file or directory"
        let offer = allowsTools ? "; tools that are always there: \(Tool.all.map(\.name).joined(separator: ", "))" : ""
        throw GuestFailure(
            .notFound, "no such module: \(looked); name a file of the image that is a WebAssembly module\(offer)")
    }

    /// What process lists call it.
    var name: String {
        switch self {
        case .module(let path, _), .native(let path): String(path.split(separator: "/").last ?? "module")
        case .tool(let tool, _): tool.name
        }
    }

    /// Opens a candidate; `nil` where nothing is there.
    private static func open(_ path: String) throws(GuestFailure) -> OwnedDescriptor? {
        do throws(SystemCallError) {
            // Not blocking, so that a pipe does not hold us up before we see that it is one.
            return try OwnedDescriptor(opening: path, flags: O_RDONLY | O_NONBLOCK)
        } catch {
            switch error.code {
            case ENOENT, ENOTDIR, ELOOP: return nil
            default: throw GuestFailure(.notRunnable, "\(error); name a file that can be read")
            }
        }
    }

    private static func kind(of file: consuming OwnedDescriptor, at path: String) throws(GuestFailure) -> BoxedProgram {
        let kind: ModuleKind?
        do throws(SystemCallError) { kind = try ModuleKind(of: file, at: path) } catch {
            throw GuestFailure(.notRunnable, "\(error)")
        }
        switch kind {
        case .module: return .module(path: path, descriptor: file.release())
        case .elf, .script: return .native(path: path)
        case nil: throw GuestFailure(.notRunnable, "\(path): no regular file; name a WebAssembly module")
        case .component, .unknownVersion, .text, .gzip, .zstd, .tar, .empty, .unknown:
            throw GuestFailure(.notRunnable, "\(path): \(kind?.explanation ?? "")")
        }
    }

    private static func processFiles() throws(GuestFailure) -> Int32 {
        do throws(SystemCallError) { return try systemCall("open the process files") { CLinux_process_files() } } catch
        {
            throw GuestFailure(.failure, "\(error)")
        }
    }
}
