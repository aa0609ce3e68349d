// Runs many modules in one process, as lines on standard input ask, for a comparison with another engine:
//
//     module PATH COLLECTS-EVERY portable|own    at each so-manieth object the collector runs; vectors without what only
//                                                this machine has, or with it
//     call EXPORT LOW HIGH LOW HIGH …     halves of arguments in hexadecimal
//     state
//
// Each is answered by its lines, and one that is "done".
import Glibc
import WasmModule
import WasmRuntime

var trial: Trial?
while let line = readLine() {
    let words = line.split(separator: " ")
    switch words.first {
    case "module" where words.count == 4:
        // The one before goes first: both together could be too much.
        trial = nil
        Store.usePortableVectors(words[3] == "portable")
        do {
            let made = try Trial(path: String(words[1]), collectsEvery: Int(words[2]) ?? 0)
            trial = made
            print((["ready"] + made.exports).joined(separator: "\n"))
        } catch let error as RuntimeError {
            if case .trap(let trap) = error.problem { print("trap \(trap.reason)") } else { print("refused \(error)") }
        } catch {
            print("refused \(error)")
        }
    case "call" where words.count >= 2:
        let halves = words.dropFirst(2).compactMap { UInt64($0, radix: 16) }
        print(trial?.call(Int(words[1]) ?? -1, halves) ?? "no module")
    case "state": print(trial?.state.joined(separator: "\n") ?? "no module")
    default: print("not understood: \(line)")
    }
    print("done")
    fflush(nil)
}
