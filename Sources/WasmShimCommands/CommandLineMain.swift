internal import ArgumentParser
internal import ContainerProcess
internal import Glibc
internal import LinuxSystem

/// What the program does with its command line; ends the process.
package enum CommandLineMain {
    /// Runs the command that `arguments` (with argv[0]) say.
    package static func run(_ arguments: [String]) -> Never {
        if arguments.count > 1, arguments[1] == "run", let typed = RunArguments(plain: arguments.dropFirst(2)) {
            do throws(Failure) { try Run.begin(typed) } catch { fail(error) }
        }
        do {
            var command = try WasmShim.parseAsRoot(Array(arguments.dropFirst()))
            try command.run()
            exit(0)
        } catch let failure as Failure {
            fail(failure)
        } catch {
            end(with: error)
        }
    }

    private static func fail(_ failure: Failure) -> Never {
        report(failure.description)
        exit(failure.exitCode.rawValue)
    }

    /// Ends as ArgumentParser asks: with the help that was wanted, or with what is wrong with the command line.
    private static func end(with error: any Error) -> Never {
        if WasmShim.exitCode(for: error) == .success {
            print(WasmShim.fullMessage(for: error))
            exit(0)
        }
        report("\(WasmShim.message(for: error)); see wasm-shim --help")
        exit(ExitCode.usage.rawValue)
    }

    /// Writes one line for people.
    static func report(_ message: String) {
        let line = printable(message)
        let standardError = OwnedDescriptor(owning: 2)
        try? standardError.writeAll(Array("wasm-shim: \(line)\n".utf8), name: "standard error")
        _ = standardError.release()
    }

    /// Text from a file or a command line as one line that cannot drive a terminal.
    static func printable(_ text: String) -> String {
        func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) }
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? " " : $0 }))
    }
}
