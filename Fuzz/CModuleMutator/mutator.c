#include "CModuleMutator.h"

#include <stdbool.h>
#include <string.h>

/// Of libFuzzer; in other builds its address is null.
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *bytes, size_t count, size_t limit);

enum { HEADER = 8, CODE_SECTION = 10, PART_LIMIT = 1 << 20 };

/// A piece of the module: where its size stands, and where its bytes are.
struct part {
    size_t size_at, start, end;
};

/// Reads a LEB128 number of at most 32 bits; false past the end.
static bool number(const uint8_t *bytes, size_t end, size_t *at, size_t *value) {
    *value = 0;
    for (unsigned shift = 0; shift < 35 && *at < end; shift += 7) {
        uint8_t byte = bytes[(*at)++];
        *value |= (size_t)(byte & 0x7F) << shift;
        if (byte < 0x80) return true;
    }
    return false;
}

/// The part whose size stands at `at`.
static bool part_at(const uint8_t *bytes, size_t end, size_t at, struct part *part) {
    part->size_at = at;
    size_t size;
    if (!number(bytes, end, &at, &size) || size > end - at) return false;
    part->start = at;
    part->end = at + size;
    return true;
}

/// Chooses one of the parts that stand one after another, each behind `tag` bytes.
static bool choose(const uint8_t *bytes, size_t at, size_t end, size_t tag, unsigned *seed, struct part *chosen) {
    size_t count = 0;
    while (at + tag < end) {
        struct part part;
        if (!part_at(bytes, end, at + tag, &part)) break;
        count++;
        *seed = *seed * 1103515245U + 12345U;
        if ((*seed >> 16) % count == 0) *chosen = part;
        at = part.end;
    }
    return count > 0;
}

/// Puts `count` bytes in a part's place, with their size before; the module's new size, or 0 if there is no room.
static size_t replace(uint8_t *bytes, size_t count, size_t limit, struct part part, const uint8_t *with, size_t size) {
    uint8_t leb[5];
    size_t width = 0, rest = size;
    do {
        leb[width++] = (uint8_t)((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0));
        rest >>= 7;
    } while (rest);
    size_t tail = count - part.end, start = part.size_at + width;
    if (start + size + tail > limit) return 0;
    memmove(bytes + start + size, bytes + part.end, tail);
    memcpy(bytes + start, with, size);
    memcpy(bytes + part.size_at, leb, width);
    return start + size + tail;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t count, size_t limit, unsigned seed) {
    static uint8_t changed[PART_LIMIT], section_bytes[PART_LIMIT];
    unsigned state = seed;
    struct part section, body;
    if (!LLVMFuzzerMutate) return count;
    if (seed % 4 == 0 || count <= HEADER || !choose(bytes, HEADER, count, 1, &state, &section) ||
        section.end - section.start > PART_LIMIT / 2)
        return LLVMFuzzerMutate(bytes, count, limit);
    size_t size = section.end - section.start;
    memcpy(section_bytes, bytes + section.start, size);
    size_t at = 0, bodies;
    bool inBody = bytes[section.size_at - 1] == CODE_SECTION && seed % 4 != 1 &&
                  number(section_bytes, size, &at, &bodies) && choose(section_bytes, at, size, 0, &state, &body);
    if (inBody) {
        size_t length = body.end - body.start;
        memcpy(changed, section_bytes + body.start, length);
        length = LLVMFuzzerMutate(changed, length, length + 64);
        size = replace(section_bytes, size, PART_LIMIT, body, changed, length);
    } else {
        size = LLVMFuzzerMutate(section_bytes, size, size + 64);
    }
    size_t new = replace(bytes, count, limit, section, section_bytes, size);
    return new ? new : LLVMFuzzerMutate(bytes, count, limit);
}
