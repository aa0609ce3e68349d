#ifndef WASM_FLOAT_H
#define WASM_FLOAT_H

#include <stdint.h>

/// Float operations whose WebAssembly meaning C's own do not have, or have only with library calls.

static inline uint32_t wasm_bits_f32(float x) { return __builtin_bit_cast(uint32_t, x); }
static inline uint64_t wasm_bits_f64(double x) { return __builtin_bit_cast(uint64_t, x); }
static inline float wasm_float_of_bits(uint32_t x) { return __builtin_bit_cast(float, x); }
static inline double wasm_double_of_bits(uint64_t x) { return __builtin_bit_cast(double, x); }

/// Core 4.3.3, fmin and fmax: NaN if either is, and -0 is less than +0.
static inline float wasm_min_f32(float x, float y) {
    if (x != x || y != y) return x + y;
    if (x == y) return wasm_float_of_bits(wasm_bits_f32(x) | wasm_bits_f32(y));
    return x < y ? x : y;
}
static inline float wasm_max_f32(float x, float y) {
    if (x != x || y != y) return x + y;
    if (x == y) return wasm_float_of_bits(wasm_bits_f32(x) & wasm_bits_f32(y));
    return x > y ? x : y;
}
static inline double wasm_min_f64(double x, double y) {
    if (x != x || y != y) return x + y;
    if (x == y) return wasm_double_of_bits(wasm_bits_f64(x) | wasm_bits_f64(y));
    return x < y ? x : y;
}
static inline double wasm_max_f64(double x, double y) {
    if (x != x || y != y) return x + y;
    if (x == y) return wasm_double_of_bits(wasm_bits_f64(x) & wasm_bits_f64(y));
    return x > y ? x : y;
}

/// Rounding to an integer. A signaling NaN becomes quiet by the addition; floats too large to have a fraction
/// stay as they are; copysign keeps the zero's sign.
#define WASM_ROUNDING(suffix, type, fabs_, copysign_, limit, integer)                                              \
    static inline type wasm_trunc_##suffix(type x) {                                                               \
        if (!(fabs_(x) < limit)) return x != x ? x + x : x;                                                         \
        return copysign_((type)(integer)x, x);                                                                     \
    }                                                                                                              \
    static inline type wasm_floor_##suffix(type x) {                                                               \
        if (!(fabs_(x) < limit)) return x != x ? x + x : x;                                                         \
        type whole = (type)(integer)x;                                                                             \
        return copysign_(whole > x ? whole - 1 : whole, x);                                                        \
    }                                                                                                              \
    static inline type wasm_ceil_##suffix(type x) {                                                                \
        if (!(fabs_(x) < limit)) return x != x ? x + x : x;                                                         \
        type whole = (type)(integer)x;                                                                             \
        return copysign_(whole < x ? whole + 1 : whole, x);                                                        \
    }                                                                                                              \
    static inline type wasm_nearest_##suffix(type x) {                                                             \
        if (!(fabs_(x) < limit)) return x != x ? x + x : x;                                                         \
        type shifted = fabs_(x) + limit;                                                                           \
        return copysign_(shifted - limit, x);                                                                      \
    }
WASM_ROUNDING(f32, float, __builtin_fabsf, __builtin_copysignf, 8388608.0f, int32_t)
WASM_ROUNDING(f64, double, __builtin_fabs, __builtin_copysign, 4503599627370496.0, int64_t)

#endif
