/* What guest programs in C have in common: the shape that `runoff-guest-program` gives those in Rust. */
#ifndef RUNOFF_PROGRAM_H
#define RUNOFF_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

/* The exit code for arguments that make no sense. */
#define USAGE 2

/* Kernels are functions of their own, so that what is measured is what the source shows. */
#define KERNEL static __attribute__((noinline))

/* Streams and marks of a program. */
struct io {
    void *context;
    /* Writes to standard output or standard error; not zero when it was taken. */
    int (*out)(void *context, const char *bytes, size_t length);
    int (*err)(void *context, const char *bytes, size_t length);
    /* The part to be measured begins and ends. */
    void (*start)(void *context);
    void (*end)(void *context);
};

/* Formatted text to standard output; gives the exit code: 1 when it was not taken. */
__attribute__((format(printf, 2, 3))) int say(const struct io *io, const char *format, ...);

/* Formatted text to standard error; gives `code`. */
__attribute__((format(printf, 3, 4))) int complain(const struct io *io, int code, const char *format, ...);

/* Memory for so many elements of so many bytes, or a null pointer and a message. */
void *elements(const struct io *io, size_t count, size_t size);

/* A whole number from `least` to `most`; not zero when the text is one. */
int parse(const char *text, size_t least, size_t most, size_t *number);

/* The arguments COUNT [TIMES] of the smaller programs, or an exit code. TIMES is 1 when it is not given. */
int parse_count(const char *name, size_t most, int count, const char *const *args, const struct io *io,
                size_t *number, size_t *times);

/* The next number of a full-period xorshift generator; the state must not be zero. */
uint32_t xorshift(uint32_t *state);

/* A digest of words in their order, and its beginning: the multiplication of FNV-1a, and a shift. */
#define DIGEST_SEED UINT64_C(0xcbf29ce484222325)
uint64_t mix(uint64_t digest, uint64_t word);

#endif
