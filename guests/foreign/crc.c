// Checksums as a reactor: no `main`, but `_initialize`, which must be called once before anything else because a
// constructor fills the table that the other exports use.

#include <stdint.h>
#include <stdlib.h>

#define EXPORT(name) __attribute__((export_name(#name)))

static uint32_t table[256];

__attribute__((constructor)) static void fill_table(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t rest = byte;
        for (int bit = 0; bit < 8; bit++) {
            rest = rest & 1 ? rest >> 1 ^ 0xedb88320u : rest >> 1;
        }
        table[byte] = rest;
    }
}

// Memory for the caller to put its bytes into.
EXPORT(allocate) uint8_t *allocate(uint32_t len) {
    return malloc(len);
}

EXPORT(deallocate) void deallocate(uint8_t *bytes) {
    free(bytes);
}

EXPORT(crc32) uint32_t crc32(const uint8_t *bytes, uint32_t len) {
    uint32_t sum = ~0u;
    while (len-- > 0) {
        sum = sum >> 8 ^ table[(sum ^ *bytes++) & 0xff];
    }
    return ~sum;
}

// The checksum of the four bytes of `n`, little end first, for callers that only pass numbers.
EXPORT(run) uint32_t run(uint32_t n) {
    const uint8_t bytes[4] = {(uint8_t)n, (uint8_t)(n >> 8), (uint8_t)(n >> 16), (uint8_t)(n >> 24)};
    return crc32(bytes, sizeof bytes);
}
