import Testing
import WasmModule
import WasmRuntime

/// Memories that are not the common one: where each of them ends, and who may have them.
@Suite struct MemoryKindsTests {
    private let outside = "out of bounds memory access"

    @Test("MEM-1: accesses around 2^32, and with offsets of more than 32 bits, are inside to the byte")
    func around4GiB() throws {
        let store = try Store()
        // 4 GiB and a page.
        let instance = try Instance(
            text: """
                (module (memory i64 0x10001)
                  (func (export "load") (param i64) (result i64) (i64.load (local.get 0)))
                  (func (export "store") (param i64 i64) (i64.store (local.get 0) (local.get 1)))
                  (func (export "far") (param i64) (result i64) (i64.load offset=0x100000000 (local.get 0)))
                  (func (export "farStore") (param i64 i64)
                    (i64.store offset=0x100000000 (local.get 0) (i64.add (local.get 1) (i64.const 1))))
                  (func (export "nearly") (param i64) (result i32) (i32.load8_u offset=0xffffffff (local.get 0))))
                """, in: store)
        let size: UInt64 = 1 << 32 + 65_536
        _ = try instance.call("store", 1 << 32 - 4, 0x1122_3344_5566_7788)
        #expect(try instance.call("load", 1 << 32) == [0x1122_3344])
        #expect(try instance.call("nearly", 0) == [0x55])
        #expect(try instance.call("nearly", 1) == [0x44])
        #expect(try instance.call("far", 0) == [0x1122_3344])
        _ = try instance.call("farStore", 65_528, 41)
        #expect(try instance.call("load", size - 8) == [42])
        #expect(try instance.call("far", 65_528) == [42])
        for address in [size - 7, size, .max, 1 << 63] {
            #expect(try instance.trap("load", address) == outside)
            #expect(try instance.trap("store", address, 0) == outside)
        }
        for address: UInt64 in [65_529, .max, .max - 7, .max - (1 << 32) + 1, .max - (1 << 32)] {
            #expect(try instance.trap("far", address) == outside)
            #expect(try instance.trap("farStore", address, 0) == outside)
        }
        #expect(try instance.trap("nearly", .max - 0xFFFF_FFFE) == outside)
    }

    @Test("MEM-1: each width and form of a load and store ends where its memory does", arguments: ["i32", "i64"])
    func widths(address: String) throws {
        let store = try Store()
        for (type, width, suffixes) in [
            ("i32", 4, ["32"]), ("i32", 2, ["16", "16_s"]), ("i32", 1, ["8"]), ("i64", 8, ["64"]), ("i64", 4, ["32"]),
            ("f32", 4, ["32"]), ("f64", 8, ["64"]),
        ] {
            for suffix in suffixes {
                let isWhole = type.hasSuffix(suffix)
                let sign = suffix.hasSuffix("_s") ? "" : "_u"
                let loading = isWhole ? "\(type).load" : "\(type).load\(suffix)\(sign)"
                let storing = isWhole ? "\(type).store" : "\(type).store\(suffix.prefix { $0 != "_" })"
                // Addresses and values from slots and from accumulators, and a constant.
                let instance = try Instance(
                    text: """
                        (module (memory 0) (memory $m \(address) 3 5 (pagesize 1)) (memory $n \(address) 1)
                          (func (export "ss") (param \(address) \(type))
                            (\(storing) $n (local.get 0) (local.get 1)))
                          (func (export "aa") (param \(address) \(type))
                            (\(storing) $n
                              (\(address).add (local.get 0) (\(address).const 1)) (\(loading) $n (\(address).const 8))))
                          (func (export "sa") (param \(address))
                            (\(storing) $n (local.get 0) (\(loading) $n (\(address).const 8))))
                          (func (export "constant") (param \(address))
                            (\(storing) $n (\(address).add (local.get 0) (\(address).const 1)) (\(type).const 7)))
                          (func (export "load") (param \(address)) (result \(type))
                            (\(loading) $n (\(address).add (local.get 0) (\(address).const 1))))
                          (func (export "small") (param \(address)) (drop (\(loading) $m (local.get 0)))))
                        """, in: store)
                let last = UInt64(65_536 - width)
                #expect(try instance.call("ss", last, 0x0102_0304_0506_0708) == [])
                #expect(try instance.call("aa", last - 1, 0) == [])
                #expect(try instance.call("sa", last) == [])
                #expect(try instance.call("constant", last - 1) == [])
                #expect(try instance.call("load", last - 1).count == 1)
                #expect(try instance.trap("ss", last + 1, 0) == outside)
                #expect(try instance.trap("aa", last, 0) == outside)
                #expect(try instance.trap("sa", last + 1) == outside)
                #expect(try instance.trap("constant", last) == outside)
                #expect(try instance.trap("load", last) == outside)
                #expect(try instance.trap("small", UInt64(max(0, 4 - width))) == outside)
            }
        }
    }

