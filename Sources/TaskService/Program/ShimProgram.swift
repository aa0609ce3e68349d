internal import CLinux
internal import ContainerProcess
internal import Glibc
internal import LinuxSystem
internal import ShimAPI
internal import SwiftProtobuf

/// The program `containerd-shim-wasmshim-v1`: start, delete, -info, -v, self-test.
package enum ShimProgram {
    /// What the runtime is called in containerd's configuration.
    package static let runtimeName = "io.containerd.wasmshim.v1"

    /// Does what the arguments say and ends the process.
    package static func main() -> Never {
        // Whatever our starter left open is none of ours, and would stay open as long as the server lives.
        _ = CLinux_close_from(3)
        let arguments = ShimArguments(Array(CommandLine.arguments.dropFirst()))
        do throws(ShimError) {
            try run(arguments)
            exit(0)
        } catch {
            write(Array("\(error)\n".utf8), to: 2)
            exit(1)
        }
    }

    private static func run(_ arguments: ShimArguments) throws(ShimError) {
        if arguments.wantsVersion {
            return write(Array("containerd-shim-wasmshim-v1 \(ProductVersion.current)\n".utf8))
        }
        if arguments.wantsInfo {
            let info = APIRuntimeInfo.with {
                $0.name = runtimeName
                $0.version = .with { $0.version = ProductVersion.current }
            }
            return write((try? info.serializedBytes()) ?? [])
        }
        switch arguments.action {
        case .start: try StartCommand(arguments: arguments).run()
        case .delete: try DeleteCommand(arguments: arguments).run()
        case .selfTest: try SelfTest().run()
        case nil: throw ShimError(.noAction)
        }
    }

    /// Writes to a standard stream; nobody is left to tell should that fail.
    static func write(_ bytes: [UInt8], to number: Int32 = 1) {
        let stream = OwnedDescriptor(owning: number)
        try? stream.writeAll(bytes, name: "standard output")
        _ = stream.release()
    }

    /// A variable of the environment.
    static func environment(_ name: String) -> String? {
        // SAFETY: the string is copied before anything can change the environment.
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
