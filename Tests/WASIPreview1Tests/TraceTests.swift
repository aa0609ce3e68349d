import Testing
import WasmModule
import WasmRuntime

@testable import WASIPreview1

@Suite("Traced calls")
struct TraceTests {
    @Test("TRC-1: every call of the host has names for its parameters, as many as it has")
    func signatures() throws {
        let host = try WASIPreview1Host(arguments: [], environment: [])
        #expect(CallTrace.signatures.count == 46)
        for (name, _) in CallTrace.signatures {
            let function = try #require(host.function(named: name), "\(name)")
            let trace = CallTrace(name, function.type)
            #expect(trace.parameters.reduce(0) { $0 + $1.width } == function.type.parameters.count, "\(name)")
        }
    }
}
