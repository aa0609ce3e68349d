#ifndef WASM_VECTORS_H
#define WASM_VECTORS_H

#include <stdint.h>

/// The shapes of a v128, and what vector operations mean that C's own do not say in one expression.
///
/// All are written with the compiler's vector types: what x86-64 and aarch64 have an instruction for becomes that.

#define WASM_SHAPE(name, lane, bytes) typedef lane name __attribute__((vector_size(bytes)))
WASM_SHAPE(i8x16, int8_t, 16);
WASM_SHAPE(u8x16, uint8_t, 16);
WASM_SHAPE(i16x8, int16_t, 16);
WASM_SHAPE(u16x8, uint16_t, 16);
WASM_SHAPE(i32x4, int32_t, 16);
WASM_SHAPE(u32x4, uint32_t, 16);
WASM_SHAPE(i64x2, int64_t, 16);
WASM_SHAPE(u64x2, uint64_t, 16);
WASM_SHAPE(f32x4, float, 16);
WASM_SHAPE(f64x2, double, 16);
/// Halves, as wider lanes are made from them.
WASM_SHAPE(i8x8, int8_t, 8);
WASM_SHAPE(u8x8, uint8_t, 8);
WASM_SHAPE(i16x4, int16_t, 8);
WASM_SHAPE(u16x4, uint16_t, 8);
WASM_SHAPE(i32x2, int32_t, 8);
WASM_SHAPE(u32x2, uint32_t, 8);
WASM_SHAPE(f32x2, float, 8);

/// A v128 in a register, and in two slots.
typedef u64x2 v128;
typedef v128 __attribute__((aligned(8), may_alias)) v128_in_slots;

/// One bit for each lane.
typedef _Bool bits16 __attribute__((ext_vector_type(16)));
typedef _Bool bits8 __attribute__((ext_vector_type(8)));
typedef _Bool bits4 __attribute__((ext_vector_type(4)));
typedef _Bool bits2 __attribute__((ext_vector_type(2)));

/// The same integer, or constant, in every lane.
#define EVERY(shape, value) ((shape){0} + (__typeof__(((shape){0})[0]))(value))

/// One value in every lane: a float's bits stay what they are.
#define SPLAT_u8x16(x) EVERY(u8x16, x)
#define SPLAT_u16x8(x) EVERY(u16x8, x)
#define SPLAT_u32x4(x) EVERY(u32x4, x)
#define SPLAT_u64x2(x) EVERY(u64x2, x)
#define SPLAT_f32x4(x) ((f32x4){x, x, x, x})
#define SPLAT_f64x2(x) ((f64x2){x, x})

/// Lanes of `yes` where the mask's are all ones, of `no` where they are zero.
#define CHOOSE(shape, mask, yes, no)                                                                              \
    ((shape)(((v128)(mask) & (v128)(yes)) | (~(v128)(mask) & (v128)(no))))

/// Half of the lanes: `LOW_8(x, i8x8)` are the eight lower ones.
#define LOW_8(x) __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7)
#define HIGH_8(x) __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15)
#define LOW_4(x) __builtin_shufflevector(x, x, 0, 1, 2, 3)
#define HIGH_4(x) __builtin_shufflevector(x, x, 4, 5, 6, 7)
#define LOW_2(x) __builtin_shufflevector(x, x, 0, 1)
#define HIGH_2(x) __builtin_shufflevector(x, x, 2, 3)
#define WIDEN(shape, half) __builtin_convertvector(half, shape)
#define JOIN_8(x, y) __builtin_shufflevector(x, y, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
#define JOIN_4(x, y) __builtin_shufflevector(x, y, 0, 1, 2, 3, 4, 5, 6, 7)

/// Lanes kept between two bounds.
#define CLAMP(shape, x, low, high)                                                                                \
    __builtin_elementwise_min(__builtin_elementwise_max(x, EVERY(shape, low)), EVERY(shape, high))

