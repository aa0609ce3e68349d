internal import Glibc
internal import LinuxSystem
internal import WasmModule
internal import WasmText

/// Modules between files, as text and as bytes.
enum ModuleText {
    /// The name that stands for standard input or output.
    static let standardStream = "-"

    /// What is in a file, `-` for standard input.
    static func contents(of path: String) throws(ConversionError) -> [UInt8] {
        let limit = ImplementationLimits.moduleBytes
        let bytes: [UInt8]?
        do throws(SystemCallError) {
            if path == standardStream {
                // Not ours to close.
                let stream = OwnedDescriptor(owning: STDIN_FILENO)
                let result = Result { () throws(SystemCallError) in try stream.readAll(limit: limit, name: path) }
                _ = stream.release()
                bytes = try result.get()
            } else {
                bytes = try OwnedDescriptor(opening: path, flags: O_RDONLY).readAll(limit: limit, name: path)
            }
        } catch {
            throw ConversionError(error.code == ENOENT ? .noFile : .system(error), at: path)
        }
        guard let bytes else { throw ConversionError(.tooLong(limit: limit), at: path) }
        return bytes
    }

    /// The module of a text file; well-formed, and perhaps not valid.
    static func assembled(at path: String) throws(ConversionError) -> [UInt8] {
        let text = try contents(of: path)
        do throws(TextError) { return try assemble(text) } catch { throw ConversionError(.text(error), at: path) }
    }

    /// The text of a module's file.
    static func disassembled(at path: String) throws(ConversionError) -> [UInt8] {
        let module = try contents(of: path)
        do throws(BinaryError) { return try disassemble(module) } catch {
            throw ConversionError(.binary(error), at: path)
        }
    }

    /// Writes a file anew, `-` for standard output.
    static func write(_ bytes: [UInt8], to path: String) throws(ConversionError) {
        do throws(SystemCallError) {
            if path == standardStream {
                let stream = OwnedDescriptor(owning: STDOUT_FILENO)
                let result = Result { () throws(SystemCallError) in try stream.writeAll(bytes, name: path) }
                _ = stream.release()
                try result.get()
            } else {
                let file = try OwnedDescriptor(opening: path, flags: O_WRONLY | O_CREAT | O_TRUNC, mode: 0o666)
                try file.writeAll(bytes, name: path)
            }
        } catch {
            throw ConversionError(.system(error), at: path)
        }
    }

    /// A file's name with another ending, in the current folder; `nil` for what has no name.
    static func fileName(for path: String, ending: String) -> String? {
        guard path != standardStream, var name = path.split(separator: "/").last.map(String.init) else { return nil }
        if let dot = name.lastIndex(of: "."), dot != name.startIndex { name = String(name[..<dot]) }
        return "\(name).\(ending)"
    }
}
