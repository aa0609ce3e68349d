import TestSupport
import Testing

@Suite("The official WASI test suite")
struct SuiteTests {
    @Test("WASI-90: all preview 1 tests of the official suite pass")
    func official() {
        guard let suite = SharedFolder.path("wasi-testsuite", skipping: "the WASI test suite") else { return }
        guard isInstalled("python3") else { return SharedFolder.skip("the WASI test suite", because: "no python3") }
        let products = linkTarget(of: "/proc/self/exe").map {
            $0.split(separator: "/").dropLast().joined(separator: "/")
        }
        let program = "/\(products ?? "")/wasm-shim"
        guard exists(program), exists("\(program)-guest") else {
            return SharedFolder.skip("the WASI test suite", because: "\(program) and its guest program are not built")
        }
        let script = quoted("\(SharedFolder.packageRoot)/scripts/run-wasi-testsuite")
        let command = quoted("\(quoted(program)) run {dirs} {envs} {file} -- {args}")
        #expect(shell("\(script) --suite \(quoted(suite)) --command \(command)") == 0)
    }
}
