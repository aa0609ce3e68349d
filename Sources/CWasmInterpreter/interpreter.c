/// The interpreter's loop: one small function an instruction, each jumping to the next one's.
///
/// An instruction is a word with its handler's address and one or two words of operands; specs/bytecode.md
/// draws them. The machine's state is the handlers' arguments, which the calling convention keeps in registers.
/// Everything that can be checked beforehand has been: the translator made the code from a validated function.

#include <stddef.h>

#include "arrays.h"
#include "exception.h"
#include "fault.h"
#include "float.h"
#include "vector_lookup.h"
#include "wasm_interpreter.h"

#pragma STDC FP_CONTRACT OFF

#if __has_attribute(preserve_none)
#define CONVENTION __attribute__((preserve_none))
#else
#define CONVENTION
#endif
#define TAIL __attribute__((musttail)) return

/// pc the instruction, sp the frame's slot 0, mem memory 0's base; acc, fa, da and va the accumulators for
/// integers, f32, f64 and v128.
#define STATE                                                                                                     \
    const uint64_t *pc, uint64_t *sp, uint8_t *mem, wasm_instance *inst, uint64_t acc, wasm_context *ctx,         \
        float fa, double da, v128 va
#define REGISTERS pc, sp, mem, inst, acc, ctx, fa, da, va

typedef CONVENTION void (*handler)(STATE);

/// All handlers are in one section, so that the fault handler knows them from other code.
#define INSTRUCTION(name) __attribute__((section("wasm_handlers"))) static CONVENTION void op_##name(STATE)
#define DISPATCH() TAIL((handler)pc[0])(REGISTERS)
#define NEXT(length)                                                                                              \
    do {                                                                                                          \
        pc += (length);                                                                                           \
        DISPATCH();                                                                                               \
    } while (0)

/// Operands: four 16-bit fields or two of 32 bits in word 1, a 64-bit one in word 2.
#define U16(i) (((const uint16_t *)(pc + 1))[i])
#define U32(i) (((const uint32_t *)(pc + 1))[i])
#define S32(i) (((const int32_t *)(pc + 1))[i])

typedef float pair_of_f32 __attribute__((vector_size(8)));

/// Reading a slot, and the accumulator, as each type.
#define SLOT_i32(i) ((uint32_t)sp[i])
#define SLOT_i64(i) (sp[i])
#define SLOT_f32(i) (*(const float *)&sp[i])
#define SLOT_f64(i) (*(const double *)&sp[i])
#define ACC_i32 ((uint32_t)acc)
#define ACC_i64 acc
#define ACC_f32 fa
#define ACC_f64 da
#define SET_ACC_i32(r) acc = (r)
#define SET_ACC_i64(r) acc = (r)
#define SET_ACC_f32(r) fa = (r)
#define SET_ACC_f64(r) da = (r)
/// A slot is always written whole, so that a copy never reads what two stores made.
#define SET_SLOT_i32(i, r) sp[i] = (r)
#define SET_SLOT_i64(i, r) sp[i] = (r)
#define SET_SLOT_f32(i, r) (*(pair_of_f32 *)&sp[i] = (pair_of_f32){(r), 0})
#define SET_SLOT_f64(i, r) (*(double *)&sp[i] = (r))
/// Immediates: integers sign-extended from 32 bits, floats in a word of their own.
#define IMMEDIATE_i32 ((uint32_t)S32(1))
#define IMMEDIATE_i64 ((uint64_t)(int64_t)S32(1))
#define IMMEDIATE_f32 (*(const float *)(pc + 2))
#define IMMEDIATE_f64 (*(const double *)(pc + 2))
#define IMMEDIATE_LENGTH_i32 2
#define IMMEDIATE_LENGTH_i64 2
#define IMMEDIATE_LENGTH_f32 3
#define IMMEDIATE_LENGTH_f64 3
/// A branch's second operand stands in word 2, whatever its type.
#define BRANCH_IMMEDIATE_i32 ((uint32_t)pc[2])
#define BRANCH_IMMEDIATE_i64 (pc[2])
#define BRANCH_IMMEDIATE_f32 IMMEDIATE_f32
#define BRANCH_IMMEDIATE_f64 IMMEDIATE_f64

typedef uint32_t c_i32;
typedef uint64_t c_i64;
typedef float c_f32;
typedef double c_f64;

/// Ends the run: the last handler of the chain returns to wasm_call.
#define TRAP(reason) TRAP_STATUS(WASM_TRAP_##reason)
#define TRAP_STATUS(status_)                                                                                      \
    do {                                                                                                          \
        acc = (uint64_t)(status_);                                                                                \
        TAIL op_trapped(REGISTERS);                                                                               \
    } while (0)

/// Says where and why, for wasm_call and the backtrace. Not an instruction of its own.
__attribute__((noinline, cold)) INSTRUCTION(trapped) {
    (void)mem, (void)inst, (void)fa, (void)da, (void)va;
    ctx->trap_code = pc;
    ctx->trap_frame = sp;
    ctx->trap_is_return = false;
    fault_target(ctx)->status = (wasm_status)acc;
}

/// The same for an end inside a call that has not begun: pc and sp are what the call would return to.
__attribute__((noinline, cold)) INSTRUCTION(trapped_in_call) {
    (void)mem, (void)inst, (void)fa, (void)da, (void)va;
    ctx->trap_code = pc;
    ctx->trap_frame = sp;
    ctx->trap_is_return = true;
    fault_target(ctx)->status = (wasm_status)acc;
}

#define TRAP_IN_CALL(status_, return_to, return_frame)                                                            \
    do {                                                                                                          \
        pc = (const uint64_t *)(return_to);                                                                       \
        sp = (uint64_t *)(return_frame);                                                                          \
        acc = (uint64_t)(status_);                                                                                \
        TAIL op_trapped_in_call(REGISTERS);                                                                       \
    } while (0)

#define TRUNCATE(x, low, high)                                                                                    \
    if ((x) != (x)) TRAP(INVALID_CONVERSION);                                                                     \
    if (!((x) > (low) && (x) < (high))) TRAP(INTEGER_OVERFLOW)