    @Test("MEM-3: a 32-bit memory of pages of one byte grows to what its addresses reach, less one")
    func smallPagesEnd() throws {
        let store = try Store()
        let instance = try Instance(
            text: """
                (module (memory 0 (pagesize 1))
                  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
                  (func (export "size") (result i32) (memory.size))
                  (func (export "get") (param i32) (result i32) (i32.load8_u (local.get 0)))
                  (func (export "beyond") (param i32) (result i32) (i32.load8_u offset=0xffffffff (local.get 0))))
                """, in: store)
        #expect(try instance.call("grow", 0xFFFF_FF00) == [0])
        #expect(try instance.call("grow", 0x100) == [0xFFFF_FFFF])
        #expect(try instance.call("grow", 0xFF) == [0xFFFF_FF00])
        #expect(try instance.call("grow", 1) == [0xFFFF_FFFF])
        #expect(try instance.call("size") == [0xFFFF_FFFF])
        #expect(try instance.call("get", 0xFFFF_FFFE) == [0])
        #expect(try instance.trap("get", 0xFFFF_FFFF) == outside)
        #expect(try instance.trap("beyond", 0) == outside)
        #expect(try instance.trap("beyond", 5) == outside)
    }

    @Test("MEM-4: bulk instructions take no more of an i32's slot than its 32 bits")
    func upperHalves() throws {
        let store = try Store()
        let instance = try Instance(
            text: """
                (module (memory $a 1) (memory $b i64 1) (data $d "abcdefgh")
                  (func (export "fill") (param i32 i32 i32) (memory.fill $a (local.get 0) (local.get 1) (local.get 2)))
                  (func (export "init") (param i64 i32 i32) (memory.init $b $d (local.get 0) (local.get 1) (local.get 2)))
                  (func (export "back") (param i32 i64 i32) (memory.copy $a $b (local.get 0) (local.get 1) (local.get 2)))
                  (func (export "get") (param i32) (result i64) (i64.load $a (local.get 0))))
                """, in: store)
        let junk: UInt64 = 0xDEAD_BEEF << 32
        #expect(try instance.call("fill", junk | 8, 0x21, junk | 8) == [])
        #expect(try instance.call("get", 8) == [0x2121_2121_2121_2121])
        #expect(try instance.call("init", 100, junk | 2, junk | 3) == [])
        #expect(try instance.trap("init", junk | 100, 2, 3) == outside)
        #expect(try instance.call("back", junk | 8, 100, junk | 3) == [])
        #expect(try instance.call("get", 8) == [0x2121_2121_2165_6463])
        #expect(try instance.trap("back", 8, junk | 100, 3) == outside)
        #expect(try instance.trap("back", 65_534, 100, 3) == outside)
    }

