/* `durbin`: the Yule-Walker equations by the Levinson-Durbin recursion. */
#include "polybench.h"

#include <stdlib.h>

static const struct kernel DURBIN = {
    "durbin", "N", 1, {{40}, {120}, {400}, {2000}, {4000}}};

KERNEL void run(size_t n, const double *r, double *y, double *z) {
    double alpha = -r[0], beta = 1;
    y[0] = alpha;
    for (size_t k = 1; k < n; k++) {
        beta *= 1 - alpha * alpha;
        double sum = 0;
        for (size_t i = 0; i < k; i++) {
            sum += r[k - 1 - i] * y[i];
        }
        alpha = -(r[k] + sum) / beta;
        for (size_t i = 0; i < k; i++) {
            z[i] = y[i] + alpha * y[k - 1 - i];
        }
        for (size_t i = 0; i < k; i++) {
            y[i] = z[i];
        }
        y[k] = alpha;
    }
}

int runoff_c_durbin(int count, const char *const *args, const struct io *io) {
    size_t size[MOST_PARAMETERS];
    int code = parse_size(&DURBIN, count, args, io, size);
    if (code != 0) {
        return code;
    }
    size_t n = size[0];
    double *r = elements(io, n, sizeof(double));
    double *y = elements(io, n, sizeof(double));
    double *z = elements(io, n, sizeof(double));
    code = 1;
    if (r != NULL && y != NULL && z != NULL) {
        for (size_t i = 0; i < n; i++) {
            r[i] = (double)(n + 1 - i);
        }
        io->start(io->context);
        run(n, r, y, z);
        io->end(io->context);
        code = print_doubles(io, "y", 1, n, y, ALL);
    }
    free(r);
    free(y);
    free(z);
    return code;
}
