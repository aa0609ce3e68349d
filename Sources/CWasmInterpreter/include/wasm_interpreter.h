#ifndef WASM_INTERPRETER_H
#define WASM_INTERPRETER_H

#include <stddef.h>

#include "wasm_runtime.h"

/// The internal instructions, made from the rows of operations.def. Their order within a row is part of the
/// contract with the translator: see `wasm_form` and `wasm_operation`.
typedef enum wasm_instruction : uint32_t {
#define WASM_FORMS4(name)                                                                                         \
    WASM_##name##_ss_r, WASM_##name##_ss_s, WASM_##name##_as_r, WASM_##name##_as_s, WASM_##name##_si_r,           \
        WASM_##name##_si_s, WASM_##name##_ai_r, WASM_##name##_ai_s
#define WASM_COMMUTATIVE(code, name, text, type, body) WASM_FORMS4(name),
#define WASM_BINARY(code, name, text, type, body)                                                                 \
    WASM_FORMS4(name), WASM_##name##_sa_r, WASM_##name##_sa_s, WASM_##name##_is_r, WASM_##name##_is_s,            \
        WASM_##name##_ia_r, WASM_##name##_ia_s,
#define WASM_BRANCHES(name) WASM_##name##_ss, WASM_##name##_as, WASM_##name##_si, WASM_##name##_ai
#define WASM_COMPARE_INT(code, name, text, type, swapped, opposite, condition)                                    \
    WASM_FORMS4(name), WASM_BRANCHES(br_if_##name),
#define WASM_COMPARE_FLOAT(code, name, text, type, swapped, condition)                                            \
    WASM_FORMS4(name), WASM_BRANCHES(br_if_##name), WASM_BRANCHES(br_unless_##name),
#define WASM_FORMS2(name) WASM_##name##_s_r, WASM_##name##_s_s, WASM_##name##_a_r, WASM_##name##_a_s
#define WASM_UNARY(code, name, text, from, to, body) WASM_FORMS2(name),
#define WASM_LOAD(code, name, text, type, memory_type, log2)                                                      \
    WASM_FORMS2(name), WASM_##name##_si_r, WASM_##name##_si_s, WASM_##name##_ai_r, WASM_##name##_ai_s,            \
        WASM_FORMS2(name##_shift), WASM_FORMS2(name##_checked),
#define WASM_STORE_INT(code, name, text, type, memory_type, log2)                                                 \
    WASM_STORES_INT(name), WASM_STORES_INT(name##_checked),
#define WASM_STORES_INT(name) WASM_##name##_ss, WASM_##name##_as, WASM_##name##_sa, WASM_##name##_si, WASM_##name##_ai
#define WASM_STORE_FLOAT(code, name, text, type, memory_type, log2)                                               \
    WASM_STORES_FLOAT(name), WASM_STORES_FLOAT(name##_checked),
#define WASM_STORES_FLOAT(name) WASM_##name##_ss, WASM_##name##_as, WASM_##name##_sa, WASM_##name##_aa
#define WASM_ATOMIC_LOAD(code, name, text, type, memory_type, log2) WASM_##name##_r, WASM_##name##_s,
#define WASM_ATOMIC_STORE(code, name, text, type, memory_type, log2) WASM_##name,
#define WASM_ATOMIC_RMW(code, name, text, type, memory_type, log2, body) WASM_##name##_r, WASM_##name##_s,
#define WASM_ATOMIC_CMPXCHG(code, name, text, type, memory_type, log2) WASM_##name##_r, WASM_##name##_s,
#define WASM_ATOMIC_WAIT(code, name, text, type, log2) WASM_##name##_r, WASM_##name##_s,
#define WASM_ATOMIC_NOTIFY(code, name, text, log2) WASM_##name##_r, WASM_##name##_s,
#define WASM_WIDE(code, name, text, operands, body) WASM_##name,
#define WASM_CONTROL(name, length) WASM_##name,
#define WASM_EACH(name, length, operand) WASM_##name,
#define LONG(name, length) WASM_##name,
#include "vector_forms.h"
#include "operations.def"
#undef FORM
#undef LONG
    WASM_INSTRUCTION_COUNT
} wasm_instruction;

/// Where two operands are, in the order in which a row's instructions stand. Commutative operations and
/// comparisons have the first four only. Each has two instructions: accumulator only, accumulator and slot.
enum {
    WASM_FORM_SS = 0,
    WASM_FORM_AS = 1,
    WASM_FORM_SI = 2,
    WASM_FORM_AI = 3,
    WASM_FORM_SA = 4,
    WASM_FORM_IS = 5,
    WASM_FORM_IA = 6,
};

/// A load's forms: its address in a slot or in the accumulator; the same plus the immediate in word 2; the same after a
/// shift to the left, by as many bits as word 2's upper half says; then of any memory, with a check, the address in a slot
/// or in the accumulator.
enum {
    WASM_LOAD_S = 0,
    WASM_LOAD_A = 2,
    WASM_LOAD_SI = 4,
    WASM_LOAD_AI = 6,
    WASM_LOAD_SHIFT_S = 8,
    WASM_LOAD_SHIFT_A = 10,
    WASM_LOAD_CHECKED = 12,
};

/// The same for stores: address, then value. Integer stores have SI and AI, float stores have AA.
enum {
    WASM_STORE_SS = 0,
    WASM_STORE_AS = 1,
    WASM_STORE_SA = 2,
    WASM_STORE_SI = 3,
    WASM_STORE_AI = 4,
    WASM_STORE_CHECKED = 5,
    WASM_STORE_AA = 3,
    WASM_STORE_FLOAT_CHECKED = 4,
};

/// What `memory_address` is told beside the bytes of the access: they must lie at a multiple of their number.
enum { WASM_ALIGNED = 1 << 8 };

/// Which row macro an operation came from.
typedef enum wasm_family : uint8_t {
    WASM_FAMILY_NONE = 0,
    WASM_FAMILY_COMMUTATIVE,
    WASM_FAMILY_BINARY,
    WASM_FAMILY_COMPARE,
    WASM_FAMILY_UNARY,
    WASM_FAMILY_LOAD,
    WASM_FAMILY_STORE,
    WASM_FAMILY_ATOMIC_LOAD,
    WASM_FAMILY_ATOMIC_STORE,
    WASM_FAMILY_ATOMIC_RMW,
    WASM_FAMILY_ATOMIC_CMPXCHG,
    WASM_FAMILY_ATOMIC_WAIT,
    WASM_FAMILY_ATOMIC_NOTIFY,
    /// `operand` is the number of operands.
    WASM_FAMILY_WIDE,
    WASM_FAMILY_VECTOR_COMMUTATIVE,
    WASM_FAMILY_VECTOR_BINARY,
    WASM_FAMILY_VECTOR_SAME,
    WASM_FAMILY_VECTOR_UNARY,
    WASM_FAMILY_VECTOR_TERNARY,
    WASM_FAMILY_VECTOR_SHIFT,
    WASM_FAMILY_VECTOR_TEST,
    WASM_FAMILY_VECTOR_SPLAT,
    WASM_FAMILY_VECTOR_EXTRACT,
    WASM_FAMILY_VECTOR_REPLACE,
    WASM_FAMILY_VECTOR_SHUFFLE,
    WASM_FAMILY_VECTOR_CONST,
    WASM_FAMILY_VECTOR_LOAD,
    WASM_FAMILY_VECTOR_STORE,
    WASM_FAMILY_VECTOR_LOAD_LANE,
    WASM_FAMILY_VECTOR_STORE_LANE,
} wasm_family;

/// Where the operands of a vector operation are, in the order in which a row's instructions stand: of two vectors or a
/// shift (commutative ones and shifts have the first four), of a shuffle, a lane's replacement or a store, of three
/// vectors.
enum {
    WASM_VECTOR_SS = 0,
    WASM_VECTOR_AS = 1,
    WASM_VECTOR_SI = 2,
    WASM_VECTOR_AI = 3,
    WASM_VECTOR_BINARY_SA = 4,
    WASM_VECTOR_SA = 2,
    WASM_VECTOR_AA = 3,
    WASM_VECTOR_PS = 4,
    WASM_VECTOR_PA = 5,
    WASM_VECTOR_SSS = 0,
    WASM_VECTOR_ASS = 1,
    WASM_VECTOR_SAS = 2,
    WASM_VECTOR_SSA = 3,
    /// One vector, a number that becomes one, an address: a slot, an accumulator, a pointer in the accumulator.
    WASM_VECTOR_S = 0,
    WASM_VECTOR_A = 1,
    WASM_VECTOR_P = 2,
};

/// One operation of WebAssembly whose operands and results its opcode alone decides.
typedef struct wasm_operation {
    /// Its first internal instruction.
    uint16_t first;
    /// For comparisons, the first of its branches, and of those taken when it does not hold (floats only).
    uint16_t branch;
    uint16_t branch_unless;
    /// For comparisons, the opcode with operands swapped; and with the opposite result, or 0.
    uint16_t swapped;
    uint16_t opposite;
    wasm_family family;
    /// Types as the binary format writes them; of a load `operand` is the address's.
    uint8_t operand;
    uint8_t result;
    /// Loads and stores: log2 of the bytes accessed.
    uint8_t log2;
    /// Vector operations with a lane's number: what it is less than.
    uint8_t lanes;
    /// Vector operations that are another one: its opcode, and whether its operands change places.
    bool swaps;
    uint16_t same;
} wasm_operation;

/// Opcodes 0x00…0xFF, then 0xFC's at 0x100 + number, 0xFD's at 0x200 (to 0x313), 0xFE's at 0x400.
#define WASM_OPERATION_COUNT 0x480

extern const wasm_operation wasm_operations[];

/// The operation of an opcode; of no family where there is none.
static inline wasm_operation wasm_operation_at(size_t opcode) {
    wasm_operation none = {0};
    return opcode < WASM_OPERATION_COUNT ? wasm_operations[opcode] : none;
}

/// The operation's text name, or "" for those that the table does not hold.
const char *_Nonnull wasm_operation_name(uint32_t opcode);

/// The internal instruction's name, as listings print it.
const char *_Nonnull wasm_instruction_name(uint32_t instruction);

/// Words that the instruction at `code` takes; for a branch table, the table with it. Not yet linked.
size_t wasm_instruction_length(const uint64_t *_Nonnull code);

/// Which operand of an instruction is a type of the module: see gc.def.
typedef enum wasm_type_operand : uint8_t {
    WASM_TYPE_OPERAND_NONE = 0,
    WASM_TYPE_OPERAND_NUMBER,
    WASM_TYPE_OPERAND_RECORD,
} wasm_type_operand;

/// The same for an instruction's number.
wasm_type_operand wasm_instruction_type_operand(uint32_t instruction);

/// Puts the addresses of the handlers where the translator wrote instruction numbers, and the store's types where it
/// wrote the module's own; `types` has one for each type of the module.
void wasm_link(uint64_t *_Nonnull code, size_t words, const wasm_type *_Nonnull const *_Nonnull types);

/// Whether code linked from now on gets the vector handlers that need nothing of this machine: for tests.
void wasm_use_portable_vectors(bool is_wanted);

/// The code that a function has before its first call: it asks the context to translate.
const uint64_t *_Nonnull wasm_untranslated_code(void);

/// Installs the handler that makes a fault in a linear memory a trap. Once a process.
/// -1 and errno on failure.
int wasm_install_fault_handler(void);

/// Calls `function` with the arguments in `slots`, and leaves its results there.
wasm_status wasm_call(
    wasm_context *_Nonnull context, wasm_function *_Nonnull function, uint64_t *_Nonnull slots);

/// Gives an object's memory, all zero: the caller writes its type. Null when there is none left. May collect first:
/// `pc` and `sp` are the instruction that runs and its frame, null if the host itself asks.
uint64_t *_Nullable wasm_allocate(
    wasm_context *_Nonnull context, size_t bytes, const uint64_t *_Nullable pc, const uint64_t *_Nullable sp,
    uint64_t accumulator);

/// Frees the objects that nobody can reach, for an instruction at `pc` in the frame at `sp`; null if the host asks.
void wasm_collect(
    wasm_context *_Nonnull context, const uint64_t *_Nullable pc, const uint64_t *_Nullable sp,
    uint64_t accumulator);

/// Bytes of the heap's range that the system has provided memory for.
size_t wasm_heap_resident(const wasm_heap *_Nonnull heap);

/// Frees all objects.
void wasm_heap_free(wasm_heap *_Nonnull heap);

/// Sets a structure's size, which says what cells its objects take.
void wasm_set_size(wasm_type *_Nonnull type, size_t bytes);

/// Makes a structure of all zero; 0 when there is no memory.
uint64_t wasm_new_structure(
    wasm_context *_Nonnull context, const wasm_type *_Nonnull type, const uint64_t *_Nullable pc,
    const uint64_t *_Nullable sp, uint64_t accumulator);

/// Makes an array of all zero; 0 when there is no memory.
uint64_t wasm_new_array(
    wasm_context *_Nonnull context, const wasm_type *_Nonnull type, uint32_t length, const uint64_t *_Nullable pc,
    const uint64_t *_Nullable sp);

/// Writes a field or element of 2^log2 bytes, `offset` bytes from an object's start.
void wasm_write(uint64_t object, size_t offset, uint8_t log2, uint64_t low, uint64_t high);

/// Gives elements of an array one value; they must be in range.
void wasm_fill_array(uint64_t array, uint32_t start, uint32_t count, uint64_t low, uint64_t high);

/// Grows a memory by `pages`: its former size in pages, or UINT64_MAX if it cannot. Threads may do so at once.
uint64_t wasm_memory_grow(wasm_memory *_Nonnull memory, uint64_t pages);

/// Grows a table, new elements being `value`: its former size, or UINT64_MAX if it cannot.
uint64_t wasm_table_grow(wasm_table *_Nonnull table, uint64_t count, uint64_t value);

/// Waits until somebody notifies `place`, at most `timeout` nanoseconds (negative: for ever), if it holds `expected` in its
/// `width` bytes: 0 notified, 1 another value, 2 the time is over.
uint32_t wasm_atomic_wait(void *_Nonnull place, uint64_t expected, uint32_t width, int64_t timeout);

/// Wakes at most `count` of those who wait at `place`, longest first: how many.
uint32_t wasm_atomic_notify(const void *_Nonnull place, uint32_t count);

#endif
