/* The CRC-32 of COUNT pseudo-random bytes TIMES times in a row: polynomial 0xEDB88320 reflected, a table of bytes. */
#include "program.h"

#include <stdlib.h>

static void fill_table(uint32_t *table) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t value = byte;
        for (int bit = 0; bit < 8; bit++) {
            value = value & 1 ? value >> 1 ^ 0xedb88320 : value >> 1;
        }
        table[byte] = value;
    }
}

KERNEL uint32_t run(const uint32_t *table, uint32_t value, size_t length, const uint8_t *bytes) {
    for (size_t i = 0; i < length; i++) {
        value = table[(value ^ bytes[i]) & 0xff] ^ value >> 8;
    }
    return value;
}

int runoff_c_crc32(int count, const char *const *args, const struct io *io) {
    size_t length, times;
    int code = parse_count("crc32", 100000000, count, args, io, &length, &times);
    if (code != 0) {
        return code;
    }
    uint8_t *bytes = elements(io, length, 1);
    if (bytes == NULL) {
        return 1;
    }
    uint32_t table[256], state = 0x9e3779b9, value = 0xffffffff;
    for (size_t i = 0; i < length; i++) {
        bytes[i] = (uint8_t)xorshift(&state);
    }
    fill_table(table);
    io->start(io->context);
    while (times-- > 0) {
        value = run(table, value, length, bytes);
    }
    io->end(io->context);
    free(bytes);
    return say(io, "%08x\n", (unsigned)~value);
}
