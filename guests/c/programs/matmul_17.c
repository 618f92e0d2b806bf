/* The product of two matrices of 17 x 17 whole numbers, as a compiler leaves it that does not optimise, with every
   variable in memory, and as it is usually compiled: what source 004 looks at instruction by instruction. */
#include "program.h"

#include <string.h>

enum { SIZE = 17 };

#if defined __clang__
#define UNOPTIMISED __attribute__((optnone))
#else
#define UNOPTIMISED __attribute__((optimize("O0")))
#endif

/* The same text twice: rows, columns and the common length are parameters, as the source has them. */
#define PRODUCT                                                                                                        \
    for (int row = 0; row < rows; row++) {                                                                             \
        for (int column = 0; column < columns; column++) {                                                             \
            int sum = 0;                                                                                               \
            for (int k = 0; k < length; k++) {                                                                         \
                sum = sum + left[row * length + k] * right[k * columns + column];                                      \
            }                                                                                                          \
            product[row * columns + column] = sum;                                                                     \
        }                                                                                                              \
    }

void matmul_unoptimised(int rows, int columns, int length, const int *left, const int *right, int *product);
void matmul_optimised(int rows, int columns, int length, const int *left, const int *right, int *product);

/* Not static, so that no compiler makes them for one size, and both are found by their names. */
UNOPTIMISED __attribute__((noinline)) void matmul_unoptimised(int rows, int columns, int length, const int *left,
                                                              const int *right, int *product) {
    PRODUCT
}

__attribute__((noinline)) void matmul_optimised(int rows, int columns, int length, const int *left, const int *right,
                                                int *product) {
    PRODUCT
}

int runoff_c_matmul_17(int count, const char *const *args, const struct io *io) {
    size_t times = 0;
    int plain = count >= 1 && strcmp(args[0], "unoptimised") == 0;
    if (count != 2 || (!plain && strcmp(args[0], "optimised") != 0) || !parse(args[1], 1, 100000000, &times)) {
        return complain(io, USAGE, "matmul-17: usage: matmul-17 optimised|unoptimised TIMES    (1 to 100000000)\n");
    }
    int left[SIZE * SIZE], right[SIZE * SIZE], product[SIZE * SIZE] = {0};
    for (int n = 0; n < SIZE * SIZE; n++) {
        left[n] = n % SIZE + 1;
        right[n] = n / SIZE - n % SIZE;
    }
    io->start(io->context);
    for (size_t n = 0; n < times; n++) {
        /* Not the same product every time, so that none can be left out. */
        left[0] = (int)(n % SIZE) + 1;
        (plain ? matmul_unoptimised : matmul_optimised)(SIZE, SIZE, SIZE, left, right, product);
    }
    io->end(io->context);
    uint64_t digest = DIGEST_SEED;
    for (int n = 0; n < SIZE * SIZE; n++) {
        digest = mix(digest, (uint32_t)product[n]);
    }
    return say(io, "%016llx first %d last %d\n", (unsigned long long)digest, product[0], product[SIZE * SIZE - 1]);
}
