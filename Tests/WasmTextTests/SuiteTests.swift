import FoundationEssentials
import TestSupport
import Testing

@testable import WasmText

/// Every script of the official suite but those of a proposal that the standard has not taken.
enum Suite {
    static func scripts() throws -> [(name: String, text: [UInt8])]? {
        guard let folder = SharedFolder.path("testsuite", skipping: "the text format on the official suite") else {
            return nil
        }
        let folders = [
            "", "legacy/", "custom/", "proposals/threads/", "proposals/wide-arithmetic/",
            "proposals/custom-page-sizes/",
        ]
        return try folders.flatMap { part in
            try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(part)").filter { $0.hasSuffix(".wast") }
                .sorted()
                .map { (part + $0, Array(try Data(contentsOf: URL(filePath: "\(folder)/\(part)\($0)")))) }
        }
    }

    /// Quoted texts that a script calls malformed, and that are well-formed by the standard of today: a memory's limits
    /// are numbers of 64 bits, of which validation wants less (3.0: 6.4.6 and 3.2.8).
    static let notMalformed: Set<String> = [
        "proposals/threads/memory.wast:83", "proposals/threads/memory.wast:87", "proposals/threads/memory.wast:91",
    ]
}

struct SuiteTests {
    @Test("TEXT-1, TEXT-2: every module of the official suite is assembled, and every malformed text refused")
    func officialSuite() throws {
        guard let scripts = try Suite.scripts() else { return }
        var assembled = 0
        var refused = 0
        var notMalformed: Set<String> = []
        let output = ProcessInfo.processInfo.environment["WASM_TEXT_OUTPUT"]
        for (name, text) in scripts {
            var index = 0
            for command in try Script(text).commands {
                if let module = Self.module(of: command) {
                    try Self.write(module, to: output, name: "\(name):\(index):\(command.position.line)")
                    index += 1
                }
                let place = "\(name):\(command.position.line)"
                switch command.kind {
                case .module(let module), .definition(let module), .assertUnlinkable(let module, _),
                    .assertTrapAtStart(let module, _), .assertInvalid(let module, _):
                    if case .failure(let error) = module.binary { Issue.record("\(place): \(error)") }
                    if module.form != .binary { assembled += 1 }
                case .assertMalformed(let module, let reason) where module.form != .binary,
                    .assertMalformedCustom(let module, let reason) where module.form != .binary:
                    guard case .failure(let error) = module.binary else {
                        notMalformed.insert(place)
                        continue
                    }
                    #expect(Self.agrees(error.reason, reason), "\(place): \(error), not: \(reason)")
                    refused += 1
                default: break
                }
            }
        }
        #expect(notMalformed == Suite.notMalformed)
        print("assembled \(assembled) modules, refused \(refused) malformed texts of \(scripts.count) scripts")
        #expect(assembled >= 5400 && refused >= 1270)
    }

    private static func module(of command: ScriptCommand) -> ScriptModule? {
        switch command.kind {
        case .module(let module), .definition(let module), .assertTrapAtStart(let module, _),
            .assertMalformed(let module, _), .assertInvalid(let module, _), .assertMalformedCustom(let module, _),
            .assertInvalidCustom(let module, _), .assertUnlinkable(let module, _):
            module
        case .instance, .register, .action, .assertReturn, .assertTrap, .assertExhaustion, .assertException, .thread,
            .wait:
            nil
        }
    }

    /// Leaves a module for scripts/compare-text.
    private static func write(_ module: ScriptModule, to folder: String?, name: String) throws {
        guard let folder, module.form == .text, case .success(let bytes) = module.binary else { return }
        try Data(bytes).write(to: URL(filePath: "\(folder)/\(name.replacing("/", with: "-")).wasm"))
    }

    /// Whether a reason is the suite's.
    private static func agrees(_ reason: String, _ expected: String) -> Bool { reason.contains(expected) }
}
