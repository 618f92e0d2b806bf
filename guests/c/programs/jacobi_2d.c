/* `jacobi-2d`: means of five neighbours, to and fro between two arrays. */
#include "polybench.h"

#include <stdlib.h>

static const struct kernel JACOBI_2D = {
    "jacobi-2d", "TSTEPS N", 2, {{20, 30}, {40, 90}, {100, 250}, {500, 1300}, {1000, 2800}}};

static void fill(size_t n, double (*a)[n], size_t first) {
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            a[i][j] = ((double)i * (double)(j + first) + (double)first) / (double)n;
        }
    }
}

static inline void step(size_t n, const double (*from)[n], double (*to)[n]) {
    for (size_t i = 1; i + 1 < n; i++) {
        for (size_t j = 1; j + 1 < n; j++) {
            to[i][j] = 0.2 * (from[i][j] + from[i][j - 1] + from[i][j + 1] + from[i + 1][j] + from[i - 1][j]);
        }
    }
}

KERNEL void run(size_t steps, size_t n, double (*a)[n], double (*b)[n]) {
    for (size_t t = 0; t < steps; t++) {
        step(n, (const double(*)[n])a, b);
        step(n, (const double(*)[n])b, a);
    }
}

int runoff_c_jacobi_2d(int count, const char *const *args, const struct io *io) {
    size_t size[MOST_PARAMETERS];
    int code = parse_size(&JACOBI_2D, count, args, io, size);
    if (code != 0) {
        return code;
    }
    size_t steps = size[0], n = size[1];
    double(*a)[n] = elements(io, n * n, sizeof(double));
    double(*b)[n] = elements(io, n * n, sizeof(double));
    code = 1;
    if (a != NULL && b != NULL) {
        fill(n, a, 2);
        fill(n, b, 3);
        io->start(io->context);
        run(steps, n, a, b);
        io->end(io->context);
        code = print_doubles(io, "A", n, n, a[0], ALL);
    }
    free(a);
    free(b);
    return code;
}
