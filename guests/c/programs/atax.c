/* `atax`: y := Aᵀ (A x). */
#include "polybench.h"

#include <stdlib.h>

static const struct kernel ATAX = {
    "atax", "M N", 2, {{38, 42}, {116, 124}, {390, 410}, {1900, 2100}, {1800, 2200}}};

static void fill(size_t m, size_t n, double (*a)[n], double *x) {
    for (size_t j = 0; j < n; j++) {
        x[j] = 1 + (double)j / (double)n;
    }
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < n; j++) {
            a[i][j] = (double)((i + j) % n) / (double)(5 * m);
        }
    }
}

KERNEL void run(size_t m, size_t n, const double (*a)[n], const double *x, double *y) {
    for (size_t j = 0; j < n; j++) {
        y[j] = 0;
    }
    for (size_t i = 0; i < m; i++) {
        double product = 0;
        for (size_t j = 0; j < n; j++) {
            product += a[i][j] * x[j];
        }
        for (size_t j = 0; j < n; j++) {
            y[j] += a[i][j] * product;
        }
    }
}

int runoff_c_atax(int count, const char *const *args, const struct io *io) {
    size_t size[MOST_PARAMETERS];
    int code = parse_size(&ATAX, count, args, io, size);
    if (code != 0) {
        return code;
    }
    size_t m = size[0], n = size[1];
    double(*a)[n] = elements(io, m * n, sizeof(double));
    double *x = elements(io, n, sizeof(double));
    double *y = elements(io, n, sizeof(double));
    code = 1;
    if (a != NULL && x != NULL && y != NULL) {
        fill(m, n, a, x);
        io->start(io->context);
        run(m, n, (const double(*)[n])a, x, y);
        io->end(io->context);
        code = print_doubles(io, "y", 1, n, y, ALL);
    }
    free(a);
    free(x);
    free(y);
    return code;
}
