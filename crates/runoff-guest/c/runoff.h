/* runoff.h - guest side of typed calls for C and C++ (the convention: docs/CALLS.md).
 *
 * One file of the module says, before including it,
 *
 *     #define RUNOFF_IMPLEMENTATION
 *     #include "runoff.h"
 *
 *     typedef struct { float x, y; } point;
 *     static float length(const point *p) { return p->x * p->x + p->y * p->y; }
 *     RUNOFF_POD(length, point, float)
 *     RUNOFF_BATCH(length, point, float)
 *
 *     RUNOFF_EXPORT(mul) int32_t mul(int32_t a, int32_t b) { return a * b; }
 *
 *     RUNOFF_BYTES(shout) { for (uint32_t i = 0; i < len; i++) runoff_put(out, bytes[i] & ~32); }
 *
 * Needs neither a libc nor an allocator: clang --target=wasm32 -mbulk-memory -nostdlib -Wl,--no-entry
 * (without bulk memory the compiler calls a memcpy that must come from somewhere). Bytes of a record are the same for the host as long as the struct has no padding and its members have a fixed size.
 */
#ifndef RUNOFF_H
#define RUNOFF_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define RUNOFF_C extern "C"
#else
#define RUNOFF_C
#endif

/* Exports the function that follows under this name. */
#define RUNOFF_EXPORT(name) RUNOFF_C __attribute__((export_name(#name)))

/* Why a call is refused. */
enum { RUNOFF_LENGTH = 1, RUNOFF_DECODE = 2, RUNOFF_NO_ROOM = 3, RUNOFF_ENCODE = 4 };

static inline uint64_t runoff_at(const void *bytes, uint32_t len) {
    return len ? (uint64_t)(uintptr_t)bytes << 32 | len : 0;
}

static inline uint64_t runoff_refuse(uint32_t reason) { return reason; }

/* Memory that grows: a static array first, then pages at the end of memory. */
typedef struct {
    unsigned char *bytes;
    uint32_t room;
    uint32_t len;
    int failed;
} runoff_region;

/* The arguments' buffer and the answers' one. */
#ifdef __cplusplus
RUNOFF_C runoff_region runoff_arguments, runoff_answers;
#else
extern runoff_region runoff_arguments, runoff_answers;
#endif

/* Makes a region at least so long, keeping its first `len` bytes; 0 when there is no room. */
RUNOFF_C int runoff_reserve(runoff_region *region, uint32_t room);

/* Adds to an answer. */
static inline void runoff_write(runoff_region *out, const void *bytes, uint32_t len) {
    if (out->room - out->len < len && (len > UINT32_MAX - out->len || !runoff_reserve(out, out->len + len))) {
        out->failed = 1;
        return;
    }
    __builtin_memcpy(out->bytes + out->len, bytes, len);
    out->len += len;
}

static inline void runoff_put(runoff_region *out, unsigned byte) {
    unsigned char one = (unsigned char)byte;
    runoff_write(out, &one, 1);
}

static inline uint64_t runoff_answer(const runoff_region *out) {
    return out->failed ? runoff_refuse(RUNOFF_NO_ROOM) : runoff_at(out->bytes, out->len);
}

static inline runoff_region *runoff_empty(void) {
    runoff_answers.len = 0;
    runoff_answers.failed = 0;
    return &runoff_answers;
}

/* --- records: `R f(const T *)` ------------------------------------------------------------------------------- */

