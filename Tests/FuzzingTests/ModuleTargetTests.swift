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
        #expect(ModuleTarget.takeText(Array(#"(module binary "\00asm\01\00\00\00\03]02")"#.utf8)))
    }

    @Test("WASM-9: modules changed between their instructions stay valid often, and all of them hold together")
    func betweenInstructions() throws {
        guard let suite = SharedFolder.path("testsuite", skipping: "fuzzing with the suite's modules") else { return }
        let seeds = ModuleSeeds.modules(in: suite, limit: 512).filter { ModuleTarget.take($0, prints: false) }
        var accepted = 0
        var same = 0
        for number in 0..<1000 {
            let seed = seeds[number * 7 % seeds.count]
            var mutator = ModuleMutator(UInt64(number)) { input, limit in Array(input.prefix(limit).reversed()) }
            let output = mutator.mutated(seed, limit: 1024)
            #expect(output.count <= 1024)
            if output == seed { same += 1 }
            if ModuleTarget.take(output) { accepted += 1 }
        }
        #expect(accepted > 250 && accepted < 900 && same < 100, "\(accepted), \(same)")
    }
}
