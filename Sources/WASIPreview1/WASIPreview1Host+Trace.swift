internal import WasmModule
package import WasmRuntime

extension WASIPreview1Host {
    /// The function that a guest imports as `name` from `module`, which tells of each call: a line when it has returned, or
    /// before one that does not return.
    package func tracedFunction(
        named name: String, in module: String, telling say: @escaping (String) -> Void
    ) -> HostFunction? {
        guard let function = function(named: name, in: module) else { return nil }
        let trace = CallTrace(name, function.type)
        let returns = !function.type.results.isEmpty
        return HostFunction(function.type) { call in
            let (text, arguments) = trace.begin(call)
            if !returns { say(text) }
            let outcome = function.body(call)
            guard returns else { return outcome }
            switch outcome {
            case .returned: say(text + trace.end(call, arguments))
            case .exits(let code): say("\(text) exits with \(code)")
            case .traps(let reason): say("\(text) traps: \(reason)")
            }
            return outcome
        }
    }
}
