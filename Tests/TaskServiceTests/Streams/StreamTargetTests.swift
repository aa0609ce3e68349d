import Testing

@testable import TaskService

@Suite("StreamTarget")
struct StreamTargetTests {
    @Test(
        "IO-11: a name is a fifo's path, or a URL whose escapes are read",
        arguments: [
            ("", StreamTarget.nothing),
            ("/run/a%20b", .fifo(path: "/run/a%20b")),
            ("/run/a:b", .fifo(path: "/run/a:b")),
            ("fifo:///run/a%20b", .fifo(path: "/run/a b")),
            ("file:///var/log/x", .file(path: "/var/log/x")),
            ("file:///a+b", .file(path: "/a+b")),
            ("binary:///bin/log", .logger(path: "/bin/log", arguments: [])),
            (
                "binary:///bin/log?--b=1&--a=x%3Dy&c&d=e+f",
                .logger(path: "/bin/log", arguments: ["--b", "1", "--a", "x=y", "c", "", "d", "e f"])
            ),
        ])
    func meanings(name: String, target: StreamTarget) throws { #expect(try StreamTarget(name) == target) }

    @Test(
        "IO-9: names that cannot be read are refused",
        arguments: [
            ("file://", StreamError.Problem.notAbsolute), ("file://host/x", .notAbsolute),
            ("http:///x", .unknownScheme),
            ("file:///%", .badEscape), ("file:///%zz", .badEscape), ("file:///%+1", .badEscape),
            ("file:///%00", .badEscape),
            ("binary:///x?a=%4", .badEscape), ("binary-v2:///x", .unknownScheme), ("://", .unknownScheme),
        ])
    func refusals(name: String, problem: StreamError.Problem) {
        #expect(throws: StreamError(problem, at: name)) { try StreamTarget(name) }
    }
}