static inline i8x16 wasm_narrow_i16x8_s(i16x8 x, i16x8 y) {
    i8x8 low = WIDEN(i8x8, CLAMP(i16x8, x, -128, 127)), high = WIDEN(i8x8, CLAMP(i16x8, y, -128, 127));
    return JOIN_8(low, high);
}
static inline u8x16 wasm_narrow_i16x8_u(i16x8 x, i16x8 y) {
    u8x8 low = WIDEN(u8x8, CLAMP(i16x8, x, 0, 255)), high = WIDEN(u8x8, CLAMP(i16x8, y, 0, 255));
    return JOIN_8(low, high);
}
static inline i16x8 wasm_narrow_i32x4_s(i32x4 x, i32x4 y) {
    i16x4 low = WIDEN(i16x4, CLAMP(i32x4, x, -32768, 32767)), high = WIDEN(i16x4, CLAMP(i32x4, y, -32768, 32767));
    return JOIN_4(low, high);
}
static inline u16x8 wasm_narrow_i32x4_u(i32x4 x, i32x4 y) {
    u16x4 low = WIDEN(u16x4, CLAMP(i32x4, x, 0, 65535)), high = WIDEN(u16x4, CLAMP(i32x4, y, 0, 65535));
    return JOIN_4(low, high);
}

/// Core 4.3.2, iq15mulrsats: the rounded upper half of the product. Only -1 times -1 is too large.
static inline i16x8 wasm_q15mulr(i16x8 x, i16x8 y) {
    i32x4 low = (WIDEN(i32x4, LOW_4(x)) * WIDEN(i32x4, LOW_4(y)) + 0x4000) >> 15;
    i32x4 high = (WIDEN(i32x4, HIGH_4(x)) * WIDEN(i32x4, HIGH_4(y)) + 0x4000) >> 15;
    return wasm_narrow_i32x4_s(low, high);
}

/// Sums of two neighbouring products.
static inline i32x4 wasm_dot_i16x8(i16x8 x, i16x8 y) {
    i32x4 even = WIDEN(i32x4, __builtin_shufflevector(x, x, 0, 2, 4, 6)) *
                 WIDEN(i32x4, __builtin_shufflevector(y, y, 0, 2, 4, 6));
    i32x4 odd = WIDEN(i32x4, __builtin_shufflevector(x, x, 1, 3, 5, 7)) *
                WIDEN(i32x4, __builtin_shufflevector(y, y, 1, 3, 5, 7));
    // The one sum that is too large wraps.
    return (i32x4)((u32x4)even + (u32x4)odd);
}

/// The even lanes and the odd ones, widened.
static inline i16x8 wasm_even_i8x16(i8x16 x) { return (i16x8)((u16x8)x << 8) >> 8; }
static inline i16x8 wasm_odd_i8x16(i8x16 x) { return (i16x8)x >> 8; }
static inline i32x4 wasm_even_i16x8(i16x8 x) { return (i32x4)((u32x4)x << 16) >> 16; }
static inline i32x4 wasm_odd_i16x8(i16x8 x) { return (i32x4)x >> 16; }

static inline i16x8 wasm_dot_i8x16(i8x16 x, i8x16 y) {
    return __builtin_elementwise_add_sat(
        wasm_even_i8x16(x) * wasm_even_i8x16(y), wasm_odd_i8x16(x) * wasm_odd_i8x16(y));
}

/// Core 4.3.3, fmin and fmax: NaN if either is, and -0 is less than +0.
#define WASM_VECTOR_EXTREMES(shape)                                                                               \
    static inline shape wasm_min_##shape(shape x, shape y) {                                                      \
        v128 either = (v128)CHOOSE(shape, x < y, x, y) | (v128)CHOOSE(shape, y < x, y, x);                        \
        return CHOOSE(shape, (x != x) | (y != y), x + y, either);                                                 \
    }                                                                                                             \
    static inline shape wasm_max_##shape(shape x, shape y) {                                                      \
        v128 both = (v128)CHOOSE(shape, x > y, x, y) & (v128)CHOOSE(shape, y > x, y, x);                          \
        return CHOOSE(shape, (x != x) | (y != y), x + y, both);                                                   \
    }
WASM_VECTOR_EXTREMES(f32x4)
WASM_VECTOR_EXTREMES(f64x2)

