import ShimFuzzing
import TestSupport
import Testing

@Suite("FuzzTarget")
struct FuzzTargetTests {
    @Test("FUZZ-1: whatever bytes are read, the result is a value or an error", arguments: 0..<8)
    func changed(number: UInt64) {
        var seeds = FuzzSeeds.own
        if let traces = SharedFolder.path("clients/traces", skipping: "fuzzing with recorded calls") {
            let recorded = FuzzSeeds.recorded(in: traces)
            #expect(recorded.count > 100)
            seeds += recorded
        }
        var mutator = FuzzMutator(number, seeds: seeds)
        var accepted = 0
        for _ in 0..<2000 where FuzzTarget.take(mutator.nextInput()) { accepted += 1 }
        // Both happen often, or the inputs are too tame or too wild to find anything.
        #expect(accepted > 100 && accepted < 1900)
    }

    @Test("FUZZ-1: every seed for a target that has one is accepted as it is")
    func seeds() throws {
        for name in ["frames", "plan", "control", "Request", "Create"] {
            let selector = try #require(FuzzTarget.selector(of: name))
            #expect(FuzzSeeds.own.contains { $0.first == selector && FuzzTarget.take($0) }, "\(name)")
        }
        let plan = try #require(FuzzTarget.selector(of: "plan"))
        #expect(FuzzSeeds.own.count { $0.first == plan && FuzzTarget.take($0) } == 2)
        #expect(FuzzTarget.selector(of: "nothing") == nil)
    }
}
