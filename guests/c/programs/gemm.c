/* `gemm`: C := alpha A B + beta C. */
#include "polybench.h"

#include <stdlib.h>

static const struct kernel GEMM = {
    "gemm", "NI NJ NK", 3, {{20, 25, 30}, {60, 70, 80}, {200, 220, 240}, {1000, 1100, 1200}, {2000, 2300, 2600}}};

static void fill(size_t ni, size_t nj, size_t nk, double (*a)[nk], double (*b)[nj], double (*c)[nj]) {
    for (size_t i = 0; i < ni; i++) {
        for (size_t k = 0; k < nk; k++) {
            a[i][k] = (double)(i * (k + 1) % nk) / (double)nk;
        }
        for (size_t j = 0; j < nj; j++) {
            c[i][j] = (double)((i * j + 1) % ni) / (double)ni;
        }
    }
    for (size_t k = 0; k < nk; k++) {
        for (size_t j = 0; j < nj; j++) {
            b[k][j] = (double)(k * (j + 2) % nj) / (double)nj;
        }
    }
}

KERNEL void run(size_t ni, size_t nj, size_t nk, double alpha, double beta, const double (*a)[nk],
                const double (*b)[nj], double (*c)[nj]) {
    for (size_t i = 0; i < ni; i++) {
        for (size_t j = 0; j < nj; j++) {
            c[i][j] *= beta;
        }
        for (size_t k = 0; k < nk; k++) {
            for (size_t j = 0; j < nj; j++) {
                c[i][j] += alpha * a[i][k] * b[k][j];
            }
        }
    }
}

int runoff_c_gemm(int count, const char *const *args, const struct io *io) {
    size_t size[MOST_PARAMETERS];
    int code = parse_size(&GEMM, count, args, io, size);
    if (code != 0) {
        return code;
    }
    size_t ni = size[0], nj = size[1], nk = size[2];
    double(*a)[nk] = elements(io, ni * nk, sizeof(double));
    double(*b)[nj] = elements(io, nk * nj, sizeof(double));
    double(*c)[nj] = elements(io, ni * nj, sizeof(double));
    code = 1;
    if (a != NULL && b != NULL && c != NULL) {
        fill(ni, nj, nk, a, b, c);
        io->start(io->context);
        run(ni, nj, nk, 1.5, 1.2, (const double(*)[nk])a, (const double(*)[nj])b, c);
        io->end(io->context);
        code = print_doubles(io, "C", ni, nj, c[0], ALL);
    }
    free(a);
    free(b);
    free(c);
    return code;
}
