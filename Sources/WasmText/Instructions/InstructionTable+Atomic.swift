/// Rows of `InstructionTable` of the threads proposal.
extension InstructionTable {
    /// The number is the binary logarithm of how many bytes are accessed.
    static let atomic = """
        FE:00 memory.atomic.notify access 2
        FE:01 memory.atomic.wait32 access 2
        FE:02 memory.atomic.wait64 access 3
        FE:03 atomic.fence fence
        FE:10 i32.atomic.load access 2
        FE:11 i64.atomic.load access 3
        FE:12 i32.atomic.load8_u access 0
        FE:13 i32.atomic.load16_u access 1
        FE:14 i64.atomic.load8_u access 0
        FE:15 i64.atomic.load16_u access 1
        FE:16 i64.atomic.load32_u access 2
        FE:17 i32.atomic.store access 2
        FE:18 i64.atomic.store access 3
        FE:19 i32.atomic.store8 access 0
        FE:1A i32.atomic.store16 access 1
        FE:1B i64.atomic.store8 access 0
        FE:1C i64.atomic.store16 access 1
        FE:1D i64.atomic.store32 access 2
        FE:1E i32.atomic.rmw.add access 2
        FE:1F i64.atomic.rmw.add access 3
        FE:20 i32.atomic.rmw8.add_u access 0
        FE:21 i32.atomic.rmw16.add_u access 1
        FE:22 i64.atomic.rmw8.add_u access 0
        FE:23 i64.atomic.rmw16.add_u access 1
        FE:24 i64.atomic.rmw32.add_u access 2
        FE:25 i32.atomic.rmw.sub access 2
        FE:26 i64.atomic.rmw.sub access 3
        FE:27 i32.atomic.rmw8.sub_u access 0
        FE:28 i32.atomic.rmw16.sub_u access 1
        FE:29 i64.atomic.rmw8.sub_u access 0
        FE:2A i64.atomic.rmw16.sub_u access 1
        FE:2B i64.atomic.rmw32.sub_u access 2
        FE:2C i32.atomic.rmw.and access 2
        FE:2D i64.atomic.rmw.and access 3
        FE:2E i32.atomic.rmw8.and_u access 0
        FE:2F i32.atomic.rmw16.and_u access 1
        FE:30 i64.atomic.rmw8.and_u access 0
        FE:31 i64.atomic.rmw16.and_u access 1
        FE:32 i64.atomic.rmw32.and_u access 2
        FE:33 i32.atomic.rmw.or access 2
        FE:34 i64.atomic.rmw.or access 3
        FE:35 i32.atomic.rmw8.or_u access 0
        FE:36 i32.atomic.rmw16.or_u access 1
        FE:37 i64.atomic.rmw8.or_u access 0
        FE:38 i64.atomic.rmw16.or_u access 1
        FE:39 i64.atomic.rmw32.or_u access 2
        FE:3A i32.atomic.rmw.xor access 2
        FE:3B i64.atomic.rmw.xor access 3
        FE:3C i32.atomic.rmw8.xor_u access 0
        FE:3D i32.atomic.rmw16.xor_u access 1
        FE:3E i64.atomic.rmw8.xor_u access 0
        FE:3F i64.atomic.rmw16.xor_u access 1
        FE:40 i64.atomic.rmw32.xor_u access 2
        FE:41 i32.atomic.rmw.xchg access 2
        FE:42 i64.atomic.rmw.xchg access 3
        FE:43 i32.atomic.rmw8.xchg_u access 0
        FE:44 i32.atomic.rmw16.xchg_u access 1
        FE:45 i64.atomic.rmw8.xchg_u access 0
        FE:46 i64.atomic.rmw16.xchg_u access 1
        FE:47 i64.atomic.rmw32.xchg_u access 2
        FE:48 i32.atomic.rmw.cmpxchg access 2
        FE:49 i64.atomic.rmw.cmpxchg access 3
        FE:4A i32.atomic.rmw8.cmpxchg_u access 0
        FE:4B i32.atomic.rmw16.cmpxchg_u access 1
        FE:4C i64.atomic.rmw8.cmpxchg_u access 0
        FE:4D i64.atomic.rmw16.cmpxchg_u access 1
        FE:4E i64.atomic.rmw32.cmpxchg_u access 2
        """
}
