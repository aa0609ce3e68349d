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
