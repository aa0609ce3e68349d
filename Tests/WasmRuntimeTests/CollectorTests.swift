import Testing
import WasmModule
import WasmRuntime

/// What the collector frees, and what it must not.
@Suite struct CollectorTests {
    private static let list = """
        (module
          (type $node (struct (field (mut (ref null $node))) (field (mut (ref null $node))) (field i64)))
          (type $bytes (array (mut i8)))
          (global $head (mut (ref null $node)) (ref.null $node))
          (func (export "cycles") (param $n i32) (local $a (ref null $node)) (local $b (ref null $node))
            (loop $l
              (local.set $a (struct.new_default $node))
              (local.set $b (struct.new $node (local.get $a) (local.get $a) (i64.const 3)))
              (struct.set $node 0 (local.get $a) (local.get $b))
              (struct.set $node 1 (local.get $a) (local.get $a))
              (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
          ;; Each node has the next one, and before it another with a third: those are found first and followed last.
          (func (export "build") (param $n i32)
            (loop $l
              (global.set $head (struct.new $node
                (struct.new $node (struct.new $node (ref.null $node) (ref.null $node) (i64.const 1)) (ref.null $node) (i64.const 1))
                (global.get $head) (i64.const 1)))
              (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
          (func (export "drop") (global.set $head (ref.null $node)))
          (func (export "sum") (result i64) (local $s i64) (local $p (ref null $node))
            (local.set $p (global.get $head))
            (block $done
              (loop $l
                (br_if $done (ref.is_null (local.get $p)))
                (local.set $s (i64.add (local.get $s) (i64.add (struct.get $node 2 (local.get $p))
                  (struct.get $node 2 (struct.get $node 0 (struct.get $node 0 (local.get $p)))))))
                (local.set $p (struct.get $node 1 (local.get $p)))
                (br $l)))
            (local.get $s))
          (func (export "bytes") (param i32 i32)
            (loop $l
              (drop (array.new $bytes (i32.const 1) (local.get 0)))
              (br_if $l (local.tee 1 (i32.sub (local.get 1) (i32.const 1))))))
          (func (export "fill")
            (loop $l
              (global.set $head (struct.new $node (global.get $head) (ref.null $node) (i64.const 1)))
              (br $l))))
        """

    @Test("GC-5: cycles that nobody reaches are freed")
    func cyclesAreFreed() throws {
        let guest = try TextGuest(Self.list)
        try guest.call("cycles", 1_000_000)
        #expect(guest.store.collections > 5)
        guest.store.collectObjects()
        #expect(guest.store.objectBytes == 0)
    }

    @Test("GC-6: a gigabyte of objects, of which a megabyte is kept, takes a few megabytes")
    func memoryIsBounded() throws {
        let guest = try TextGuest(Self.list)
        try guest.call("build", 10_000)
        try guest.call("cycles", 16_000_000)
        try guest.call("bytes", 5000, 20_000)
        try guest.call("bytes", 50_000, 2000)
        // Free blocks are kept only as far as the next collection is away.
        #expect(guest.store.residentObjectBytes < 8 << 20)
        #expect(try guest.call("sum") == 20_000)
    }

    @Test("GC-7: long lists are followed, past the end of the collector's own stack too")
    func longLists() throws {
        let guest = try TextGuest(Self.list)
        try guest.call("build", 1_000_000)
        guest.store.collectObjects()
        #expect(guest.store.objectBytes == 3_000_000 * 32)
        try guest.call("cycles", 5_000_000)
        #expect(try guest.call("sum") == 2_000_000)
        try guest.call("drop")
        guest.store.collectObjects()
        #expect(guest.store.objectBytes == 0)
    }

