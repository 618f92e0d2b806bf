#include "program.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 256 };

static int write_formatted(int (*put)(void *, const char *, size_t), void *context, const char *format, va_list values) {
    char text[LINE];
    int length = vsnprintf(text, sizeof text, format, values);
    if (length < 0) {
        return 0;
    }
    return put(context, text, length < LINE ? (size_t)length : LINE - 1);
}

int say(const struct io *io, const char *format, ...) {
    va_list values;
    va_start(values, format);
    int taken = write_formatted(io->out, io->context, format, values);
    va_end(values);
    return taken ? 0 : 1;
}

int complain(const struct io *io, int code, const char *format, ...) {
    va_list values;
    va_start(values, format);
    /* There is nowhere left to report that the report could not be written. */
    (void)write_formatted(io->err, io->context, format, values);
    va_end(values);
    return code;
}

void *elements(const struct io *io, size_t count, size_t size) {
    void *memory = calloc(count, size);
    if (memory == NULL) {
        complain(io, 1, "no memory for %zu elements of %zu bytes\n", count, size);
    }
    return memory;
}

int parse(const char *text, size_t least, size_t most, size_t *number) {
    size_t value = 0;
    if (*text == '\0') {
        return 0;
    }
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9') {
            return 0;
        }
        value = value * 10 + (size_t)(*text - '0');
        if (value > most) {
            return 0;
        }
    }
    *number = value;
    return value >= least;
}

int parse_count(const char *name, size_t most, int count, const char *const *args, const struct io *io,
                size_t *number, size_t *times) {
    *times = 1;
    if (count >= 1 && count <= 2 && parse(args[0], 1, most, number) &&
        (count == 1 || parse(args[1], 1, 1000000, times))) {
        return 0;
    }
    return complain(io, USAGE, "%s: expected numbers\nusage: %s COUNT [TIMES]    (1 to %zu, 1 to 1000000)\n", name, name,
                    most);
}

uint32_t xorshift(uint32_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

uint64_t mix(uint64_t digest, uint64_t word) {
    uint64_t product = (digest ^ word) * UINT64_C(0x100000001b3);
    return product ^ (product >> 29);
}