    @Test("MEM-6: what a narrow exchange expects is wrapped to its width first; an atomic access is aligned or traps")
    func exchanges() throws {
        let store = try Store()
        let instance = try Instance(
            text: """
                (module (memory 1)
                  (func (export "swap") (param i64 i64) (result i64)
                    (i64.atomic.rmw16.cmpxchg_u (i32.const 8) (local.get 0) (local.get 1)))
                  (func (export "get") (result i64) (i64.load (i32.const 8)))
                  (func (export "at") (param i32) (result i64) (i64.atomic.load (local.get 0))))
                """, in: store)
        #expect(try instance.call("swap", 0xFFFF_FFFF_FFFF_0000, 0x1_2345) == [0])
        #expect(try instance.call("get") == [0x2345])
        #expect(try instance.call("swap", 0x2344, 9) == [0x2345])
        #expect(try instance.call("get") == [0x2345])
        #expect(try instance.trap("at", 4) == "unaligned atomic")
        #expect(try instance.trap("at", 65_536) == outside)
    }

    @Test("MEM-8: a memory or table is imported as what it is: addresses, pages, sharing and limits")
    func imports() throws {
        let store = try Store()
        let exporter = try Instance(
            text: """
                (module (memory (export "narrow") 1 4) (memory (export "wide") i64 1 4)
                  (memory (export "shared") 1 4 shared) (memory (export "small") 1 4 (pagesize 1)) (table (export "table") i64 1 4 funcref))
                """, in: store)
        let kinds = [
            "narrow": "(memory 1 4)", "wide": "(memory i64 1 4)", "shared": "(memory 1 4 shared)",
            "small": "(memory 1 4 (pagesize 1))", "table": "(table i64 1 4 funcref)",
        ]
        for (given, external) in kinds.keys.map({ ($0, exporter.export($0)) }) {
            for (wanted, type) in kinds {
                let text = "(module (import \"m\" \"x\" \(type)))"
                let imports = external.map { ["x": $0] } ?? [:]
                if given == wanted {
                    _ = try Instance(text: text, imports: imports, in: store)
                } else {
                    #expect(throws: RuntimeError.self, "\(given) as \(wanted)") {
                        _ = try Instance(text: text, imports: imports, in: store)
                    }
                }
            }
        }
        // Its limits now, not those that it was made with.
        let wide = try #require(exporter.export("wide"))
        let text = #"(module (import "m" "x" (memory i64 2 4)))"#
        #expect(throws: RuntimeError.self) { _ = try Instance(text: text, imports: ["x": wide], in: store) }
        let grower = try Instance(
            text: """
                (module (import "m" "x" (memory i64 1 4)) (func (export "grow") (result i64) (memory.grow (i64.const 1))))
                """, imports: ["x": wide], in: store)
        #expect(try grower.call("grow") == [1])
        _ = try Instance(text: text, imports: ["x": wide], in: store)
    }

    @Test(
        "MEM-9: a host function sees memory 0 of whatever type", arguments: ["", "i64", "1 1 shared", "(pagesize 1)"])
    func hosts(type: String) throws {
        let store = try Store()
        let peek = Function(
            HostFunction(FunctionType([.i32], [.i32])) { call in
                guard let value = try? call.memory.load(UInt16.self, at: call.i32(0)) else {
                    return .traps("not there")
                }
                call.setResult(UInt64(value))
                return .returned
            }, in: store)
        let limits = type.hasSuffix("shared") ? type : type == "i64" ? "i64 1" : type.isEmpty ? "1" : "65536 \(type)"
        let address = type == "i64" ? "i64" : "i32"
        let instance = try Instance(
            text: """
                (module (import "h" "peek" (func $peek (param i32) (result i32))) (memory \(limits))
                  (data (\(address).const 65534) "hi")
                  (func (export "f") (param i32) (result i32) (call $peek (local.get 0))))
                """, imports: ["peek": .function(peek)], in: store)
        #expect(try instance.call("f", 65_534) == [0x6968])
        #expect(try instance.trap("f", 65_535) == "not there")
    }
}
