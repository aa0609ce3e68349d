/// Rows of `InstructionTable`: opcode, name, and what immediates it has where it has some.
extension InstructionTable {
    /// Control, calls, variables and references (core, 5.4.1 to 5.4.5).
    static let control = """
        00 unreachable
        01 nop
        02 block block
        03 loop block
        04 if block
        05 else else
        06 try block
        07 catch catch
        08 throw tag
        09 rethrow label
        0A throw_ref
        0B end end
        0C br label
        0D br_if label
        0E br_table labels
        0F return
        10 call function
        11 call_indirect callIndirect
        12 return_call function
        13 return_call_indirect callIndirect
        14 call_ref type
        15 return_call_ref type
        18 delegate delegate
        19 catch_all catchAll
        1A drop
        1B select select
        1F try_table tryTable
        20 local.get local
        21 local.set local
        22 local.tee local
        23 global.get global
        24 global.set global
        25 table.get table
        26 table.set table
        D0 ref.null heapType
        D1 ref.is_null
        D2 ref.func function
        D3 ref.eq
        D4 ref.as_non_null
        D5 br_on_null label
        D6 br_on_non_null label
        """

    /// Memory accesses; the number is the binary logarithm of how many bytes are accessed (core, 5.4.7).
    static let memory = """
        28 i32.load access 2
        29 i64.load access 3
        2A f32.load access 2
        2B f64.load access 3
        2C i32.load8_s access 0
        2D i32.load8_u access 0
        2E i32.load16_s access 1
        2F i32.load16_u access 1
        30 i64.load8_s access 0
        31 i64.load8_u access 0
        32 i64.load16_s access 1
        33 i64.load16_u access 1
        34 i64.load32_s access 2
        35 i64.load32_u access 2
        36 i32.store access 2
        37 i64.store access 3
        38 f32.store access 2
        39 f64.store access 3
        3A i32.store8 access 0
        3B i32.store16 access 1
        3C i64.store8 access 0
        3D i64.store16 access 1
        3E i64.store32 access 2
        3F memory.size memory
        40 memory.grow memory
        """

    /// Numbers (core, 5.4.8).
    static let numeric = """
        41 i32.const i32
        42 i64.const i64
        43 f32.const f32
        44 f64.const f64
        45 i32.eqz
        46 i32.eq
        47 i32.ne
        48 i32.lt_s
        49 i32.lt_u
        4A i32.gt_s
        4B i32.gt_u
        4C i32.le_s
        4D i32.le_u
        4E i32.ge_s
        4F i32.ge_u
        50 i64.eqz
        51 i64.eq
        52 i64.ne
        53 i64.lt_s
        54 i64.lt_u
        55 i64.gt_s
        56 i64.gt_u
        57 i64.le_s
        58 i64.le_u
        59 i64.ge_s
        5A i64.ge_u
        5B f32.eq
        5C f32.ne
        5D f32.lt
        5E f32.gt
        5F f32.le
        60 f32.ge
        61 f64.eq
        62 f64.ne
        63 f64.lt
        64 f64.gt
        65 f64.le
        66 f64.ge
        67 i32.clz
        68 i32.ctz
        69 i32.popcnt
        6A i32.add
        6B i32.sub
        6C i32.mul
        6D i32.div_s
        6E i32.div_u
        6F i32.rem_s
        70 i32.rem_u
        71 i32.and
        72 i32.or
        73 i32.xor
        74 i32.shl
        75 i32.shr_s
        76 i32.shr_u
        77 i32.rotl
        78 i32.rotr
        79 i64.clz
        7A i64.ctz
        7B i64.popcnt
        7C i64.add
        7D i64.sub
        7E i64.mul
        7F i64.div_s
        80 i64.div_u
        81 i64.rem_s
        82 i64.rem_u
        83 i64.and
        84 i64.or
        85 i64.xor
        86 i64.shl
        87 i64.shr_s
        88 i64.shr_u
        89 i64.rotl
        8A i64.rotr
        8B f32.abs
        8C f32.neg
        8D f32.ceil
        8E f32.floor
        8F f32.trunc
        90 f32.nearest
        91 f32.sqrt
        92 f32.add
        93 f32.sub
        94 f32.mul
        95 f32.div
        96 f32.min
        97 f32.max
        98 f32.copysign
        99 f64.abs
        9A f64.neg
        9B f64.ceil
        9C f64.floor
        9D f64.trunc
        9E f64.nearest
        9F f64.sqrt
        A0 f64.add
        A1 f64.sub
        A2 f64.mul
        A3 f64.div
        A4 f64.min
        A5 f64.max
        A6 f64.copysign
        A7 i32.wrap_i64
        A8 i32.trunc_f32_s
        A9 i32.trunc_f32_u
        AA i32.trunc_f64_s
        AB i32.trunc_f64_u
        AC i64.extend_i32_s
        AD i64.extend_i32_u
        AE i64.trunc_f32_s
        AF i64.trunc_f32_u
        B0 i64.trunc_f64_s
        B1 i64.trunc_f64_u
        B2 f32.convert_i32_s
        B3 f32.convert_i32_u
        B4 f32.convert_i64_s
        B5 f32.convert_i64_u
        B6 f32.demote_f64
        B7 f64.convert_i32_s
        B8 f64.convert_i32_u
        B9 f64.convert_i64_s
        BA f64.convert_i64_u
        BB f64.promote_f32
        BC i32.reinterpret_f32
        BD i64.reinterpret_f64
        BE f32.reinterpret_i32
        BF f64.reinterpret_i64
        C0 i32.extend8_s
        C1 i32.extend16_s
        C2 i64.extend8_s
        C3 i64.extend16_s
        C4 i64.extend32_s
        """

