// Tries changed modules on the decoder, the validator and the translator; with MODULE_FUZZ_TEXT set, changed texts of modules
// on the assembler. The arguments are libFuzzer's, so it needs a build with that. `--seeds FOLDER SUITE` writes the inputs to
// begin with, `--text-seeds FOLDER SUITE` those for texts.
import CFuzzDriver
import CModuleMutator
import FoundationEssentials
import Glibc
import ModuleFuzzing

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
    exit(
        unsafe CFuzzDriver_run(CommandLine.argc, CommandLine.unsafeArgv) { bytes, count in
            // SAFETY: libFuzzer lends that many bytes for the call.
            ModuleTarget.take(unsafe Array(UnsafeBufferPointer(start: bytes, count: count)))
        })
}
