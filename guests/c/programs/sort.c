/* COUNT pseudo-random numbers, sorted by merging runs of growing length, the same numbers TIMES times. */
#include "program.h"

#include <stdlib.h>
#include <string.h>

static void merge(const uint32_t *left, const uint32_t *middle, const uint32_t *end, uint32_t *to) {
    const uint32_t *right = middle;
    while (left < middle && right < end) {
        *to++ = *right < *left ? *right++ : *left++;
    }
    while (left < middle) {
        *to++ = *left++;
    }
    while (right < end) {
        *to++ = *right++;
    }
}

/* Gives where the sorted numbers are: in `numbers` or in `spare`. */
KERNEL uint32_t *run(size_t count, uint32_t *numbers, uint32_t *spare) {
    for (size_t length = 1; length < count; length *= 2) {
        for (size_t at = 0; at < count;) {
            size_t middle = count - at > length ? at + length : count;
            size_t end = count - middle > length ? middle + length : count;
            merge(numbers + at, numbers + middle, numbers + end, spare + at);
            at = end;
        }
        uint32_t *other = numbers;
        numbers = spare;
        spare = other;
    }
    return numbers;
}

int runoff_c_sort(int count, const char *const *args, const struct io *io) {
    size_t length, times;
    int code = parse_count("sort", 100000000, count, args, io, &length, &times);
    if (code != 0) {
        return code;
    }
    uint32_t *numbers = elements(io, length, sizeof(uint32_t));
    uint32_t *work = elements(io, length, sizeof(uint32_t));
    uint32_t *spare = elements(io, length, sizeof(uint32_t));
    code = 1;
    if (numbers != NULL && work != NULL && spare != NULL) {
        uint32_t state = 0x9e3779b9;
        const uint32_t *sorted = work;
        for (size_t i = 0; i < length; i++) {
            numbers[i] = xorshift(&state);
        }
        io->start(io->context);
        while (times-- > 0) {
            memcpy(work, numbers, length * sizeof *work);
            sorted = run(length, work, spare);
        }
        io->end(io->context);
        uint64_t digest = DIGEST_SEED;
        for (size_t i = 0; i < length; i++) {
            digest = mix(digest, sorted[i]);
        }
        code = say(io, "%016llx %u to %u\n", (unsigned long long)digest, (unsigned)sorted[0],
                   (unsigned)sorted[length - 1]);
    }
    free(numbers);
    free(work);
    free(spare);
    return code;
}