    @Test("GC-8: whatever holds an object keeps it, at each allocation", arguments: [1, 2, 3])
    func reachableObjectsStay(collectsEvery: Int) throws {
        let guest = try TextGuest(
            """
            (module
              (type $n (struct (field i32)))
              (type $pair (struct (field (ref null $n)) (field (ref null $n))))
              (type $list (array (mut (ref null $n))))
              (tag $e (param (ref null $n)))
              (global $g (mut anyref) (ref.null any))
              (table $t 4 anyref)
              (elem $s anyref (item (struct.new $n (i32.const 5))) (item (struct.new $n (i32.const 6))))
              (func $new (param i32) (result (ref $n)) (struct.new $n (local.get 0)))
              (func $waste (drop (struct.new $n (i32.const -1))) (drop (array.new_default $list (i32.const 9))))
              (func $get (param anyref) (result i32) (struct.get $n 0 (ref.cast (ref $n) (local.get 0))))
              (func (export "frames") (result i32) (local $a (ref null $n))
                (local.set $a (call $new (i32.const 1)))
                (call $new (i32.const 2))
                (call $waste)
                (call $get)
                (i32.add (call $get (local.get $a))))
              (func (export "places") (result i32)
                (global.set $g (call $new (i32.const 3)))
                (table.set $t (i32.const 1) (call $new (i32.const 4)))
                (call $waste)
                (table.init $t $s (i32.const 2) (i32.const 0) (i32.const 2))
                (call $waste)
                (i32.add (i32.add (call $get (global.get $g)) (call $get (table.get $t (i32.const 1))))
                  (i32.add (call $get (table.get $t (i32.const 2))) (call $get (table.get $t (i32.const 3))))))
              (func (export "objects") (result i32) (local $p (ref $pair)) (local $l (ref $list))
                (local.set $p (struct.new $pair (call $new (i32.const 7)) (call $new (i32.const 8))))
                (local.set $l (array.new_fixed $list 3 (call $new (i32.const 9)) (ref.null $n) (call $new (i32.const 10))))
                (call $waste)
                (i32.add
                  (i32.add (call $get (struct.get $pair 0 (local.get $p))) (call $get (struct.get $pair 1 (local.get $p))))
                  (i32.add (call $get (array.get $list (local.get $l) (i32.const 0)))
                    (call $get (array.get $list (local.get $l) (i32.const 2))))))
              (func $throw (throw $e (call $new (i32.const 11))))
              (func (export "exceptions") (result i32)
                (try (result i32)
                  (do
                    (try (do (call $throw)) (catch_all (call $waste) (rethrow 0)))
                    (i32.const 0))
                  (catch $e (call $waste) (call $get)))))
            """, collectsEvery: collectsEvery)
        for _ in 0..<4 {
            #expect(try guest.call("frames") == 3)
            #expect(try guest.call("places") == 18)
            #expect(try guest.call("objects") == 34)
            #expect(try guest.call("exceptions") == 11)
        }
        #expect(guest.store.collections > 20)
    }

    @Test("GC-9: objects over the limit are a trap, and the store goes on", arguments: [1 << 20, 64 << 20])
    func limit(heapBytes: Int) throws {
        let guest = try TextGuest(Self.list, heapBytes: heapBytes)
        for _ in 0..<2 {
            do {
                try guest.call("fill")
                Issue.record("returned")
            } catch CallEnd.trapped(let trap) {
                #expect(trap.reason.hasPrefix("out of memory"))
            }
            try guest.call("drop")
            try guest.call("cycles", 100_000)
        }
        #expect(throws: CallEnd.self) { try guest.call("bytes", UInt64(heapBytes + 1), 1) }
        #expect(throws: CallEnd.self) { try guest.call("bytes", 0xFFFF_FFFF, 1) }
        try guest.call("bytes", UInt64(heapBytes) / 4, 100)
    }

    @Test("GC-10: memory that a collection frees goes back to the system")
    func memoryIsGivenBack() throws {
        let guest = try TextGuest(Self.list)
        try guest.call("build", 1_000_000)
        #expect(guest.store.residentObjectBytes > 64 << 20)
        try guest.call("drop")
        guest.store.collectObjects()
        #expect(guest.store.residentObjectBytes < 8 << 20)
    }
}
