// Tries changed inputs for a while: `shim-fuzz SECONDS TRACES`. A program built with libFuzzer takes libFuzzer's
// arguments instead; with `--seeds FOLDER TRACES` it writes the inputs to begin with.
import CFuzzDriver
import FoundationEssentials
import Glibc
import ShimFuzzing

let arguments = CommandLine.arguments
if arguments.count == 4, arguments[1] == "--seeds" {
    let seeds = FuzzSeeds.own + FuzzSeeds.recorded(in: arguments[3])
    for (number, seed) in seeds.enumerated() {
        try Data(seed).write(to: URL(filePath: "\(arguments[2])/seed-\(number)"))
    }
    print("\(seeds.count) inputs to begin with")
} else if CFuzzDriver_is_there() != 0 {
    exit(
        unsafe CFuzzDriver_run(CommandLine.argc, CommandLine.unsafeArgv) { bytes, count in
            // SAFETY: libFuzzer lends that many bytes for the call.
            FuzzTarget.take(unsafe Array(UnsafeBufferPointer(start: bytes, count: count)))
        })
} else if arguments.count == 3, let seconds = Double(arguments[1]) {
    let seeds = FuzzSeeds.own + FuzzSeeds.recorded(in: arguments[2])
    var number: UInt64 = 0
    var accepted = 0
    let start = ContinuousClock.now
    while ContinuousClock.now - start < .seconds(seconds) {
        // What ends the program is found again by its number.
        if number % 100_000 == 0 { print("input \(number)") }
        var mutator = FuzzMutator(number, seeds: seeds)
        for _ in 0..<1000 where FuzzTarget.take(mutator.nextInput()) { accepted += 1 }
        number += 1000
    }
    print("\(number) inputs from \(seeds.count), \(accepted) accepted, none did harm")
} else {
    print("usage: shim-fuzz SECONDS TRACES")
    exit(64)
}
