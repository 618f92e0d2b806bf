/* `seidel-2d`: means of nine neighbours in place. */
#include "polybench.h"

#include <stdlib.h>

static const struct kernel SEIDEL_2D = {
    "seidel-2d", "TSTEPS N", 2, {{20, 40}, {40, 120}, {100, 400}, {500, 2000}, {1000, 4000}}};

static void fill(size_t n, double (*a)[n]) {
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            a[i][j] = ((double)i * (double)(j + 2) + 2) / (double)n;
        }
    }
}

KERNEL void run(size_t steps, size_t n, double (*a)[n]) {
    for (size_t t = 0; t < steps; t++) {
        for (size_t i = 1; i + 1 < n; i++) {
            const double *above = a[i - 1], *below = a[i + 1];
            double *line = a[i];
            for (size_t j = 1; j + 1 < n; j++) {
                double sum = above[j - 1] + above[j] + above[j + 1] + line[j - 1] + line[j] + line[j + 1];
                line[j] = (sum + below[j - 1] + below[j] + below[j + 1]) / 9;
            }
        }
    }
}

int runoff_c_seidel_2d(int count, const char *const *args, const struct io *io) {
    size_t size[MOST_PARAMETERS];
    int code = parse_size(&SEIDEL_2D, count, args, io, size);
    if (code != 0) {
        return code;
    }
    size_t steps = size[0], n = size[1];
    double(*a)[n] = elements(io, n * n, sizeof(double));
    code = 1;
    if (a != NULL) {
        fill(n, a);
        io->start(io->context);
        run(steps, n, a);
        io->end(io->context);
        code = print_doubles(io, "A", n, n, a[0], ALL);
    }
    free(a);
    return code;
}
