/* `nussinov`: the largest number of base pairs in a folded RNA, for every stretch of it. */
#include "polybench.h"

#include <stdlib.h>

static const struct kernel NUSSINOV = {
    "nussinov", "N", 1, {{60}, {180}, {500}, {2500}, {5500}}};

static int32_t larger(int32_t a, int32_t b) {
    return a >= b ? a : b;
}

/* Bases are 0 to 3; two bond when they add up to 3. */
KERNEL void run(size_t n, const uint8_t *bases, int32_t (*table)[n]) {
    for (size_t i = n; i-- > 0;) {
        for (size_t j = i + 1; j < n; j++) {
            /* Neighbours do not bond. */
            int32_t bond = i + 1 < j && bases[i] + bases[j] == 3;
            int32_t best = larger(table[i][j - 1], table[i + 1][j]);
            best = larger(best, table[i + 1][j - 1] + bond);
            for (size_t k = i + 1; k < j; k++) {
                best = larger(best, table[i][k] + table[k + 1][j]);
            }
            table[i][j] = best;
        }
    }
}

int runoff_c_nussinov(int count, const char *const *args, const struct io *io) {
    size_t size[MOST_PARAMETERS];
    int code = parse_size(&NUSSINOV, count, args, io, size);
    if (code != 0) {
        return code;
    }
    size_t n = size[0];
    uint8_t *bases = elements(io, n, 1);
    int32_t(*table)[n] = elements(io, n * n, sizeof(int32_t));
    code = 1;
    if (bases != NULL && table != NULL) {
        for (size_t i = 0; i < n; i++) {
            bases[i] = (uint8_t)((i + 1) % 4);
        }
        io->start(io->context);
        run(n, bases, table);
        io->end(io->context);
        code = print_ints(io, "table", n, n, table[0], UPPER);
    }
    free(bases);
    free(table);
    return code;
}