    /// Structures, arrays and casts (core, 5.4.6).
    static let aggregate = """
        FB:00 struct.new type
        FB:01 struct.new_default type
        FB:02 struct.get field
        FB:03 struct.get_s field
        FB:04 struct.get_u field
        FB:05 struct.set field
        FB:06 array.new type
        FB:07 array.new_default type
        FB:08 array.new_fixed typeCount
        FB:09 array.new_data typeData
        FB:0A array.new_elem typeElement
        FB:0B array.get type
        FB:0C array.get_s type
        FB:0D array.get_u type
        FB:0E array.set type
        FB:0F array.len
        FB:10 array.fill type
        FB:11 array.copy typeType
        FB:12 array.init_data typeData
        FB:13 array.init_elem typeElement
        FB:14 ref.test castTest
        FB:15 ref.test castTestNull
        FB:16 ref.cast castTest
        FB:17 ref.cast castTestNull
        FB:18 br_on_cast branchOnCast
        FB:19 br_on_cast_fail branchOnCast
        FB:1A any.convert_extern
        FB:1B extern.convert_any
        FB:1C ref.i31
        FB:1D i31.get_s
        FB:1E i31.get_u
        """

    /// Saturating conversion, bulk operations, and wide arithmetic.
    static let extended = """
        FC:00 i32.trunc_sat_f32_s
        FC:01 i32.trunc_sat_f32_u
        FC:02 i32.trunc_sat_f64_s
        FC:03 i32.trunc_sat_f64_u
        FC:04 i64.trunc_sat_f32_s
        FC:05 i64.trunc_sat_f32_u
        FC:06 i64.trunc_sat_f64_s
        FC:07 i64.trunc_sat_f64_u
        FC:08 memory.init memoryData
        FC:09 data.drop data
        FC:0A memory.copy memoryMemory
        FC:0B memory.fill memory
        FC:0C table.init tableElement
        FC:0D elem.drop element
        FC:0E table.copy tableTable
        FC:0F table.grow table
        FC:10 table.size table
        FC:11 table.fill table
        FC:13 i64.add128
        FC:14 i64.sub128
        FC:15 i64.mul_wide_s
        FC:16 i64.mul_wide_u
        """
}
