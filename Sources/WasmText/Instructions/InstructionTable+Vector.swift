/// Rows of `InstructionTable` for vectors of 128 bits (core, 5.4.9).
extension InstructionTable {
    /// The number is the binary logarithm of how many bytes are accessed.
    static let vector = """
        FD:00 v128.load access 4
        FD:01 v128.load8x8_s access 3
        FD:02 v128.load8x8_u access 3
        FD:03 v128.load16x4_s access 3
        FD:04 v128.load16x4_u access 3
        FD:05 v128.load32x2_s access 3
        FD:06 v128.load32x2_u access 3
        FD:07 v128.load8_splat access 0
        FD:08 v128.load16_splat access 1
        FD:09 v128.load32_splat access 2
        FD:0A v128.load64_splat access 3
        FD:0B v128.store access 4
        FD:0C v128.const v128
        FD:0D i8x16.shuffle shuffle
        FD:0E i8x16.swizzle
        FD:0F i8x16.splat
        FD:10 i16x8.splat
        FD:11 i32x4.splat
        FD:12 i64x2.splat
        FD:13 f32x4.splat
        FD:14 f64x2.splat
        FD:15 i8x16.extract_lane_s lane
        FD:16 i8x16.extract_lane_u lane
        FD:17 i8x16.replace_lane lane
        FD:18 i16x8.extract_lane_s lane
        FD:19 i16x8.extract_lane_u lane
        FD:1A i16x8.replace_lane lane
        FD:1B i32x4.extract_lane lane
        FD:1C i32x4.replace_lane lane
        FD:1D i64x2.extract_lane lane
        FD:1E i64x2.replace_lane lane
        FD:1F f32x4.extract_lane lane
        FD:20 f32x4.replace_lane lane
        FD:21 f64x2.extract_lane lane
        FD:22 f64x2.replace_lane lane
        FD:23 i8x16.eq
        FD:24 i8x16.ne
        FD:25 i8x16.lt_s
        FD:26 i8x16.lt_u
        FD:27 i8x16.gt_s
        FD:28 i8x16.gt_u
        FD:29 i8x16.le_s
        FD:2A i8x16.le_u
        FD:2B i8x16.ge_s
        FD:2C i8x16.ge_u
        FD:2D i16x8.eq
        FD:2E i16x8.ne
        FD:2F i16x8.lt_s
        FD:30 i16x8.lt_u
        FD:31 i16x8.gt_s
        FD:32 i16x8.gt_u
        FD:33 i16x8.le_s
        FD:34 i16x8.le_u
        FD:35 i16x8.ge_s
        FD:36 i16x8.ge_u
        FD:37 i32x4.eq
        FD:38 i32x4.ne
        FD:39 i32x4.lt_s
        FD:3A i32x4.lt_u
        FD:3B i32x4.gt_s
        FD:3C i32x4.gt_u
        FD:3D i32x4.le_s
        FD:3E i32x4.le_u
        FD:3F i32x4.ge_s
        FD:40 i32x4.ge_u
        FD:41 f32x4.eq
        FD:42 f32x4.ne
        FD:43 f32x4.lt
        FD:44 f32x4.gt
        FD:45 f32x4.le
        FD:46 f32x4.ge
        FD:47 f64x2.eq
        FD:48 f64x2.ne
        FD:49 f64x2.lt
        FD:4A f64x2.gt
        FD:4B f64x2.le
        FD:4C f64x2.ge
        FD:4D v128.not
        FD:4E v128.and
        FD:4F v128.andnot
        FD:50 v128.or
        FD:51 v128.xor
        FD:52 v128.bitselect
        FD:53 v128.any_true
        FD:54 v128.load8_lane accessLane 0
        FD:55 v128.load16_lane accessLane 1
        FD:56 v128.load32_lane accessLane 2
        FD:57 v128.load64_lane accessLane 3
        FD:58 v128.store8_lane accessLane 0
        FD:59 v128.store16_lane accessLane 1
        FD:5A v128.store32_lane accessLane 2
        FD:5B v128.store64_lane accessLane 3
        FD:5C v128.load32_zero access 2
        FD:5D v128.load64_zero access 3
        FD:5E f32x4.demote_f64x2_zero
        FD:5F f64x2.promote_low_f32x4
        FD:60 i8x16.abs
        FD:61 i8x16.neg
        FD:62 i8x16.popcnt
        FD:63 i8x16.all_true
        FD:64 i8x16.bitmask
        FD:65 i8x16.narrow_i16x8_s
        FD:66 i8x16.narrow_i16x8_u
        FD:67 f32x4.ceil
        FD:68 f32x4.floor
        FD:69 f32x4.trunc
        FD:6A f32x4.nearest
        FD:6B i8x16.shl
        FD:6C i8x16.shr_s
        FD:6D i8x16.shr_u
        FD:6E i8x16.add
        FD:6F i8x16.add_sat_s
        FD:70 i8x16.add_sat_u
        FD:71 i8x16.sub
        FD:72 i8x16.sub_sat_s
        FD:73 i8x16.sub_sat_u
        FD:74 f64x2.ceil
        FD:75 f64x2.floor
        FD:76 i8x16.min_s
        FD:77 i8x16.min_u
        FD:78 i8x16.max_s
        FD:79 i8x16.max_u
        FD:7A f64x2.trunc
        FD:7B i8x16.avgr_u
        FD:7C i16x8.extadd_pairwise_i8x16_s
        FD:7D i16x8.extadd_pairwise_i8x16_u
        FD:7E i32x4.extadd_pairwise_i16x8_s
        FD:7F i32x4.extadd_pairwise_i16x8_u
        FD:80 i16x8.abs
        FD:81 i16x8.neg
        FD:82 i16x8.q15mulr_sat_s
        FD:83 i16x8.all_true
        FD:84 i16x8.bitmask
        FD:85 i16x8.narrow_i32x4_s
        FD:86 i16x8.narrow_i32x4_u
        FD:87 i16x8.extend_low_i8x16_s
        FD:88 i16x8.extend_high_i8x16_s
        FD:89 i16x8.extend_low_i8x16_u
        FD:8A i16x8.extend_high_i8x16_u
        FD:8B i16x8.shl
        FD:8C i16x8.shr_s
        FD:8D i16x8.shr_u
        FD:8E i16x8.add
        FD:8F i16x8.add_sat_s
        FD:90 i16x8.add_sat_u
        FD:91 i16x8.sub
        FD:92 i16x8.sub_sat_s
        FD:93 i16x8.sub_sat_u
        FD:94 f64x2.nearest
        FD:95 i16x8.mul
        FD:96 i16x8.min_s
        FD:97 i16x8.min_u
        FD:98 i16x8.max_s
        FD:99 i16x8.max_u
        FD:9B i16x8.avgr_u
        FD:9C i16x8.extmul_low_i8x16_s
        FD:9D i16x8.extmul_high_i8x16_s
        FD:9E i16x8.extmul_low_i8x16_u
        FD:9F i16x8.extmul_high_i8x16_u
        FD:A0 i32x4.abs
        FD:A1 i32x4.neg
        FD:A3 i32x4.all_true
        FD:A4 i32x4.bitmask
        FD:A7 i32x4.extend_low_i16x8_s
        FD:A8 i32x4.extend_high_i16x8_s
        FD:A9 i32x4.extend_low_i16x8_u
        FD:AA i32x4.extend_high_i16x8_u
        FD:AB i32x4.shl
        FD:AC i32x4.shr_s
        FD:AD i32x4.shr_u
        FD:AE i32x4.add
        FD:B1 i32x4.sub
        FD:B5 i32x4.mul
        FD:B6 i32x4.min_s
        FD:B7 i32x4.min_u
        FD:B8 i32x4.max_s
        FD:B9 i32x4.max_u
        FD:BA i32x4.dot_i16x8_s
        FD:BC i32x4.extmul_low_i16x8_s
        FD:BD i32x4.extmul_high_i16x8_s
        FD:BE i32x4.extmul_low_i16x8_u
        FD:BF i32x4.extmul_high_i16x8_u
        FD:C0 i64x2.abs
        FD:C1 i64x2.neg
        FD:C3 i64x2.all_true
        FD:C4 i64x2.bitmask
        FD:C7 i64x2.extend_low_i32x4_s
        FD:C8 i64x2.extend_high_i32x4_s
        FD:C9 i64x2.extend_low_i32x4_u
        FD:CA i64x2.extend_high_i32x4_u
        FD:CB i64x2.shl
        FD:CC i64x2.shr_s
        FD:CD i64x2.shr_u
        FD:CE i64x2.add
        FD:D1 i64x2.sub
        FD:D5 i64x2.mul
        FD:D6 i64x2.eq
        FD:D7 i64x2.ne
        FD:D8 i64x2.lt_s
        FD:D9 i64x2.gt_s
        FD:DA i64x2.le_s
        FD:DB i64x2.ge_s
        FD:DC i64x2.extmul_low_i32x4_s
        FD:DD i64x2.extmul_high_i32x4_s
        FD:DE i64x2.extmul_low_i32x4_u
        FD:DF i64x2.extmul_high_i32x4_u
        FD:E0 f32x4.abs
        FD:E1 f32x4.neg
        FD:E3 f32x4.sqrt
        FD:E4 f32x4.add
        FD:E5 f32x4.sub
        FD:E6 f32x4.mul
        FD:E7 f32x4.div
        FD:E8 f32x4.min
        FD:E9 f32x4.max
        FD:EA f32x4.pmin
        FD:EB f32x4.pmax
        FD:EC f64x2.abs
        FD:ED f64x2.neg
        FD:EF f64x2.sqrt
        FD:F0 f64x2.add
        FD:F1 f64x2.sub
        FD:F2 f64x2.mul
        FD:F3 f64x2.div
        FD:F4 f64x2.min
        FD:F5 f64x2.max
        FD:F6 f64x2.pmin
        FD:F7 f64x2.pmax
        FD:F8 i32x4.trunc_sat_f32x4_s
        FD:F9 i32x4.trunc_sat_f32x4_u
        FD:FA f32x4.convert_i32x4_s
        FD:FB f32x4.convert_i32x4_u
        FD:FC i32x4.trunc_sat_f64x2_s_zero
        FD:FD i32x4.trunc_sat_f64x2_u_zero
        FD:FE f64x2.convert_low_i32x4_s
        FD:FF f64x2.convert_low_i32x4_u
        FD:100 i8x16.relaxed_swizzle
        FD:101 i32x4.relaxed_trunc_f32x4_s
        FD:102 i32x4.relaxed_trunc_f32x4_u
        FD:103 i32x4.relaxed_trunc_f64x2_s_zero
        FD:104 i32x4.relaxed_trunc_f64x2_u_zero
        FD:105 f32x4.relaxed_madd
        FD:106 f32x4.relaxed_nmadd
        FD:107 f64x2.relaxed_madd
        FD:108 f64x2.relaxed_nmadd
        FD:109 i8x16.relaxed_laneselect
        FD:10A i16x8.relaxed_laneselect
        FD:10B i32x4.relaxed_laneselect
        FD:10C i64x2.relaxed_laneselect
        FD:10D f32x4.relaxed_min
        FD:10E f32x4.relaxed_max
        FD:10F f64x2.relaxed_min
        FD:110 f64x2.relaxed_max
        FD:111 i16x8.relaxed_q15mulr_s
        FD:112 i16x8.relaxed_dot_i8x16_i7x16_s
        FD:113 i32x4.relaxed_dot_i8x16_i7x16_add_s
        """
}
