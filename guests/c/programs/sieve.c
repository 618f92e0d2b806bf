/* The primes up to COUNT by the sieve of Eratosthenes, over odd numbers only, TIMES times. */
#include "program.h"

#include <stdlib.h>
#include <string.h>

/* `composite[i]` stands for 2i + 1. Counts the primes and gives the last. */
KERNEL size_t run(size_t most, uint8_t *composite, size_t *last) {
    size_t half = (most + 1) / 2;
    memset(composite, 0, half);
    for (size_t p = 3; p <= most / p; p += 2) {
        if (!composite[p / 2]) {
            for (size_t multiple = p * p / 2; multiple < half; multiple += p) {
                composite[multiple] = 1;
            }
        }
    }
    size_t count = most >= 2;
    *last = 2;
    for (size_t i = 1; i < half; i++) {
        if (!composite[i]) {
            count++;
            *last = 2 * i + 1;
        }
    }
    return count;
}

int runoff_c_sieve(int count, const char *const *args, const struct io *io) {
    size_t most, times, last = 0, primes = 0;
    int code = parse_count("sieve", 100000000, count, args, io, &most, &times);
    if (code != 0) {
        return code;
    }
    uint8_t *composite = elements(io, (most + 1) / 2, 1);
    if (composite == NULL) {
        return 1;
    }
    io->start(io->context);
    while (times-- > 0) {
        primes = run(most, composite, &last);
    }
    io->end(io->context);
    free(composite);
    return say(io, "%zu primes up to %zu, the last %zu\n", primes, most, primes > 0 ? last : 0);
}
