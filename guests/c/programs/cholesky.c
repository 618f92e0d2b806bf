/* `cholesky`: A = L Lᵀ for a positive definite A, in the lower triangle of A. */
#include "polybench.h"

#include <math.h>
#include <stdlib.h>

static const struct kernel CHOLESKY = {
    "cholesky", "N", 1, {{40}, {120}, {400}, {2000}, {4000}}};

KERNEL void run(size_t n, double (*a)[n]) {
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++) {
            double x = a[i][j];
            for (size_t k = 0; k < j; k++) {
                x -= a[i][k] * a[j][k];
            }
            a[i][j] = x / a[j][j];
        }
        double x = a[i][i];
        for (size_t k = 0; k < i; k++) {
            x -= a[i][k] * a[i][k];
        }
        a[i][i] = sqrt(x);
    }
}

int runoff_c_cholesky(int count, const char *const *args, const struct io *io) {
    size_t size[MOST_PARAMETERS];
    int code = parse_size(&CHOLESKY, count, args, io, size);
    if (code != 0) {
        return code;
    }
    size_t n = size[0];
    double(*a)[n] = elements(io, n * n, sizeof(double));
    code = 1;
    if (a != NULL) {
        positive_definite(n, a);
        io->start(io->context);
        run(n, a);
        io->end(io->context);
        code = print_doubles(io, "A", n, n, a[0], LOWER);
    }
    free(a);
    return code;
}
