import EventLoop
import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import TaskService

@Suite("BinaryLogger")
struct BinaryLoggerTests {
    @Test("IO-12: a logger gets both outputs, the container's names and its arguments, and the process waits for it")
    func logger() async {
        await #expect(processExitsWith: .success) {
            StreamTrial.run { trial in
                try trial.write(
                    logger: """
                        echo "$CONTAINER_NAMESPACE $CONTAINER_ID $* $(env | grep -vc '^PWD=\\|^_=\\|^SHLVL=')" > "$D0/env"
                        sleep 0.2; touch "$D0/ready"; printf r >&5
                        cat <&4 > "$D0/e" & cat <&3 > "$D0/o"; wait; touch "$D0/done"
                        """)
                let uri = "binary://\(trial.folder.path)/logger?D0=\(trial.folder.path)&--level=a%20b"
                let streams = try trial.streams(stdout: uri, stderr: uri)
                var isReady = false
                streams.whenReady { result in
                    if case .failure(let error) = result { trial.expect(false, "\(error)") }
                    isReady = true
                }
                trial.expect(!isReady, "nobody waited")
                try trial.run { isReady }
                trial.expect(exists(trial.folder.path("ready")), "ready before it was")
                _ = try trial.run("head -c 300000 /dev/zero; echo two >&2", with: streams)
                try trial.run { exists(trial.folder.path("done")) }
                trial.expect(trial.text("o").utf8.count == 300_000, "stdout: \(trial.text("o").utf8.count)")
                trial.expect(trial.text("e") == "two\n", "stderr: \(trial.text("e"))")
                trial.expect(
                    trial.text("env") == "ns1 c1 D0 \(trial.folder.path) --level a b 2\n", "env: \(trial.text("env"))")
            }
        }
    }

    @Test("IO-13: a logger that cannot be started, ends at once, or is not ready in time is an error")
    func failures() async {
        await #expect(processExitsWith: .success) {
            StreamTrial.run { trial in
                let open = try trial.openDescriptors()
                do throws(StreamError) {
                    _ = try trial.streams(stdout: "binary:///no/such/program")
                    trial.expect(false, "it was started")
                } catch {
                    trial.expect("\(error)".contains("/no/such/program"), "\(error)")
                }
                trial.expect(try trial.openDescriptors() == open, "descriptors are left open")
                for (script, reason) in [("exit 0", "it ended at once"), ("sleep 15", "it took too long")] {
                    try trial.write(logger: script)
                    let streams = try trial.streams(stdout: "binary://\(trial.folder.path)/logger")
                    var result: Result<Void, StreamError>?
                    streams.whenReady { result = $0 }
                    try trial.run { result != nil }
                    guard case .failure(let error) = result else {
                        trial.expect(false, "\(script): ready")
                        continue
                    }
                    trial.expect(error.problem == .loggerDidNotStart(reason), "\(error)")
                }
            }
        }
    }

    @Test("IO-14: a logger that goes on after the end of all output is told to end")
    func told() async {
        await #expect(processExitsWith: .success) {
            StreamTrial.run { trial in
                try trial.write(
                    logger: """
                        trap 'touch "$2/term"; exit 0' TERM
                        exec 5>&-
                        while true; do sleep 0.1; done
                        """)
                let streams = try trial.streams(
                    stdout: "binary://\(trial.folder.path)/logger?D=\(trial.folder.path)")
                _ = try trial.run("true", with: streams)
                try trial.run { exists(trial.folder.path("term")) }
            }
        }
    }
}

extension StreamTrial {
    /// Writes the program `logger`; `$D0` is the folder.
    func write(logger script: String) throws {
        try folder.write("#!/bin/sh\nD0='\(folder.path)'\n\(script)\n", to: "logger")
        _ = shell("chmod 755 \(quoted(folder.path("logger")))")
    }
}
