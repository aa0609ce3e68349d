import GuestLaunch
import TestSupport
import Testing

@testable import WasmShimCommands

@Suite("Modules and text")
struct ModuleTextTests {
    @Test(
        "CLI-22: the file made has its source's name with another ending, in the current folder",
        arguments: [
            ("a/b.wat", "b.wasm"), ("b", "b.wasm"), (".wat", ".wat.wasm"), ("x.y.wat", "x.y.wasm"), ("-", nil),
            ("/", nil),
        ])
    func fileName(path: String, expected: String?) {
        #expect(ModuleText.fileName(for: path, ending: "wasm") == expected)
    }

    @Test(
        "CLI-21: a text is known by its first word, behind any comment",
        arguments: [
            ("(module)", true), (" ;; x\n(; (; nested ;) (func)", true), ("(func)", true),
            ("(@custom \"x\" \"\")", true),
            (";;" + String(repeating: "-", count: 600), true), (";; only this", false), ("(define x)", false),
            ("hello", false),
        ])
    func kind(text: String, isText: Bool) {
        let bytes = Array(text.utf8.prefix(ModuleKind.bytesNeeded))
        #expect((ModuleKind(firstBytes: bytes) == .text) == isText)
    }
}
