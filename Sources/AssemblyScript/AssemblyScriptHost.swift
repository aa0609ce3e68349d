internal import Glibc
package import WasmModule
package import WasmRuntime

/// What a program of AssemblyScript imports from `env` when it was compiled without a host of its own in mind: `abort`,
/// `trace`, `seed`, and what `bindings/dom` of its library declares of a JavaScript host and needs no objects: `console`,
/// `Date.now`, `performance.now`, `Math`.
package final class AssemblyScriptHost {
    /// What an import gets.
    package enum Import {
        case function(HostFunction)
        /// An immutable global.
        case constant(GlobalType, Value)
    }

    /// When each `console.time` of this label was called, in ms.
    private var timers: [String: Double] = [:]
    private let write: (_ text: String, _ stream: Int32) -> Void

    /// `write`: where lines for standard output (1) and standard error (2) go; the process's own streams unless given.
    package init(write: ((_ text: String, _ stream: Int32) -> Void)? = nil) {
        self.write =
            write ?? { text, stream in
                var bytes = Array(text.utf8)[...]
                while !bytes.isEmpty {
                    // SAFETY: the bytes outlive the call.
                    let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(stream, $0.baseAddress, $0.count) }
                    // A line that nobody can be given is lost, as anywhere else.
                    guard count > 0 || errno == EINTR else { return }
                    bytes = bytes.dropFirst(max(count, 0))
                }
            }
    }

    /// What a guest imports as `name` from `module`; `nil` where there is nothing.
    ///
    /// A function keeps this host alive.
    package func provided(_ name: String, from module: String) -> Import? {
        guard module == "env" else { return nil }
        if name.hasPrefix("Math.") { return mathematics(String(name.dropFirst(5))) }
        return switch name {
        case "abort": .function(HostFunction(FunctionType([.i32, .i32, .i32, .i32]), abort))
        case "trace": .function(HostFunction(FunctionType([.i32, .i32] + Array(repeating: .f64, count: 5)), trace))
        case "seed", "Date.now":
            real { name == "seed" ? Self.random() : Self.milliseconds(CLOCK_REALTIME).rounded(.down) }
        case "performance.now":
            real { [start = Self.milliseconds(CLOCK_MONOTONIC)] in Self.milliseconds(CLOCK_MONOTONIC) - start }
        case "console.log", "console.info", "console.debug": line { [self] in write("\($0)\n", 1) }
        case "console.warn", "console.error": line { [self] in write("\($0)\n", 2) }
        case "console.assert": .function(HostFunction(FunctionType([.i32, .i32]), assert))
        case "console.time": line { [self] in timers[$0] = Self.milliseconds(CLOCK_MONOTONIC) }
        case "console.timeLog": line { [self] in tell($0) }
        case "console.timeEnd":
            line { [self] in
                tell($0); timers[$0] = nil
            }
        default: nil
        }
    }

    // MARK: - Functions

    /// The program gave up: its message and place are why it traps.
    private func abort(_ call: HostCall) -> HostOutcome {
        let message = call.string(0) ?? "no message"
        let file = call.string(1) ?? "an unknown file"
        return .traps("abort: \(message) in \(file):\(call.i32(2)):\(call.i32(3))")
    }

    /// A message and up to five numbers, on standard error.
    private func trace(_ call: HostCall) -> HostOutcome {
        let numbers = (0..<min(Int(call.i32(1)), 5)).map { Self.text(Double(bitPattern: call.i64(2 + $0))) }
        let list = numbers.isEmpty ? "" : " " + numbers.joined(separator: ", ")
        write("trace: \(call.string(0) ?? "")\(list)\n", 2)
        return .returned
    }

    private func assert(_ call: HostCall) -> HostOutcome {
        guard call.i32(0) == 0 else { return .returned }
        write("Assertion failed: \(call.string(1) ?? "null")\n", 2)
        return .returned
    }

    private func tell(_ label: String) {
        guard let start = timers[label] else { return write("Timer '\(label)' does not exist\n", 2) }
        write("\(label): \(Self.text(Self.milliseconds(CLOCK_MONOTONIC) - start))ms\n", 1)
    }

    private func line(_ body: @escaping (String) -> Void) -> Import {
        .function(
            HostFunction(FunctionType([.i32])) { call in
                body(call.string(0) ?? "null")
                return .returned
            })
    }

    private func real(_ body: @escaping () -> Double) -> Import {
        .function(
            HostFunction(FunctionType([], [.f64])) { call in
                call.setResult(body().bitPattern)
                return .returned
            })
    }

    // MARK: - Numbers

    static func milliseconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1_000_000
    }

    /// From 0 up to 1.
    static func random() -> Double {
        var generator = SystemRandomNumberGenerator()
        return Double.random(in: 0..<1, using: &generator)
    }

    /// A number as JavaScript writes it, but for the form of very small and very large ones.
    static func text(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
        if let integer = Int64(exactly: number) { return "\(integer)" }
        return "\(number)"
    }
}
