import Testing
import WasmModule

@testable import WasmText

struct EngineTests {
    @Test("TEXT-1: what is assembled of valid modules, the engine takes, or lacks a feature for")
    func officialSuite() throws {
        guard let scripts = try Suite.scripts() else { return }
        var taken = 0
        var others = 0
        for (name, text) in scripts {
            for command in try Script(text).commands {
                switch command.kind {
                case .module(let module), .definition(let module), .assertUnlinkable(let module, _),
                    .assertTrapAtStart(let module, _):
                    do {
                        _ = try Module(try module.binary.get())
                        taken += 1
                    } catch let error as ModuleError {
                        switch error.kind {
                        case .unsupported, .limit: others += 1
                        case .malformed, .invalid: Issue.record("\(name):\(command.position.line): \(error)")
                        }
                    }
                default: break
                }
            }
        }
        print("the engine takes \(taken) modules, and lacks a feature for \(others)")
        #expect(taken > 1700)
    }
}