/// Rounding to an integer for machines without an instruction for it; as in float.h. A signaling NaN becomes quiet
/// by the addition.
#define WASM_VECTOR_ROUNDING(shape, integer, sign, limit)                                                         \
    static inline shape wasm_magnitude_##shape(shape x) { return (shape)((integer)x & ~EVERY(integer, sign)); }    \
    static inline shape wasm_signed_##shape(shape magnitude, shape x) {                                           \
        return CHOOSE(shape, EVERY(integer, sign), x, magnitude);                                                 \
    }                                                                                                             \
    static inline shape wasm_small_##shape(shape rounded, shape x) {                                              \
        return CHOOSE(shape, wasm_magnitude_##shape(x) < limit, wasm_signed_##shape(rounded, x), x + (shape){0}); \
    }                                                                                                             \
    static inline shape wasm_whole_##shape(shape x) {                                                             \
        return wasm_signed_##shape(wasm_magnitude_##shape(x) + limit - limit, x);                                 \
    }                                                                                                             \
    static inline shape wasm_nearest_##shape(shape x) { return wasm_small_##shape(wasm_whole_##shape(x), x); }    \
    static inline shape wasm_floor_##shape(shape x) {                                                             \
        shape whole = wasm_whole_##shape(x);                                                                      \
        return wasm_small_##shape(CHOOSE(shape, whole > x, whole - 1, whole), x);                                 \
    }                                                                                                             \
    static inline shape wasm_ceil_##shape(shape x) {                                                              \
        shape whole = wasm_whole_##shape(x);                                                                      \
        return wasm_small_##shape(CHOOSE(shape, whole < x, whole + 1, whole), x);                                 \
    }                                                                                                             \
    static inline shape wasm_trunc_##shape(shape x) {                                                             \
        shape size = wasm_magnitude_##shape(x), whole = size + limit - limit;                                     \
        return wasm_small_##shape(CHOOSE(shape, whole > size, whole - 1, whole), x);                              \
    }
WASM_VECTOR_ROUNDING(f32x4, u32x4, 0x80000000U, 8388608.0f)
WASM_VECTOR_ROUNDING(f64x2, u64x2, 0x8000000000000000U, 4503599627370496.0)

/// Saturating conversions: what is out of range is taken out before, and put right after.
static inline i32x4 wasm_trunc_sat_f32x4_s(f32x4 x) {
    i32x4 fits = (x >= -2147483648.0f) & (x < 2147483648.0f);
    i32x4 whole = __builtin_convertvector(CHOOSE(f32x4, fits, x, (f32x4){0}), i32x4);
    whole = CHOOSE(i32x4, x >= 2147483648.0f, EVERY(i32x4, INT32_MAX), whole);
    return CHOOSE(i32x4, x < -2147483648.0f, EVERY(i32x4, INT32_MIN), whole);
}
static inline u32x4 wasm_trunc_sat_f32x4_u(f32x4 x) {
    i32x4 fits = (x > 0.0f) & (x < 4294967296.0f);
    u32x4 whole = __builtin_convertvector(CHOOSE(f32x4, fits, x, (f32x4){0}), u32x4);
    return whole | (u32x4)(x >= 4294967296.0f);
}
static inline i32x4 wasm_trunc_sat_f64x2_s(f64x2 x) {
    x = CHOOSE(f64x2, x == x, x, (f64x2){0});
    x = CHOOSE(f64x2, x < 2147483647.0, x, EVERY(f64x2, 2147483647.0));
    x = CHOOSE(f64x2, x > -2147483648.0, x, EVERY(f64x2, -2147483648.0));
    i32x2 whole = __builtin_convertvector(x, i32x2);
    return __builtin_shufflevector(whole, (i32x2){0}, 0, 1, 2, 3);
}
static inline u32x4 wasm_trunc_sat_f64x2_u(f64x2 x) {
    x = CHOOSE(f64x2, x > 0.0, x, (f64x2){0});
    x = CHOOSE(f64x2, x < 4294967295.0, x, EVERY(f64x2, 4294967295.0));
    u32x2 whole = __builtin_convertvector(x, u32x2);
    return __builtin_shufflevector(whole, (u32x2){0}, 0, 1, 2, 3);
}

static inline f32x4 wasm_demote_f64x2(f64x2 x) {
    f32x2 half = __builtin_convertvector(x, f32x2);
    return __builtin_shufflevector(half, (f32x2){0}, 0, 1, 2, 3);
}

/// Lane numbers, to find one lane by a number known only at run time.
#define LANES_u8x16 ((u8x16){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
#define LANES_u16x8 ((u16x8){0, 1, 2, 3, 4, 5, 6, 7})
#define LANES_u32x4 ((u32x4){0, 1, 2, 3})
#define LANES_u64x2 ((u64x2){0, 1})
#define LANES_f32x4 LANES_u32x4
#define LANES_f64x2 LANES_u64x2
#define IS_LANE(shape, number) (LANES_##shape == (__typeof__(LANES_##shape[0]))(number))

#endif
