internal import CWasmInterpreter
internal import Glibc

/// Sampling what a guest does, into a file in memory (`wasm_profile.h`).
package enum Profiler {
    /// Microseconds of processor time between two samples; the kernel's own tick may be longer.
    package static let interval: UInt32 = 1000

    /// Samples this process from now on; once a process.
    ///
    /// Throws `RuntimeError` when the system gives no memory or timer.
    package static func start(writingTo descriptor: Int32) throws(RuntimeError) {
        guard wasm_profile_start(descriptor, interval) == 0 else {
            // SAFETY: the message is copied at once.
            throw RuntimeError(.outOfMemory("a profile: \(unsafe String(cString: strerror(errno)))"))
        }
    }

    /// The same function, of which samples know that it runs: the import with this number among functions.
    package static func profiled(_ function: HostFunction, index: Int32) -> HostFunction {
        HostFunction(function.type) { call in
            wasm_profile_host(index)
            defer { wasm_profile_host(-1) }
            return function.body(call)
        }
    }
}
