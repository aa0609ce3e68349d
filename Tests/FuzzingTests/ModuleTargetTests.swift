import ModuleFuzzing
import ShimFuzzing
import TestSupport
import Testing
import WasmText

@Suite("ModuleTarget")
struct ModuleTargetTests {
    @Test("WASM-9: whatever bytes are taken for a module, the result is a module or an error", arguments: 0..<4)
    func changed(number: UInt64) {
        guard let suite = SharedFolder.path("testsuite", skipping: "fuzzing with the suite's modules") else { return }
        let seeds = ModuleSeeds.modules(in: suite, limit: 1024)
        #expect(seeds.count > 2000)
        var mutator = FuzzMutator(number, seeds: seeds)
        var accepted = 0
        for _ in 0..<500 where ModuleTarget.take(mutator.nextInput()) { accepted += 1 }
        #expect(accepted > 0 && accepted < 450)
    }

    @Test("WASM-9: what holds together is told from what does not")
    func accepted() throws {
        let module = try assemble(Array("(module (func (param i32) (loop (br_if 0 (local.get 0)))))".utf8))
        #expect(ModuleTarget.take(module))
        #expect(!ModuleTarget.take(Array(module.dropLast())))
        #expect(ModuleTarget.takeText(Array("(module)".utf8)))
        #expect(!ModuleTarget.takeText(Array("(module".utf8)))
    }
}