#define RUNOFF_POD(f, T, R)                                                                                    \
    RUNOFF_C __attribute__((export_name("runoff_pod_" #f))) uint64_t runoff_pod_##f(const T *in, uint32_t len) { \
        static R out;                                                                                          \
        if (len != sizeof(T)) return runoff_refuse(RUNOFF_LENGTH);                                             \
        out = f(in);                                                                                           \
        return runoff_at(&out, sizeof out);                                                                    \
    }

/* Many in one call. Answers that are not larger than arguments take their place. */
#define RUNOFF_BATCH(f, T, R)                                                                              \
    RUNOFF_C __attribute__((export_name("runoff_batch_" #f))) uint64_t runoff_batch_##f(const T *in,         \
                                                                                       uint32_t len) {     \
        uint32_t count = len / sizeof(T);                                                                  \
        unsigned char *out = (unsigned char *)in;                                                          \
        if (len % sizeof(T) != 0) return runoff_refuse(RUNOFF_LENGTH);                                     \
        if (sizeof(R) > sizeof(T)) {                                                                       \
            if (count > UINT32_MAX / sizeof(R)) return runoff_refuse(RUNOFF_NO_ROOM);                      \
            if (!runoff_reserve(runoff_empty(), count * sizeof(R))) return runoff_refuse(RUNOFF_NO_ROOM);  \
            out = runoff_answers.bytes;                                                                    \
        }                                                                                                  \
        for (uint32_t i = 0; i < count; i++) {                                                             \
            R answer = f(in + i);                                                                          \
            __builtin_memcpy(out + i * sizeof(R), &answer, sizeof(R));                                     \
        }                                                                                                  \
        return runoff_at(out, count * sizeof(R));                                                          \
    }

/* --- bytes: the body that follows has `bytes`, `len` and `out` ------------------------------------------------ */

#define RUNOFF_BODY(symbol, exported)                                                                  \
    static void symbol##_body(const unsigned char *bytes, uint32_t len, runoff_region *out);           \
    RUNOFF_C __attribute__((export_name(exported))) uint64_t symbol(const unsigned char *bytes,          \
                                                                   uint32_t len) {                     \
        runoff_region *out = runoff_empty();                                                           \
        symbol##_body(bytes, len, out);                                                                \
        return runoff_answer(out);                                                                     \
    }                                                                                                  \
    static void symbol##_body(const unsigned char *bytes, uint32_t len, runoff_region *out)

#define RUNOFF_BYTES(f) RUNOFF_BODY(runoff_bytes_##f, "runoff_bytes_" #f)
/* The nameless entry of a module with one job. */
#define RUNOFF_ENTRY RUNOFF_BODY(runoff_call, "runoff_call")

/* --- encoded: postcard, as much of it as numbers and text need ------------------------------------------------- */

/* Arguments that are being read. */
typedef struct {
    const unsigned char *at, *end;
    int failed;
} runoff_reader;

static inline unsigned char runoff_get(runoff_reader *in) {
    if (in->at == in->end) {
        in->failed = 1;
        return 0;
    }
    return *in->at++;
}

/* An unsigned number of at most `bits` bits. */
static inline uint64_t runoff_get_unsigned(runoff_reader *in, unsigned bits) {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < bits; shift += 7) {
        uint64_t byte = runoff_get(in);
        if (shift + 7 > bits && (byte & 127) >> (bits - shift)) in->failed = 1;
        value |= (byte & 127) << shift;
        if (byte < 128) return value;
    }
    in->failed = 1;
    return 0;
}

static inline int64_t runoff_get_signed(runoff_reader *in, unsigned bits) {
    uint64_t zigzag = runoff_get_unsigned(in, bits);
    return (int64_t)(zigzag >> 1) ^ -(int64_t)(zigzag & 1);
}

/* Text or bytes, where they lie. */
static inline const char *runoff_get_text(runoff_reader *in, uint32_t *len) {
    uint64_t found = runoff_get_unsigned(in, 32);
    const unsigned char *text = in->at;
    if (found > (uint64_t)(in->end - in->at)) {
        in->failed = 1;
        found = 0;
    }
    in->at += found;
    *len = (uint32_t)found;
    return (const char *)text;
}

static inline void runoff_put_unsigned(runoff_region *out, uint64_t value) {
    for (; value > 127; value >>= 7) runoff_put(out, (unsigned)(value & 127) | 128);
    runoff_put(out, (unsigned)value);
}

static inline void runoff_put_signed(runoff_region *out, int64_t value) {
    runoff_put_unsigned(out, (uint64_t)value << 1 ^ (uint64_t)(value >> 63));
}

static inline void runoff_put_text(runoff_region *out, const char *text, uint32_t len) {
    runoff_put_unsigned(out, len);
    runoff_write(out, text, len);
}

/* The body that follows reads `in` and writes `out`; it is refused when it read more or less than there was. */
#define RUNOFF_ENCODED(f)                                                                                    \
    static void runoff_encoded_##f##_body(runoff_reader *in, runoff_region *out);                            \
    RUNOFF_C __attribute__((export_name("runoff_encoded_" #f))) uint64_t runoff_encoded_##f(                   \
        const unsigned char *bytes, uint32_t len) {                                                          \
        runoff_reader in = {bytes, bytes + len, 0};                                                          \
        runoff_region *out = runoff_empty();                                                                 \
        runoff_encoded_##f##_body(&in, out);                                                                 \
        return in.failed || in.at != in.end ? runoff_refuse(RUNOFF_DECODE) : runoff_answer(out);             \
    }                                                                                                        \
    static void runoff_encoded_##f##_body(runoff_reader *in, runoff_region *out)

/* --- what every module has --------------------------------------------------------------------------------------- */

#ifdef RUNOFF_IMPLEMENTATION

#define RUNOFF_FIRST 4096
#define RUNOFF_PAGE 65536u

runoff_region runoff_arguments, runoff_answers;

RUNOFF_C int runoff_reserve(runoff_region *region, uint32_t room) {
    static unsigned char first[2][RUNOFF_FIRST] __attribute__((aligned(16)));
    if (!region->bytes) {
        region->bytes = first[region == &runoff_answers];
        region->room = RUNOFF_FIRST;
    }
    if (room <= region->room) return 1;
    /* Twice as long each time, so that all places left behind are together shorter than the last one. */
    uint32_t twice = region->room > UINT32_MAX / 2 ? room : region->room * 2;
    uint32_t wanted = room > twice ? room : twice;
    uint32_t pages = wanted / RUNOFF_PAGE + (wanted % RUNOFF_PAGE != 0);
    size_t before = __builtin_wasm_memory_grow(0, pages);
    if (before == (size_t)-1) {
        pages = room / RUNOFF_PAGE + (room % RUNOFF_PAGE != 0);
        before = __builtin_wasm_memory_grow(0, pages);
        if (before == (size_t)-1) return 0;
    }
    unsigned char *found = (unsigned char *)(before * RUNOFF_PAGE);
    if (region->room > RUNOFF_FIRST && region->bytes + region->room == found) {
        region->room += pages * RUNOFF_PAGE;
        return 1;
    }
    __builtin_memcpy(found, region->bytes, region->len);
    region->bytes = found;
    region->room = pages * RUNOFF_PAGE;
    return 1;
}

RUNOFF_C __attribute__((export_name("runoff_version"))) uint32_t runoff_version(uint32_t host) { return host ? 1 : 0; }

RUNOFF_C __attribute__((export_name("runoff_buffer"))) unsigned char *runoff_buffer(uint32_t len) {
    return runoff_reserve(&runoff_arguments, len) ? runoff_arguments.bytes : 0;
}

#endif
#endif
