import CLinux
import Foundation
import Specification

/// `wasm-spectest SUITE EXPECTATIONS [PART OF A SCRIPT'S NAME]...` runs the official suite's scripts, each in a process of its
/// own, so that a crash is one script's failure. A line for each script that is not all right, then the total.
/// `--collect-every N` before these makes the store collect objects at each Nth new one.
@main
struct SpectestProgram {
    static func main() throws {
        var arguments = Array(CommandLine.arguments.dropFirst())
        var collectsEvery = 0
        if arguments.count >= 2, arguments[0] == "--collect-every", let number = Int(arguments[1]) {
            collectsEvery = number
            arguments.removeFirst(2)
        }
        guard arguments.count >= 2 else {
            FileHandle.standardError.write(Data("usage: wasm-spectest SUITE EXPECTATIONS [PART OF A NAME]...\n".utf8))
            exit(64)
        }
        let expectations = try Expectations(contentsOf: arguments[1])
        let parts = arguments.dropFirst(2)
        let scripts = SuiteScript.all(in: arguments[0]).filter { script in
            parts.isEmpty || parts.contains { script.name.contains($0) }
        }
        var total = Tally()
        for script in scripts {
            let tally = runApart(script, expectations, collectsEvery)
            let problems = tally.failed + tally.notRun + tally.cured
            if problems > 0 || !parts.isEmpty { print("\(script.name): \(tally)") }
            total.add(tally)
        }
        print("\(scripts.count) scripts: \(total)")
        exit(scripts.isEmpty || total.failed + total.notRun + total.cured > 0 ? 1 : 0)
    }

    /// Runs a script in a child, which writes its tally to a pipe.
    private static func runApart(
        _ script: SuiteScript, _ expectations: Expectations, _ collectsEvery: Int
    ) -> Tally {
        let pipe = Pipe()
        fflush(nil)
        let child = CLinux_fork()
        if child == 0 {
            alarm(300)
            let tally = run(script, expectations, collectsEvery)
            try? pipe.fileHandleForWriting.write(contentsOf: tally.data)
            _exit(0)
        }
        try? pipe.fileHandleForWriting.close()
        let data = (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
        var status: Int32 = 0
        _ = unsafe waitpid(child, &status, 0)
        if let tally = Tally(data) { return tally }
        print("\(script.name): ended with status \(status)")
        return Tally(failed: 1)
    }

    private static func run(
        _ script: SuiteScript, _ expectations: Expectations, _ collectsEvery: Int
    ) -> Tally {
        do {
            let counts = try script.run(collectsEvery: collectsEvery)
            let unexpected = expectations.unexpected(counts, in: script.name)
            let cured = expectations.cured(counts, in: script.name)
            for failure in unexpected.prefix(20) {
                print("\(script.name) line \(failure.line): \(failure.reason.prefix(300))")
            }
            for line in cured { print("\(script.name) line \(line): passes, but is listed as failing") }
            fflush(nil)
            return Tally(
                passed: counts.passed, failed: unexpected.count, known: counts.failures.count - unexpected.count,
                notRun: counts.notRun, cured: cured.count)
        } catch {
            print("\(script.name): \(error)")
            fflush(nil)
            return Tally(failed: 1)
        }
    }
}
