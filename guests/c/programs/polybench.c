#include "polybench.h"

#include <string.h>

static const char *const NAMES[SIZES] = {"mini", "small", "medium", "large", "extralarge"};

int parse_size(const struct kernel *kernel, int count, const char *const *args, const struct io *io, size_t *size) {
    for (int at = 0; count == 1 && at < SIZES; at++) {
        if (strcmp(args[0], NAMES[at]) == 0) {
            memcpy(size, kernel->published[at], sizeof kernel->published[at]);
            return 0;
        }
    }
    int good = count == kernel->count;
    for (int at = 0; good && at < count; at++) {
        good = parse(args[at], 2, kernel->published[SIZES - 1][at], &size[at]);
    }
    if (good) {
        return 0;
    }
    return complain(io, USAGE, "%s: expected the name of a size or numbers\nusage: %s mini|small|medium|large|extralarge\n"
                    "       %s %s    (each from 2 to that of extralarge)\n", kernel->name, kernel->name, kernel->name,
                    kernel->parameters);
}

/* Whether an element belongs to the result. */
static int within(enum part part, size_t row, size_t column) {
    return part == ALL || (part == LOWER ? column <= row : column >= row);
}

int print_doubles(const struct io *io, const char *name, size_t rows, size_t columns, const double *cells,
                  enum part part) {
    uint64_t digest = DIGEST_SEED;
    double sum = 0;
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < columns; j++) {
            if (within(part, i, j)) {
                double value = cells[i * columns + j];
                uint64_t bits = UINT64_C(0x7ff8000000000000);
                if (value == value) {
                    memcpy(&bits, &value, sizeof bits);
                }
                digest = mix(digest, bits);
                sum += value;
            }
        }
    }
    return say(io, "%s %016llx %.2f\n", name, (unsigned long long)digest, sum);
}

int print_ints(const struct io *io, const char *name, size_t rows, size_t columns, const int32_t *cells,
               enum part part) {
    uint64_t digest = DIGEST_SEED;
    double sum = 0;
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < columns; j++) {
            if (within(part, i, j)) {
                int32_t value = cells[i * columns + j];
                digest = mix(digest, (uint32_t)value);
                sum += value;
            }
        }
    }
    return say(io, "%s %016llx %.2f\n", name, (unsigned long long)digest, sum);
}

/* `L Lᵀ` for a lower triangular `L` with ones on the diagonal and the same values in all rows otherwise: rows differ
   in their last product only, so one sum serves all, in the order of the inner dimension. */
void positive_definite(size_t n, double (*a)[n]) {
    double sum = 0;
    for (size_t j = 0; j < n; j++) {
        double value = 1 - (double)j / (double)n;
        a[j][j] = sum + 1;
        for (size_t i = j + 1; i < n; i++) {
            a[i][j] = a[j][i] = sum + value;
        }
        sum += value * value;
    }
}
