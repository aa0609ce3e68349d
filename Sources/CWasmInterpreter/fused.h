/// Handlers of instructions that are two or three in one: `fused.def`. Included by interpreter.c alone.

#define FUSED(name, value, length)                                                                                \
    INSTRUCTION(name##_r) {                                                                                       \
        acc = (value);                                                                                            \
        NEXT(length);                                                                                             \
    }                                                                                                             \
    INSTRUCTION(name##_s) {                                                                                       \
        acc = (value);                                                                                            \
        sp[U16(0)] = acc;                                                                                         \
        NEXT(length);                                                                                             \
    }

FUSED(i32_shl_add_si, (uint32_t)(((uint32_t)sp[U16(1)] << (U32(1) & 31)) + (uint32_t)pc[2]), 3)
FUSED(i32_shl_add_ai, (uint32_t)(((uint32_t)acc << (U32(1) & 31)) + (uint32_t)pc[2]), 3)
FUSED(i32_shl_add_ss, (uint32_t)(((uint32_t)sp[U16(1)] << (U16(3) & 31)) + (uint32_t)sp[U16(2)]), 2)
FUSED(i32_shl_add_as, (uint32_t)(((uint32_t)acc << (U16(3) & 31)) + (uint32_t)sp[U16(2)]), 2)
FUSED(i32_shr_and_s, ((uint32_t)sp[U16(1)] >> (U16(3) & 31)) & U16(2), 2)
FUSED(i32_shr_and_a, ((uint32_t)acc >> (U16(3) & 31)) & U16(2), 2)
FUSED(i32_and_shl_s, (uint32_t)(((uint32_t)sp[U16(1)] & U16(2)) << (U16(3) & 31)), 2)
FUSED(i32_and_shl_a, (uint32_t)(((uint32_t)acc & U16(2)) << (U16(3) & 31)), 2)

#define BRANCH_TABLE_ADD(form, operand)                                                                           \
    INSTRUCTION(br_table_add_##form) {                                                                            \
        uint32_t index = (uint32_t)(operand) + (uint32_t)(int16_t)U16(1), last = U32(1);                          \
        if (index > last) index = last;                                                                           \
        NEXT(((const int32_t *)(pc + 2))[index]);                                                                 \
    }
BRANCH_TABLE_ADD(s, sp[U16(0)])
BRANCH_TABLE_ADD(a, acc)

FUSED(global_add, (uint32_t)((uint32_t)inst->globals[U32(1)]->value[0] + (uint32_t)pc[2]), 3)

INSTRUCTION(global_update_r) {
    uint64_t *global = inst->globals[U32(1)]->value;
    acc = (uint32_t)((uint32_t)*global + (uint32_t)pc[2]);
    *global = acc;
    NEXT(3);
}

INSTRUCTION(global_update_s) {
    uint64_t *global = inst->globals[U32(1)]->value;
    acc = (uint32_t)((uint32_t)*global + (uint32_t)pc[2]);
    *global = acc;
    sp[U16(0)] = acc;
    NEXT(3);
}

INSTRUCTION(global_set_add) {
    inst->globals[U32(1)]->value[0] = (uint32_t)((uint32_t)sp[U16(0)] + (uint32_t)pc[2]);
    NEXT(3);
}

/// A slot of 16 bits in word 2, and what its upper half holds.
#define SECOND_U16(i) (((const uint16_t *)(pc + 2))[i])
#define SECOND_U32(i) (((const uint32_t *)(pc + 2))[i])
#define SLOT_PLUS_IMMEDIATE() (acc = (uint32_t)((uint32_t)sp[U16(1)] + U32(1)))

INSTRUCTION(i32_add_add) {
    sp[U16(0)] = SLOT_PLUS_IMMEDIATE();
    acc = (uint32_t)((uint32_t)sp[SECOND_U16(1)] + SECOND_U32(1));
    sp[SECOND_U16(0)] = acc;
    NEXT(3);
}

INSTRUCTION(i32_add_br) {
    sp[U16(0)] = SLOT_PLUS_IMMEDIATE();
    NEXT((int32_t)pc[2]);
}

INSTRUCTION(i32_add_br_if) {
    sp[U16(0)] = SLOT_PLUS_IMMEDIATE();
    if (acc) NEXT((int32_t)pc[2]);
    NEXT(3);
}

INSTRUCTION(i32_add_br_unless) {
    sp[U16(0)] = SLOT_PLUS_IMMEDIATE();
    if (!acc) NEXT((int32_t)pc[2]);
    NEXT(3);
}

INSTRUCTION(copy_br) {
    sp[U16(0)] = sp[U16(1)];
    NEXT(S32(1));
}

#define BRANCH_BITS(form, operand)                                                                                \
    INSTRUCTION(br_if_and_##form) {                                                                               \
        if ((uint32_t)(operand) & (uint32_t)pc[2]) NEXT(S32(1));                                                  \
        NEXT(3);                                                                                                  \
    }                                                                                                             \
    INSTRUCTION(br_unless_and_##form) {                                                                           \
        if (!((uint32_t)(operand) & (uint32_t)pc[2])) NEXT(S32(1));                                               \
        NEXT(3);                                                                                                  \
    }
BRANCH_BITS(s, sp[U16(0)])
BRANCH_BITS(a, acc)

STORE(i32_store_add, s, uint32_t, IN_MEMORY_0(sp[U16(0)]), (uint32_t)sp[U16(1)] + (uint32_t)pc[2], 3)
STORE(i32_store_add, a, uint32_t, IN_MEMORY_0(sp[U16(0)]), (uint32_t)acc + (uint32_t)pc[2], 3)

#define CALL_WITH(name, argument)                                                                                 \
    INSTRUCTION(name) {                                                                                           \
        sp[U16(0)] = (argument);                                                                                  \
        wasm_function *function = inst->functions[U32(1)];                                                        \
        uint64_t *frame = sp + SECOND_U16(0);                                                                     \
        uint64_t return_to = (uint64_t)(pc + 3);                                                                  \
        uint64_t *return_frame = sp;                                                                              \
        wasm_instance *return_instance = inst;                                                                    \
        ENTER(function, frame);                                                                                   \
    }
CALL_WITH(copy_call, sp[U16(1)])
CALL_WITH(const_call, SECOND_U32(1))

#define SET_GLOBAL_AND_RETURN(form, result)                                                                       \
    INSTRUCTION(global_set_add_return_##form) {                                                                   \
        inst->globals[U32(1)]->value[0] = (uint32_t)((uint32_t)sp[U16(0)] + (uint32_t)pc[2]);                     \
        result;                                                                                                   \
        RETURN_BEFORE(sp + SECOND_U32(1));                                                                        \
    }
SET_GLOBAL_AND_RETURN(none, )
SET_GLOBAL_AND_RETURN(s, sp[0] = sp[U16(1)])
SET_GLOBAL_AND_RETURN(a, sp[0] = acc)
