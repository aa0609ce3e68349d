import Testing
import WasmModule
import WasmRuntime
import WasmText

/// What is made one instruction with its address must stay an access of its own memory, and be compared with that one's size.
@Suite struct CheckedAccessTests {
    /// Memories whose accesses are checked: what is declared, the index, the type of addresses.
    private static let memories = [
        (fields: "(memory 1) (memory 1)", index: 1, address: "i32"),
        (fields: "(memory 1) (memory i64 1)", index: 1, address: "i64"),
        (fields: "(memory 1) (memory 65536 (pagesize 1))", index: 1, address: "i32"),
        (fields: "(memory i64 1)", index: 0, address: "i64"),
        (fields: "(memory i64 65536 (pagesize 1))", index: 0, address: "i64"),
    ]

    /// Sums that become one instruction with what follows them. Each gives 65,536 or more for the argument.
    private static let addresses = [
        "(A.add (local.get 0) (A.const 65528))", "(A.add (A.mul (local.get 0) (local.get 0)) (A.const 65528))",
        "(A.add (A.shl (local.get 0) (A.const 3)) (A.const 65528))",
        "(A.add (A.shl (A.mul (local.get 0) (local.get 0)) (A.const 2)) (A.const 65528))",
        "(A.add (A.shl (local.get 0) (A.const 12)) (local.get 0))",
        "(A.shl (A.and (local.get 0) (A.const 0x3f)) (A.const 13))",
        "(local.tee 0 (A.add (local.get 0) (A.const 65528)))",
        "(A.add (A.add (local.get 0) (A.const 8)) (A.const 65520))",
    ]

    private static let loads = [
        "i32.load", "i32.load8_s", "i32.load8_u", "i32.load16_s", "i32.load16_u", "i64.load", "i64.load8_s",
        "i64.load8_u",
        "i64.load16_s", "i64.load16_u", "i64.load32_s", "i64.load32_u", "f32.load", "f64.load", "v128.load",
        "v128.load8x8_s",
        "v128.load32_splat", "v128.load64_zero", "i32.atomic.load", "i64.atomic.load8_u",
    ]

    private static let stores = [
        ("i32.store", "i32"), ("i32.store8", "i32"), ("i32.store16", "i32"), ("i64.store", "i64"),
        ("i64.store8", "i64"),
        ("i64.store32", "i64"), ("f32.store", "f32"), ("f64.store", "f64"), ("v128.store", "v128"),
        ("i32.atomic.store", "i32"),
    ]

    @Test(
        "MEM-1: whatever an address is made of, an access of a memory that must be checked is checked", arguments: 0..<5
    )
    func checked(number: Int) throws {
        let memory = Self.memories[number]
        var functions: [String] = []
        for form in Self.addresses {
            let address = form.replacing("A", with: memory.address)
            for load in Self.loads { functions.append("(drop (\(load) \(memory.index) \(address)))") }
            for (store, type) in Self.stores {
                let value =
                    type == "i32"
                    ? "(i32.add (local.get 2) (i32.const 5))" : "(\(type).load \(memory.index) (local.get 1))"
                functions.append("(\(store) \(memory.index) \(address) \(value))")
            }
        }
        let bodies = functions.enumerated().map { index, body in
            "(func (export \"\(index)\") (param \(memory.address) \(memory.address) i32) \(body))"
        }
        let module = try Module(try assemble(Array("(module \(memory.fields) \(bodies.joined(separator: "\n")))".utf8)))
        let store = try Store()
        let instance = try Instance(module, in: store) { _, _ in nil }
        for (index, body) in functions.enumerated() {
            let names = FunctionTranslator.translate(module, body: index).listing.split(separator: "\n")
                .map { String($0.split(separator: " ")[1]) }
            let accesses = names.filter { $0.contains("load") || $0.contains("store") }
            #expect(!accesses.isEmpty, "\(body): \(names)")
            // A vector or atomic access takes a place that was checked by the instruction before it.
            let areChecked = accesses.allSatisfy {
                $0.contains("checked") || $0.contains("_p") || $0.contains("atomic")
            }
            #expect(areChecked, "\(body): \(names)")
            #expect(try instance.trap("\(index)", 16, 0, 0).hasPrefix("out of bounds memory"), "\(body): \(names)")
        }
    }
}
