// Every kind of call by the C header, without a libc: the functions of the Rust modules `calls/*` under their names.
#define RUNOFF_IMPLEMENTATION
#include "../../crates/runoff-guest/c/runoff.h"

RUNOFF_EXPORT(mul) int32_t mul(int32_t x, int32_t y) { return (int32_t)((uint32_t)x * (uint32_t)y); }

typedef struct {
    uint32_t id, count;
    uint64_t size;
} record;

static record next(const record *in) {
    record out = *in;
    out.count++;
    return out;
}
RUNOFF_POD(next, record, record)
RUNOFF_BATCH(next, record, record)

// Answers larger than arguments.
static uint64_t square(const uint32_t *x) { return (uint64_t)*x * *x; }
RUNOFF_POD(square, uint32_t, uint64_t)
RUNOFF_BATCH(square, uint32_t, uint64_t)

RUNOFF_BYTES(echo) { runoff_write(out, bytes, len); }

RUNOFF_ENCODED(next) {
    uint32_t id = (uint32_t)runoff_get_unsigned(in, 32), count = (uint32_t)runoff_get_unsigned(in, 32);
    uint64_t size = runoff_get_unsigned(in, 64);
    runoff_put_unsigned(out, id);
    runoff_put_unsigned(out, count + 1);
    runoff_put_unsigned(out, size);
}

// A greeting of text: { word, (given, Option<family>) }.
RUNOFF_ENCODED(greet) {
    uint32_t len, given = 0;
    const char *name = runoff_get_text(in, &len);
    while (given < len && name[given] != ' ') given++;
    runoff_put_text(out, "hello", 5);
    runoff_put_text(out, name, given);
    runoff_put(out, given < len);
    if (given < len) runoff_put_text(out, name + given + 1, len - given - 1);
}

RUNOFF_ENCODED(mul) {
    int32_t x = (int32_t)runoff_get_signed(in, 32), y = (int32_t)runoff_get_signed(in, 32);
    runoff_put_signed(out, mul(x, y));
}