#define SATURATE(x, low, high, min, max, integer, result)                                                         \
    ((x) != (x) ? 0 : (x) < (low) ? (result)(min) : (x) >= (high) ? (result)(max) : (result)(integer)(x))

// ---- Two operands ----

#define TWO(name, form, type, left, right, body, length)                                                          \
    INSTRUCTION(name##_##form##_r) {                                                                              \
        c_##type x = left, y = right, r;                                                                          \
        body;                                                                                                     \
        SET_ACC_##type(r);                                                                                        \
        NEXT(length);                                                                                             \
    }                                                                                                             \
    INSTRUCTION(name##_##form##_s) {                                                                              \
        c_##type x = left, y = right, r;                                                                          \
        body;                                                                                                     \
        SET_ACC_##type(r);                                                                                        \
        SET_SLOT_##type(U16(0), r);                                                                               \
        NEXT(length);                                                                                             \
    }

#define WASM_COMMUTATIVE(code, name, text, type, body)                                                            \
    TWO(name, ss, type, SLOT_##type(U16(1)), SLOT_##type(U16(2)), body, 2)                                        \
    TWO(name, as, type, ACC_##type, SLOT_##type(U16(2)), body, 2)                                                 \
    TWO(name, si, type, SLOT_##type(U16(1)), IMMEDIATE_##type, body, IMMEDIATE_LENGTH_##type)                     \
    TWO(name, ai, type, ACC_##type, IMMEDIATE_##type, body, IMMEDIATE_LENGTH_##type)

#define WASM_BINARY(code, name, text, type, body)                                                                 \
    WASM_COMMUTATIVE(code, name, text, type, body)                                                                \
    TWO(name, sa, type, SLOT_##type(U16(1)), ACC_##type, body, 2)                                                 \
    TWO(name, is, type, IMMEDIATE_##type, SLOT_##type(U16(1)), body, IMMEDIATE_LENGTH_##type)                     \
    TWO(name, ia, type, IMMEDIATE_##type, ACC_##type, body, IMMEDIATE_LENGTH_##type)

// ---- Comparisons, and branches on them ----

#define COMPARISON(name, form, type, left, right, condition, length)                                              \
    INSTRUCTION(name##_##form##_r) {                                                                              \
        c_##type x = left, y = right;                                                                             \
        acc = (condition);                                                                                        \
        NEXT(length);                                                                                             \
    }                                                                                                             \
    INSTRUCTION(name##_##form##_s) {                                                                              \
        c_##type x = left, y = right;                                                                             \
        acc = (condition);                                                                                        \
        sp[U16(0)] = acc;                                                                                         \
        NEXT(length);                                                                                             \
    }

#define COMPARISONS(name, type, condition)                                                                        \
    COMPARISON(name, ss, type, SLOT_##type(U16(1)), SLOT_##type(U16(2)), condition, 2)                            \
    COMPARISON(name, as, type, ACC_##type, SLOT_##type(U16(2)), condition, 2)                                     \
    COMPARISON(name, si, type, SLOT_##type(U16(1)), IMMEDIATE_##type, condition, IMMEDIATE_LENGTH_##type)         \
    COMPARISON(name, ai, type, ACC_##type, IMMEDIATE_##type, condition, IMMEDIATE_LENGTH_##type)

#define BRANCH(name, form, type, left, right, condition, length)                                                  \
    INSTRUCTION(name##_##form) {                                                                                  \
        c_##type x = left, y = right;                                                                             \
        if (condition) NEXT(S32(1));                                                                              \
        NEXT(length);                                                                                             \
    }

#define BRANCHES(name, type, condition)                                                                           \
    BRANCH(name, ss, type, SLOT_##type(U16(0)), SLOT_##type(U16(1)), condition, 2)                                \
    BRANCH(name, as, type, ACC_##type, SLOT_##type(U16(1)), condition, 2)                                         \
    BRANCH(name, si, type, SLOT_##type(U16(0)), BRANCH_IMMEDIATE_##type, condition, 3)                            \
    BRANCH(name, ai, type, ACC_##type, BRANCH_IMMEDIATE_##type, condition, 3)

#define WASM_COMPARE_INT(code, name, text, type, swapped, opposite, condition)                                    \
    COMPARISONS(name, type, condition)                                                                            \
    BRANCHES(br_if_##name, type, condition)

#define WASM_COMPARE_FLOAT(code, name, text, type, swapped, condition)                                            \
    COMPARISONS(name, type, condition)                                                                            \
    BRANCHES(br_if_##name, type, condition)                                                                       \
    BRANCHES(br_unless_##name, type, !(condition))

// ---- One operand ----

#define ONE(name, form, from, to, operand, body)                                                                  \
    INSTRUCTION(name##_##form##_r) {                                                                              \
        c_##from x = operand;                                                                                     \
        c_##to r;                                                                                                 \
        body;                                                                                                     \
        SET_ACC_##to(r);                                                                                          \
        NEXT(2);                                                                                                  \
    }                                                                                                             \
    INSTRUCTION(name##_##form##_s) {                                                                              \
        c_##from x = operand;                                                                                     \
        c_##to r;                                                                                                 \
        body;                                                                                                     \
        SET_ACC_##to(r);                                                                                          \
        SET_SLOT_##to(U16(0), r);                                                                                 \
        NEXT(2);                                                                                                  \
    }

#define WASM_UNARY(code, name, text, from, to, body)                                                              \
    ONE(name, s, from, to, SLOT_##from(U16(1)), body)                                                             \
    ONE(name, a, from, to, ACC_##from, body)

// ---- Memory 0 ----
// Address and offset are 32 bits each, so their sum is inside the reservation: what lies beyond the memory's
// size is not accessible, and the fault becomes a trap.

#define AT(address) (mem + (uint64_t)(uint32_t)(address) + (uint64_t)U32(1))

#define IN_MEMORY_0(address) uint8_t *place = AT(address)

#define LOAD(name, form, type, memory_type, find, length)                                                         \
    INSTRUCTION(name##_##form##_r) {                                                                              \
        memory_type value;                                                                                        \
        find;                                                                                                     \
        __builtin_memcpy(&value, place, sizeof value);                                                            \
        SET_ACC_##type(EXTENDED_##type(value));                                                                   \
        NEXT(length);                                                                                             \
    }                                                                                                             \
    INSTRUCTION(name##_##form##_s) {                                                                              \
        memory_type value;                                                                                        \
        find;                                                                                                     \
        __builtin_memcpy(&value, place, sizeof value);                                                            \
        SET_ACC_##type(EXTENDED_##type(value));                                                                   \
        SET_SLOT_##type(U16(0), EXTENDED_##type(value));                                                          \
        NEXT(length);                                                                                             \
    }
#define WASM_LOAD(code, name, text, type, memory_type, log2)                                                      \
    LOAD(name, s, type, memory_type, IN_MEMORY_0(sp[U16(1)]), 2)                                                  \
    LOAD(name, a, type, memory_type, IN_MEMORY_0(acc), 2)                                                         \
    LOAD(name, si, type, memory_type, IN_MEMORY_0((uint32_t)sp[U16(1)] + (uint32_t)pc[2]), 3)                     \
    LOAD(name, ai, type, memory_type, IN_MEMORY_0((uint32_t)acc + (uint32_t)pc[2]), 3)                            \
    LOAD(name, shift_s, type, memory_type, IN_MEMORY_0(SHIFTED_SUM(sp[U16(1)])), 3)                               \
    LOAD(name, shift_a, type, memory_type, IN_MEMORY_0(SHIFTED_SUM(acc)), 3)
#define SHIFTED_SUM(operand) (((uint32_t)(operand) << (pc[2] >> 32 & 31)) + (uint32_t)pc[2])
#define EXTENDED_i32(value) ((uint32_t)(value))
#define EXTENDED_i64(value) ((uint64_t)(value))
#define EXTENDED_f32(value) (value)
#define EXTENDED_f64(value) (value)

#define STORE(name, form, memory_type, find, operand, length)                                                     \
    INSTRUCTION(name##_##form) {                                                                                  \
        memory_type value = (memory_type)(operand);                                                               \
        find;                                                                                                     \
        __builtin_memcpy(place, &value, sizeof value);                                                            \
        NEXT(length);                                                                                             \
    }
#define STORES_INT(name, memory_type, find, length)                                                               \
    STORE(name, ss, memory_type, find(sp[U16(0)]), sp[U16(1)], length)                                            \
    STORE(name, as, memory_type, find(acc), sp[U16(1)], length)                                                   \
    STORE(name, sa, memory_type, find(sp[U16(0)]), acc, length)                                                   \
    STORE(name, si, memory_type, find(sp[U16(0)]), (int16_t)U16(1), length)                                       \
    STORE(name, ai, memory_type, find(acc), (int16_t)U16(1), length)
#define STORES_FLOAT(name, type, memory_type, find, length)                                                       \
    STORE(name, ss, memory_type, find(sp[U16(0)]), SLOT_##type(U16(1)), length)                                   \
    STORE(name, as, memory_type, find(acc), SLOT_##type(U16(1)), length)                                          \
    STORE(name, sa, memory_type, find(sp[U16(0)]), ACC_##type, length)                                            \
    STORE(name, aa, memory_type, find(acc), ACC_##type, length)
#define WASM_STORE_INT(code, name, text, type, memory_type, log2) STORES_INT(name, memory_type, IN_MEMORY_0, 2)
#define WASM_STORE_FLOAT(code, name, text, type, memory_type, log2)                                               \
    STORES_FLOAT(name, type, memory_type, IN_MEMORY_0, 2)

// ---- Wide arithmetic: from consecutive slots, into the first two of them ----

#define WIDE_OPERANDS_4(slot)                                                                                     \
    unsigned __int128 x = (slot)[0] | (unsigned __int128)(slot)[1] << 64;                                         \
    unsigned __int128 y = (slot)[2] | (unsigned __int128)(slot)[3] << 64
#define WIDE_OPERANDS_2(slot) uint64_t x = (slot)[0], y = (slot)[1]
#define WASM_WIDE(code, name, text, operands, body)                                                               \
    INSTRUCTION(name) {                                                                                           \
        uint64_t *slot = sp + U16(0);                                                                             \
        WIDE_OPERANDS_##operands(slot);                                                                           \
        unsigned __int128 r;                                                                                      \
        body;                                                                                                     \
        slot[0] = (uint64_t)r;                                                                                    \
        slot[1] = (uint64_t)(r >> 64);                                                                            \
        NEXT(2);                                                                                                  \
    }

#include "operations.def"

// ---- Copies and constants ----

INSTRUCTION(copy) {
    sp[U16(0)] = sp[U16(1)];
    NEXT(2);
}

INSTRUCTION(copy2) {
    sp[U16(0)] = sp[U16(1)];
    sp[U16(2)] = sp[U16(3)];
    NEXT(2);
}

INSTRUCTION(copy3) {
    sp[U16(0)] = sp[U16(1)];
    sp[U16(2)] = sp[U16(3)];
    sp[U16(4)] = sp[U16(5)];
    NEXT(3);
}

INSTRUCTION(copy4) {
    sp[U16(0)] = sp[U16(1)];
    sp[U16(2)] = sp[U16(3)];
    sp[U16(4)] = sp[U16(5)];
    sp[U16(6)] = sp[U16(7)];
    NEXT(3);
}

/// Many slots: field 0 the target's first, field 1 the source's, 32 bits their number.
INSTRUCTION(copy_range) {
    __builtin_memmove(sp + U16(0), sp + U16(1), U32(1) * sizeof(uint64_t));
    NEXT(2);
}

INSTRUCTION(const_u32) {
    sp[U16(0)] = U32(1);
    NEXT(2);
}

INSTRUCTION(const_s32) {
    sp[U16(0)] = (uint64_t)(int64_t)S32(1);
    NEXT(2);
}

INSTRUCTION(const_64) {
    sp[U16(0)] = pc[2];
    NEXT(3);
}

#define SELECT(form, condition)                                                                                   \
    INSTRUCTION(select_##form##_r) {                                                                              \
        uint64_t yes = sp[U16(2)], no = sp[U16(3)];                                                               \
        acc = (uint32_t)(condition) ? yes : no;                                                                   \
        NEXT(2);                                                                                                  \
    }                                                                                                             \
    INSTRUCTION(select_##form##_s) {                                                                              \
        uint64_t yes = sp[U16(2)], no = sp[U16(3)];                                                               \
        acc = (uint32_t)(condition) ? yes : no;                                                                   \
        sp[U16(0)] = acc;                                                                                         \
        NEXT(2);                                                                                                  \
    }
SELECT(s, sp[U16(1)])
SELECT(a, acc)

// ---- Branches ----

INSTRUCTION(br) { NEXT(S32(1)); }

INSTRUCTION(br_if_s) {
    if ((uint32_t)sp[U16(0)]) NEXT(S32(1));
    NEXT(2);
}

INSTRUCTION(br_if_a) {
    if ((uint32_t)acc) NEXT(S32(1));
    NEXT(2);
}

INSTRUCTION(br_unless_s) {
    if (!(uint32_t)sp[U16(0)]) NEXT(S32(1));
    NEXT(2);
}

INSTRUCTION(br_unless_a) {
    if (!(uint32_t)acc) NEXT(S32(1));
    NEXT(2);
}

/// Offsets follow, two a word; the last is the default's.
#define BRANCH_TABLE(form, operand)                                                                               \
    INSTRUCTION(br_table_##form) {                                                                                \
        uint32_t index = (uint32_t)(operand), last = U32(1);                                                      \
        if (index > last) index = last;                                                                           \
        NEXT(((const int32_t *)(pc + 2))[index]);                                                                 \
    }
BRANCH_TABLE(s, sp[U16(0)])
BRANCH_TABLE(a, acc)

// ---- Calls ----
// A frame is [parameters, later results][return address, caller's frame, caller's instance][locals][operands].
// The caller's last operands are the callee's parameters, so nothing is copied.

INSTRUCTION(unreachable) { TRAP(UNREACHABLE); }

/// What the outermost frame returns to.
INSTRUCTION(leave) {
    (void)pc, (void)sp, (void)mem, (void)inst, (void)acc, (void)ctx, (void)fa, (void)da, (void)va;
}

static const handler leave_code[] = {op_leave};

typedef uint64_t four_slots __attribute__((vector_size(32), aligned(8)));

/// Enters a translated function, its header being in place. Zeroes locals four at a time; the rest of the last
/// four are operands, which have no value yet.
#define ENTER(function, frame)                                                                                    \
    do {                                                                                                          \
        uint64_t *header_ = (frame) + (function)->header_slot;                                                    \
        header_[0] = return_to;                                                                                   \
        header_[1] = (uint64_t)return_frame;                                                                      \
        header_[2] = (uint64_t)return_instance;                                                                   \
        if ((frame) + (function)->frame_slots > ctx->stack_end)                                                   \
            TRAP_IN_CALL(WASM_TRAP_STACK_EXHAUSTED, return_to, return_frame);                                     \
        for (uint32_t i_ = 0; i_ < (function)->zeroed_slots; i_ += 4)                                             \
            *(four_slots *)(header_ + 3 + i_) = (four_slots){0};                                                  \
        sp = (frame);                                                                                             \
        pc = (function)->code;                                                                                    \
        acc = (uint64_t)(function);                                                                               \
        DISPATCH();                                                                                               \
    } while (0)

INSTRUCTION(call) {
    wasm_function *function = inst->functions[U32(1)];
    uint64_t *frame = sp + U16(0);
    uint64_t return_to = (uint64_t)(pc + 2);
    uint64_t *return_frame = sp;
    wasm_instance *return_instance = inst;
    ENTER(function, frame);
}

/// The state of a call under way, for the instructions that finish it: acc is the function, sp the frame, and
/// the header is written. Not an instruction of its own.
INSTRUCTION(enter_any) {
    wasm_function *function = (wasm_function *)acc;
    uint64_t *header = sp + function->header_slot;
    if (function->host) {
        uint64_t *top = ctx->top;
        ctx->top = header + 3;
        ctx->caller = inst;
        wasm_status status = function->host(ctx, function, sp);
        ctx->top = top;
        if (status != WASM_RETURNED) TRAP_IN_CALL(status, header[0], header[1]);
        pc = (const uint64_t *)header[0];
        wasm_instance *caller = (wasm_instance *)header[2];
        sp = (uint64_t *)header[1];
        inst = caller;
        mem = inst->memory_base;
        DISPATCH();
    }
    inst = function->instance;
    mem = inst->memory_base;
    uint64_t return_to = header[0];
    uint64_t *return_frame = (uint64_t *)header[1];
    wasm_instance *return_instance = (wasm_instance *)header[2];
    ENTER(function, sp);
}

/// Calls a function of any kind and instance. A host's frame must fit as well.
#define CALL_ANY(function, frame, return_to, return_frame, return_instance)                                       \
    do {                                                                                                          \
        uint64_t *header_ = (frame) + (function)->header_slot;                                                    \
        if (header_ + 3 > ctx->stack_end)                                                                         \
            TRAP_IN_CALL(WASM_TRAP_STACK_EXHAUSTED, return_to, return_frame);                                     \
        header_[0] = (return_to);                                                                                 \
        header_[1] = (uint64_t)(return_frame);                                                                    \
        header_[2] = (uint64_t)(return_instance);                                                                 \
        sp = (frame);                                                                                             \
        acc = (uint64_t)(function);                                                                               \
        TAIL op_enter_any(REGISTERS);                                                                             \
    } while (0)

INSTRUCTION(call_import) {
    wasm_function *function = inst->functions[U32(1)];
    uint64_t *frame = sp + U16(0);
    CALL_ANY(function, frame, (uint64_t)(pc + 2), sp, inst);
}

/// Finds the function that an indirect call means: word 2 the table, field 1 of 32 bits the type.
#define INDIRECT(operand)                                                                                         \
    const wasm_table *table = inst->tables[(uint32_t)pc[2]];                                                             \
    uint32_t element = (uint32_t)(operand);                                                                       \
    if (element >= table->size) TRAP(UNDEFINED_ELEMENT);                                                          \
    wasm_function *function = (wasm_function *)table->elements[element];                                          \
    if (!function) TRAP(UNINITIALIZED_ELEMENT);                                                                   \
    if (__builtin_expect(function->type_id != U32(1), 0) &&                                                       \
        !wasm_is_below(ctx->types[function->type_id], ctx->types[U32(1)]))                                        \
        TRAP(INDIRECT_CALL_MISMATCH)

#define CALL_INDIRECT(form, operand)                                                                              \
    INSTRUCTION(call_indirect_##form) {                                                                           \
        INDIRECT(operand);                                                                                        \
        uint64_t *frame = sp + U16(0);                                                                            \
        if (function->instance != inst) CALL_ANY(function, frame, (uint64_t)(pc + 3), sp, inst);                  \
        uint64_t return_to = (uint64_t)(pc + 3);                                                                  \
        uint64_t *return_frame = sp;                                                                              \
        wasm_instance *return_instance = inst;                                                                    \
        ENTER(function, frame);                                                                                   \
    }
CALL_INDIRECT(s, sp[U16(1)])
CALL_INDIRECT(a, acc)

/// Replaces the running frame by the callee's: field 0 the first argument, field 1 the own header.
#define RETURN_CALL(function)                                                                                     \
    const uint64_t *header = sp + U16(1);                                                                         \
    uint64_t return_to = header[0];                                                                               \
    uint64_t *return_frame = (uint64_t *)header[1];                                                               \
    wasm_instance *return_instance = (wasm_instance *)header[2];                                                  \
    __builtin_memmove(sp, sp + U16(0), (function)->parameter_slots * sizeof(uint64_t));                           \
    CALL_ANY(function, sp, return_to, return_frame, return_instance)

INSTRUCTION(return_call) {
    wasm_function *function = inst->functions[U32(1)];
    RETURN_CALL(function);
}

/// The element's number is the operand after the arguments: field 2.
INSTRUCTION(return_call_indirect) {
    INDIRECT(sp[((const uint16_t *)(pc + 2))[3]]);
    RETURN_CALL(function);
}

#define CALL_REF(form, operand)                                                                                   \
    INSTRUCTION(call_ref_##form) {                                                                                \
        wasm_function *function = (wasm_function *)(operand);                                                     \
        if (!function) TRAP(NULL_FUNCTION);                                                                       \
        uint64_t *frame = sp + U16(0);                                                                            \
        if (function->instance != inst) CALL_ANY(function, frame, (uint64_t)(pc + 2), sp, inst);                  \
        uint64_t return_to = (uint64_t)(pc + 2);                                                                  \
        uint64_t *return_frame = sp;                                                                              \
        wasm_instance *return_instance = inst;                                                                    \
        ENTER(function, frame);                                                                                   \
    }
CALL_REF(s, sp[U16(1)])
CALL_REF(a, acc)

/// The reference is the operand after the arguments: field 2.
INSTRUCTION(return_call_ref) {
    wasm_function *function = (wasm_function *)sp[((const uint16_t *)(pc + 2))[3]];
    if (!function) TRAP(NULL_FUNCTION);
    RETURN_CALL(function);
}

/// Asks for the translation of the function that acc holds, and enters it anew.
INSTRUCTION(translate) {
    wasm_function *function = (wasm_function *)acc;
    ctx->top = sp + function->header_slot + 3;
    wasm_status status = ctx->translate(ctx, function);
    const uint64_t *header = sp + function->header_slot;
    if (status != WASM_RETURNED) TRAP_IN_CALL(status, header[0], header[1]);
    uint64_t return_to = header[0];
    uint64_t *return_frame = (uint64_t *)header[1];
    wasm_instance *return_instance = (wasm_instance *)header[2];
    ENTER(function, sp);
}

static const handler untranslated_code[] = {op_translate};

const uint64_t *wasm_untranslated_code(void) { return (const uint64_t *)untranslated_code; }

#define RETURN() RETURN_BEFORE(sp + U16(0))
#define RETURN_BEFORE(header)                                                                                     \
    do {                                                                                                          \
        const uint64_t *header_ = (header);                                                                       \
        pc = (const uint64_t *)header_[0];                                                                        \
        sp = (uint64_t *)header_[1];                                                                              \
        wasm_instance *caller_ = (wasm_instance *)header_[2];                                                     \
        if (__builtin_expect(caller_ != inst, 0)) {                                                               \
            inst = caller_;                                                                                       \
            mem = inst->memory_base;                                                                              \
        }                                                                                                         \
        DISPATCH();                                                                                               \
    } while (0)

INSTRUCTION(return_none) { RETURN(); }

INSTRUCTION(return_s) {
    sp[0] = sp[U16(1)];
    RETURN();
}

INSTRUCTION(return_a) {
    sp[0] = acc;
    RETURN();
}

INSTRUCTION(return_f32) {
    SET_SLOT_f32(0, fa);
    RETURN();
}

INSTRUCTION(return_f64) {
    SET_SLOT_f64(0, da);
    RETURN();
}

#include "fused.h"

// ---- Globals ----

INSTRUCTION(global_get_r) {
    acc = inst->globals[U32(1)]->value[0];
    NEXT(2);
}

INSTRUCTION(global_get_s) {
    acc = inst->globals[U32(1)]->value[0];
    sp[U16(0)] = acc;
    NEXT(2);
}

/// For types that have another accumulator.
INSTRUCTION(global_get_slot) {
    sp[U16(0)] = inst->globals[U32(1)]->value[0];
    NEXT(2);
}

INSTRUCTION(global_set_s) {
    inst->globals[U32(1)]->value[0] = sp[U16(0)];
    NEXT(2);
}

INSTRUCTION(global_set_a) {
    inst->globals[U32(1)]->value[0] = acc;
    NEXT(2);
}

// ---- Memories, tables and segments: rare enough to take all operands from consecutive slots ----

INSTRUCTION(memory_size) {
    const wasm_memory *memory = inst->memories[U32(1)];
    sp[U16(0)] = wasm_memory_size(memory) >> memory->page_log2;
    NEXT(2);
}

/// An operand in a slot: of 64 bits, or of 32 with anything above them.
static inline uint64_t wide_or_not(uint64_t slot, unsigned is_wide) { return is_wide ? slot : (uint32_t)slot; }

/// Field 1: whether operand and result have 64 bits.
INSTRUCTION(memory_grow) {
    uint64_t *operand = sp + U16(0);
    *operand = wide_or_not(wasm_memory_grow(inst->memories[U32(1)], wide_or_not(*operand, U16(1))), U16(1));
    NEXT(2);
}

/// Whether `count` things from `start` are more than `size`.
static inline bool beyond(uint64_t start, uint64_t count, uint64_t size) { return start > size || count > size - start; }

/// Field 1 of these: bit 0, whether the target's address has 64 bits; bit 1, the source's; bit 2, the count.
INSTRUCTION(memory_fill) {
    const wasm_memory *memory = inst->memories[U32(1)];
    const uint64_t *operand = sp + U16(0);
    uint64_t start = wide_or_not(operand[0], U16(1) & 1), count = wide_or_not(operand[2], U16(1) & 4);
    if (beyond(start, count, wasm_memory_size(memory))) TRAP(OUT_OF_BOUNDS_MEMORY);
    __builtin_memset(memory->base + start, (uint8_t)operand[1], count);
    NEXT(2);
}

INSTRUCTION(memory_copy) {
    const wasm_memory *to = inst->memories[U32(1)], *from = inst->memories[pc[2]];
    const uint64_t *operand = sp + U16(0);
    uint64_t target = wide_or_not(operand[0], U16(1) & 1), source = wide_or_not(operand[1], U16(1) & 2);
    uint64_t count = wide_or_not(operand[2], U16(1) & 4);
    if (beyond(target, count, wasm_memory_size(to)) || beyond(source, count, wasm_memory_size(from)))
        TRAP(OUT_OF_BOUNDS_MEMORY);
    __builtin_memmove(to->base + target, from->base + source, count);
    NEXT(3);
}

INSTRUCTION(memory_init) {
    const wasm_memory *memory = inst->memories[U32(1)];
    uint64_t segment = pc[2];
    const uint64_t *operand = sp + U16(0);
    uint64_t target = wide_or_not(operand[0], U16(1) & 1);
    uint32_t source = (uint32_t)operand[1], count = (uint32_t)operand[2];
    if (beyond(target, count, wasm_memory_size(memory)) || beyond(source, count, inst->data_sizes[segment]))
        TRAP(OUT_OF_BOUNDS_MEMORY);
    if (count) __builtin_memcpy(memory->base + target, inst->data[segment] + source, count);
    NEXT(3);
}

/// Makes an index or count of 64 bits for a table one of 32: no table has so many elements.
INSTRUCTION(clamp_index) {
    if (sp[U16(0)] > UINT32_MAX) sp[U16(0)] = UINT32_MAX;
    NEXT(2);
}

/// Makes the failure of a growth with 32 bits one with 64.
INSTRUCTION(extend_failure) {
    if ((uint32_t)sp[U16(0)] == UINT32_MAX) sp[U16(0)] = UINT64_MAX;
    NEXT(2);
}

INSTRUCTION(data_drop) {
    inst->data_sizes[U32(1)] = 0;
    NEXT(2);
}

INSTRUCTION(table_get) {
    const wasm_table *table = inst->tables[U32(1)];
    uint64_t *operand = sp + U16(0);
    uint32_t element = (uint32_t)operand[0];
    if (element >= table->size) TRAP(OUT_OF_BOUNDS_TABLE);
    operand[0] = table->elements[element];
    NEXT(2);
}

INSTRUCTION(table_set) {
    const wasm_table *table = inst->tables[U32(1)];
    const uint64_t *operand = sp + U16(0);
    uint32_t element = (uint32_t)operand[0];
    if (element >= table->size) TRAP(OUT_OF_BOUNDS_TABLE);
    table->elements[element] = operand[1];
    NEXT(2);
}

INSTRUCTION(table_size) {
    sp[U16(0)] = inst->tables[U32(1)]->size;
    NEXT(2);
}

/// Operands are the new elements' value and their count.
INSTRUCTION(table_grow) {
    uint64_t *operand = sp + U16(0);
    operand[0] = (uint32_t)wasm_table_grow(inst->tables[U32(1)], (uint32_t)operand[1], operand[0]);
    NEXT(2);
}

INSTRUCTION(table_fill) {
    const wasm_table *table = inst->tables[U32(1)];
    const uint64_t *operand = sp + U16(0);
    uint32_t start = (uint32_t)operand[0], count = (uint32_t)operand[2];
    if (beyond(start, count, table->size)) TRAP(OUT_OF_BOUNDS_TABLE);
    for (uint32_t i = 0; i < count; i++) table->elements[start + i] = operand[1];
    NEXT(2);
}

/// Word 2: the tables copied to and from.
INSTRUCTION(table_copy) {
    const wasm_table *to = inst->tables[(uint32_t)pc[2]], *from = inst->tables[pc[2] >> 32];
    const uint64_t *operand = sp + U16(0);
    uint32_t target = (uint32_t)operand[0], source = (uint32_t)operand[1], count = (uint32_t)operand[2];
    if (beyond(target, count, to->size) || beyond(source, count, from->size)) TRAP(OUT_OF_BOUNDS_TABLE);
    if (count) __builtin_memmove(to->elements + target, from->elements + source, count * sizeof(uint64_t));
    NEXT(3);
}

/// Word 2: the table, then the segment.
INSTRUCTION(table_init) {
    const wasm_table *to = inst->tables[(uint32_t)pc[2]];
    uint64_t segment = pc[2] >> 32;
    const uint64_t *operand = sp + U16(0);
    uint32_t target = (uint32_t)operand[0], source = (uint32_t)operand[1], count = (uint32_t)operand[2];
    if (beyond(target, count, to->size) || beyond(source, count, inst->element_sizes[segment]))
        TRAP(OUT_OF_BOUNDS_TABLE);
    if (count) __builtin_memcpy(to->elements + target, inst->elements[segment] + source, count * sizeof(uint64_t));
    NEXT(3);
}

INSTRUCTION(elem_drop) {
    inst->element_sizes[U32(1)] = 0;
    NEXT(2);
}

INSTRUCTION(ref_func) {
    sp[U16(0)] = (uint64_t)inst->functions[U32(1)];
    NEXT(2);
}

// ---- Exceptions ----

/// Finds the clause that catches the exception in acc, frame by frame, and goes on from there. pc is the word that
/// threw, sp its frame. Not an instruction of its own.
INSTRUCTION(unwind) {
    wasm_exception *exception = (wasm_exception *)acc;
    const uint64_t *thrown_at = pc, *thrower = sp;
    for (;;) {
        const wasm_function *function = ctx->find(ctx, pc);
        if (!function) break;
        uint32_t word = (uint32_t)(pc - function->code);
        for (uint32_t i = 0; i < function->clause_count; i++) {
            const wasm_clause *clause = &function->clauses[i];
            if (word < clause->start || word >= clause->end) continue;
            if (clause->tag == (uint32_t)WASM_DELEGATE) {
                i = clause->target - 1;
                continue;
            }
            bool takes_all = clause->tag == (uint32_t)WASM_CATCH_ALL;
            if (!takes_all && inst->tags[clause->tag] != exception->tag) continue;
            if (!takes_all)
                for (uint32_t j = 0; j < exception->tag->value_slots; j++)
                    sp[clause->base_slot + j] = exception->values[j];
            if (clause->takes_reference) sp[clause->reference_slot] = (uint64_t)exception;
            mem = inst->memory_base;
            pc = function->code + clause->target;
            DISPATCH();
        }
        const uint64_t *header = sp + function->header_slot;
        pc = (const uint64_t *)header[0] - 1;
        sp = (uint64_t *)header[1];
        inst = (wasm_instance *)header[2];
    }
    pc = thrown_at;
    sp = (uint64_t *)thrower;
    TRAP(UNCAUGHT_EXCEPTION);
}

/// Field 0: the first of the values.
INSTRUCTION(throw) {
    const wasm_tag *tag = inst->tags[U32(1)];
    const uint64_t *values = sp + U16(0);
    wasm_exception *exception = wasm_make_exception(ctx, tag, values, pc, sp);
    if (!exception) TRAP(OUT_OF_MEMORY);
    acc = (uint64_t)exception;
    TAIL op_unwind(REGISTERS);
}

INSTRUCTION(throw_ref) {
    acc = sp[U16(0)];
    if (!acc) TRAP(NULL_EXCEPTION);
    TAIL op_unwind(REGISTERS);
}

#include "memories.h"
#include "objects.h"

// ---- Vectors: handlers for every machine of the architecture, and on x86-64 those for nearly all there are ----

#define VECTOR_IN(name, set) INSTRUCTION(name##_##set)
#define VECTOR(name) VECTOR_IN(name, portable)
#define SWIZZLE wasm_swizzle_portable
#define SHUFFLE wasm_shuffle_portable
#if defined(__aarch64__)
#define VECTOR_ROUNDS 1
#else
#define VECTOR_ROUNDS 0
#endif
#include "vector_handlers.h"

/// Handlers are found by code, and not in arrays: addresses in an array are memory of each process's own, written when
/// it starts. The compiler would make an array of a `switch` that only gives values, so it is not told where one comes
/// from.
#define FOUND(instruction, handler_)                                                                              \
    case WASM_##instruction: {                                                                                    \
        handler found = op_##handler_;                                                                            \
        __asm__("" : "+r"(found));                                                                                \
        return found;                                                                                             \
    }

static handler portable_handler(uint32_t instruction) {
    switch (instruction) {
#define LONG(name, length) FOUND(name, name##_portable)
#include "vector_forms.h"
#include "operations.def"
#undef LONG
#undef FORM
    default: return op_unreachable;
    }
}

#if defined(__x86_64__)
// No wider vectors than these, so no state to clear before code without AVX runs.
#pragma clang attribute push(__attribute__((target("avx"))), apply_to = function)
#define VECTOR(name) VECTOR_IN(name, avx)
#define SWIZZLE wasm_swizzle_avx
#define SHUFFLE wasm_shuffle_avx
#define VECTOR_ROUNDS 1
#include "vector_handlers.h"
#pragma clang attribute pop

static handler avx_handler(uint32_t instruction) {
    switch (instruction) {
#define LONG(name, length) FOUND(name, name##_avx)
#include "vector_forms.h"
#include "operations.def"
#undef LONG
#undef FORM
    default: return op_unreachable;
    }
}
#endif

static _Atomic bool portable_is_wanted;

void wasm_use_portable_vectors(bool is_wanted) { portable_is_wanted = is_wanted; }

/// The handler of a vector instruction that suits this machine.
static handler vector_handler(uint32_t instruction) {
#if defined(__x86_64__)
    if (!portable_is_wanted && __builtin_cpu_supports("avx")) return avx_handler(instruction);
#endif
    return portable_handler(instruction);
}

// ---- From outside ----

/// The handler of an instruction.
static handler handler_of(uint32_t instruction) {
    switch (instruction) {
#define HANDLER(name) FOUND(name, name)
#define HANDLERS2(name) HANDLER(name##_s_r) HANDLER(name##_s_s) HANDLER(name##_a_r) HANDLER(name##_a_s)
#define HANDLERS4(name)                                                                                           \
    HANDLER(name##_ss_r) HANDLER(name##_ss_s) HANDLER(name##_as_r) HANDLER(name##_as_s) HANDLER(name##_si_r)      \
        HANDLER(name##_si_s) HANDLER(name##_ai_r) HANDLER(name##_ai_s)
#define HANDLERS_BRANCH(name) HANDLER(name##_ss) HANDLER(name##_as) HANDLER(name##_si) HANDLER(name##_ai)
#define WASM_COMMUTATIVE(code, name, text, type, body) HANDLERS4(name)
#define WASM_BINARY(code, name, text, type, body)                                                                 \
    HANDLERS4(name) HANDLER(name##_sa_r) HANDLER(name##_sa_s) HANDLER(name##_is_r) HANDLER(name##_is_s)           \
        HANDLER(name##_ia_r) HANDLER(name##_ia_s)
#define WASM_COMPARE_INT(code, name, text, type, swapped, opposite, condition)                                    \
    HANDLERS4(name) HANDLERS_BRANCH(br_if_##name)
#define WASM_COMPARE_FLOAT(code, name, text, type, swapped, condition)                                            \
    HANDLERS4(name) HANDLERS_BRANCH(br_if_##name) HANDLERS_BRANCH(br_unless_##name)
#define WASM_UNARY(code, name, text, from, to, body) HANDLERS2(name)
#define HANDLERS1(name) HANDLER(name##_r) HANDLER(name##_s)
#define WASM_LOAD(code, name, text, type, memory_type, log2)                                                      \
    HANDLERS2(name) HANDLERS1(name##_si) HANDLERS1(name##_ai) HANDLERS2(name##_shift) HANDLERS2(name##_checked)
#define HANDLERS_INT(name)                                                                                        \
    HANDLER(name##_ss) HANDLER(name##_as) HANDLER(name##_sa) HANDLER(name##_si) HANDLER(name##_ai)
#define HANDLERS_FLOAT(name) HANDLER(name##_ss) HANDLER(name##_as) HANDLER(name##_sa) HANDLER(name##_aa)
#define WASM_STORE_INT(code, name, text, type, memory_type, log2) HANDLERS_INT(name) HANDLERS_INT(name##_checked)
#define WASM_STORE_FLOAT(code, name, text, type, memory_type, log2)                                               \
    HANDLERS_FLOAT(name) HANDLERS_FLOAT(name##_checked)
#define WASM_ATOMIC_LOAD(code, name, text, type, memory_type, log2) HANDLERS1(name)
#define WASM_ATOMIC_STORE(code, name, text, type, memory_type, log2) HANDLER(name)
#define WASM_ATOMIC_RMW(code, name, text, type, memory_type, log2, body) HANDLERS1(name)
#define WASM_ATOMIC_CMPXCHG(code, name, text, type, memory_type, log2) HANDLERS1(name)
#define WASM_ATOMIC_WAIT(code, name, text, type, log2) HANDLERS1(name)
#define WASM_ATOMIC_NOTIFY(code, name, text, log2) HANDLERS1(name)
#define WASM_WIDE(code, name, text, operands, body) HANDLER(name)
#define WASM_CONTROL(name, length) HANDLER(name)
#define WASM_EACH(name, length, operand) HANDLER(name)
#include "operations.def"
    default: return vector_handler(instruction);
    }
}

void wasm_link(uint64_t *code, size_t words, const wasm_type *const *types) {
    for (size_t at = 0; at < words;) {
        size_t length = wasm_instruction_length(code + at);
        uint64_t instruction = code[at];
        switch (wasm_instruction_type_operand((uint32_t)instruction)) {
        case WASM_TYPE_OPERAND_NONE: break;
        case WASM_TYPE_OPERAND_NUMBER:
            code[at + 1] = (uint32_t)code[at + 1] | (uint64_t)types[code[at + 1] >> 32]->number << 32;
            break;
        case WASM_TYPE_OPERAND_RECORD: code[at + 2] = (uint64_t)types[code[at + 2]]; break;
        }
        code[at] = (uint64_t)handler_of((uint32_t)instruction);
        at += length;
    }
}

/// Enters the chain of handlers. Not inlined: after a fault, wasm_call goes on with what it had before.
__attribute__((noinline)) static void enter(wasm_context *ctx, wasm_function *function, uint64_t *frame) {
    wasm_instance *inst = function->instance;
    op_enter_any((const uint64_t *)leave_code, frame, (void *)0, inst, (uint64_t)function, ctx, 0, 0, (v128){0});
}

/// Calls from the host may nest this deep before the native stack could be in danger.
enum { NESTED_CALLS = 200 };

wasm_status wasm_call(wasm_context *ctx, wasm_function *function, uint64_t *slots) {
    uint64_t *frame = ctx->top;
    uint64_t *header = frame + function->header_slot;
    if (header + 3 > ctx->stack_end || ctx->depth >= NESTED_CALLS) {
        ctx->trap_code = (void *)0;
        ctx->trap_frame = (void *)0;
        return WASM_TRAP_STACK_EXHAUSTED;
    }
    for (uint32_t i = 0; i < function->parameter_slots; i++) frame[i] = slots[i];
    // A host function called from here has no caller to go back to but this one.
    static wasm_instance nobody;
    header[0] = (uint64_t)leave_code;
    header[1] = (uint64_t)frame;
    header[2] = (uint64_t)(function->instance ? function->instance : &nobody);

    struct fault_target target = {.outer = ctx->fault_target, .status = WASM_RETURNED};
    ctx->fault_target = &target;
    ctx->depth++;
    wasm_context *outer = wasm_running;
    wasm_running = ctx;
    if (sigsetjmp(target.jump, 0) == 0) enter(ctx, function, frame);
    wasm_running = outer;
    ctx->depth--;
    ctx->fault_target = target.outer;
    ctx->top = frame;
    if (target.status == WASM_RETURNED)
        for (uint32_t i = 0; i < function->result_slots; i++) slots[i] = frame[i];
    return target.status;
}
