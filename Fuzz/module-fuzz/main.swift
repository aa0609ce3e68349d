// Tries changed modules on the decoder, the validator and the translator; with MODULE_FUZZ_TEXT set, changed texts of modules
// on the assembler. The arguments are libFuzzer's, so it needs a build with that. `--seeds FOLDER SUITE` writes the inputs to
// begin with, `--text-seeds FOLDER SUITE` those for texts.
import CAllocationMeter
import CFuzzDriver
import FoundationEssentials
import Glibc
import ModuleFuzzing

/// Bytes that reading and translating a module may take for each of its own (specs/wasm.md), and for any module: the
/// 50,000 locals that a function may declare in three bytes, and tables made once.
let (allocatedPerByte, allocatedAnyway) = (130, 1 << 20)

/// Tries the bytes as a module, and measures what that takes; for some, the text as well.
func tryModule(_ bytes: [UInt8]) {
    CAllocationMeter_start()
    let isValid = ModuleTarget.take(bytes, prints: false)
    let peak = CAllocationMeter_peak()
    guard peak <= allocatedPerByte * bytes.count + allocatedAnyway else {
        print("\(bytes.count) bytes took \(peak) bytes of memory")
        fflush(nil)
        abort()
    }
    if isValid, bytes.count % 4 == 0 { ModuleTarget.take(bytes) }
}

let arguments = CommandLine.arguments
if arguments.count == 4, arguments[1] == "--seeds" || arguments[1] == "--text-seeds" {
    let seeds =
        arguments[1] == "--seeds"
        ? ModuleSeeds.modules(in: arguments[3]) : ModuleSeeds.scripts(in: arguments[3], limit: 4096)
    for (number, seed) in seeds.enumerated() {
        try Data(seed).write(to: URL(filePath: "\(arguments[2])/seed-\(number)"))
    }
    print("\(seeds.count) inputs to begin with")
} else if CFuzzDriver_is_there() == 0 {
    print("module-fuzz: built without libFuzzer; scripts/fuzz builds it")
    exit(64)
} else if ProcessInfo.processInfo.environment["MODULE_FUZZ_TEXT"] != nil {
    exit(
        unsafe CFuzzDriver_run(CommandLine.argc, CommandLine.unsafeArgv) { bytes, count in
            // SAFETY: libFuzzer lends that many bytes for the call.
            ModuleTarget.takeText(unsafe Array(UnsafeBufferPointer(start: bytes, count: count)))
        })
} else {
    unsafe CFuzzDriver_set_mutator { bytes, count, limit, seed in
        // SAFETY: libFuzzer lends `limit` bytes, `count` of which are the input.
        let buffer = unsafe UnsafeMutableBufferPointer(start: bytes, count: limit)
        var mutator = ModuleMutator(UInt64(seed)) { input, limit in
            var changed = input + [UInt8](repeating: 0, count: max(0, limit - input.count))
            let count = unsafe changed.withUnsafeMutableBufferPointer { place in
                unsafe place.baseAddress.map { unsafe CFuzzDriver_change($0, input.count, place.count) } ?? 0
            }
            return Array(changed.prefix(count))
        }
        let output = unsafe mutator.mutated(Array(buffer.prefix(count)), limit: limit).prefix(limit)
        for (index, byte) in output.enumerated() { unsafe buffer[index] = byte }
        return output.count
    }
    exit(
        unsafe CFuzzDriver_run(CommandLine.argc, CommandLine.unsafeArgv) { bytes, count in
            // SAFETY: libFuzzer lends that many bytes for the call.
            tryModule(unsafe Array(UnsafeBufferPointer(start: bytes, count: count)))
        })
}
