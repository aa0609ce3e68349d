#ifndef WASM_VECTOR_LOOKUP_H
#define WASM_VECTOR_LOOKUP_H

#include "vectors.h"

/// Bytes picked by numbers that only run time knows. The compiler's vector types have no word for it, the machines
/// have an instruction; what neither is for is done byte by byte.

#if defined(__aarch64__)
#include <arm_neon.h>
#endif

/// Core 4.3.6, swizzle: zero where the number is of no byte.
static inline u8x16 wasm_swizzle_portable(u8x16 x, u8x16 numbers) {
#if defined(__aarch64__)
    return (u8x16)vqtbl1q_u8((uint8x16_t)x, (uint8x16_t)numbers);
#else
    u8x16 r = {0};
    for (int i = 0; i < 16; i++) {
        uint8_t number = numbers[i];
        r[i] = number < 16 ? x[number & 15] : 0;
    }
    return r;
#endif
}

/// Shuffle: the numbers are less than 32, and count the bytes of both.
static inline u8x16 wasm_shuffle_portable(u8x16 x, u8x16 y, u8x16 numbers) {
#if defined(__aarch64__)
    uint8x16x2_t both = {{(uint8x16_t)x, (uint8x16_t)y}};
    return (u8x16)vqtbl2q_u8(both, (uint8x16_t)numbers);
#else
    return wasm_swizzle_portable(x, numbers) | wasm_swizzle_portable(y, numbers - 16);
#endif
}

#if defined(__x86_64__)
typedef char bytes16 __attribute__((vector_size(16)));

/// A number with the uppermost bit set gives zero; of others, the four lower bits count.
__attribute__((target("avx"))) static inline u8x16 wasm_swizzle_avx(u8x16 x, u8x16 numbers) {
    u8x16 picks = __builtin_elementwise_add_sat(numbers, EVERY(u8x16, 0x70));
    return (u8x16)__builtin_ia32_pshufb128((bytes16)x, (bytes16)picks);
}

__attribute__((target("avx"))) static inline u8x16 wasm_shuffle_avx(u8x16 x, u8x16 y, u8x16 numbers) {
    u8x16 low = (u8x16)__builtin_ia32_pshufb128((bytes16)x, (bytes16)(numbers + 0x70));
    u8x16 high = (u8x16)__builtin_ia32_pshufb128((bytes16)y, (bytes16)(numbers - 16));
    return low | high;
}
#endif

#endif
