import TestSupport
import Testing
import WasmRuntime

@testable import WASIPreview1

@Suite("Calls without sense")
struct RandomCallTests {
    /// A generator that gives the same numbers every time (xorshift64).
    struct Numbers {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }

        mutating func pick<Element>(_ choices: [Element]) -> Element { choices[Int(next() % UInt64(choices.count))] }
    }

    @Test("WASI-2: whatever the arguments, a call answers, and stays where it may be", arguments: 1...4)
    func anything(seed: Int) throws {
        let folder = try TestFolder()
        try folder.write("secret", to: "secret")
        try folder.write("text", to: "in/dir/file")
        try folder.link("in/link", to: "../secret")
        func newGuest() throws -> TestGuest {
            let preopens = [Preopen(descriptor: openFolder(folder.path("in")), guestPath: "/")]
            return TestGuest(
                host: try WASIPreview1Host(arguments: ["a"], environment: ["B=c"], preopens: preopens), folder: folder)
        }
        var guest = try newGuest()
        var numbers = Numbers(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
        // Not those that wait, and never the test's own streams.
        let names = CallTests.signatures.keys.sorted().filter {
            !["poll_oneoff", "proc_raise", "fd_renumber"].contains($0)
        }
        let words: [UInt64] = [
            0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 64, 77, 0x1000, 0x40000, UInt64(TestGuest.size) - 8, 0x7FFF_FFFF,
            0xFFFF_FFF0,
            0xFFFF_FFFF,
        ]
        let longs: [UInt64] = [0, 1, 2, 77, 4096, 1 << 62, (1 << 63) - 1, 1 << 63, .max]
        let paths = [
            "dir", "dir/file", "link", "..", "../x", "dir/../..", ".", "", "/", "new", "dir/", "a/b", "\0", "é",
        ]
        var answers: Set<UInt16> = []
        for round in 0..<6000 {
            // One that has closed its folder or given its rights up tries little.
            if round % 60 == 0 { guest = try newGuest() }
            let name = numbers.pick(names)
            var arguments: [TestGuest.Argument] = []
            let parameters = Array(CallTests.signatures[name] ?? "")
            while arguments.count < parameters.count {
                let isPath =
                    name.hasPrefix("path_") && parameters[arguments.count...].starts(with: "ii")
                    && numbers.next() % 4 != 0
                if isPath, !arguments.isEmpty {
                    let path = numbers.pick(paths)
                    arguments += [.bits(guest.put(path)), .bits(path.utf8.count)]
                } else {
                    arguments.append(.number(numbers.pick(parameters[arguments.count] == "i" ? words : longs)))
                }
            }
            if name.hasPrefix("fd_") || name.hasPrefix("sock_"), case .number(0...2) = arguments[0] { arguments[0] = 3 }
            if name.hasPrefix("path_"), name != "path_symlink", numbers.next() % 4 != 0 { arguments[0] = 3 }
            let (outcome, error) = guest.outcome(name, arguments)
            guard case .returned = outcome, let error else { throw TestFailure((name, arguments, outcome)) }
            answers.insert(error.rawValue)
            if numbers.next() % 8 == 0 { _ = guest.open(numbers.pick(["dir/file", "new", "."])) }
        }
        #expect(answers.count > 10, "\(answers)")
        #expect(try folder.names() == ["in", "secret"])
        #expect(try text(of: folder.path("secret")) == "secret")
    }
}
