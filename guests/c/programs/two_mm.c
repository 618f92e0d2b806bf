/* `2mm`: D := alpha A B C + beta D. */
#include "polybench.h"

#include <stdlib.h>

static const struct kernel TWO_MM = {"2mm", "NI NJ NK NL", 4,
                                     {{16, 18, 22, 24},
                                      {40, 50, 70, 80},
                                      {180, 190, 210, 220},
                                      {800, 900, 1100, 1200},
                                      {1600, 1800, 2200, 2400}}};

static void fill(const size_t *size, double *a, double *b, double *c, double *d) {
    size_t ni = size[0], nj = size[1], nk = size[2], nl = size[3];
    for (size_t i = 0; i < ni; i++) {
        for (size_t k = 0; k < nk; k++) {
            *a++ = (double)((i * k + 1) % ni) / (double)ni;
        }
        for (size_t l = 0; l < nl; l++) {
            *d++ = (double)(i * (l + 2) % nk) / (double)nk;
        }
    }
    for (size_t k = 0; k < nk; k++) {
        for (size_t j = 0; j < nj; j++) {
            *b++ = (double)(k * (j + 1) % nj) / (double)nj;
        }
    }
    for (size_t j = 0; j < nj; j++) {
        for (size_t l = 0; l < nl; l++) {
            *c++ = (double)((j * (l + 3) + 1) % nl) / (double)nl;
        }
    }
}

KERNEL void run(size_t ni, size_t nj, size_t nk, size_t nl, double alpha, double beta, const double (*a)[nk],
                const double (*b)[nj], const double (*c)[nl], double (*d)[nl], double (*product)[nj]) {
    for (size_t i = 0; i < ni; i++) {
        for (size_t j = 0; j < nj; j++) {
            double sum = 0;
            for (size_t k = 0; k < nk; k++) {
                sum += alpha * a[i][k] * b[k][j];
            }
            product[i][j] = sum;
        }
    }
    for (size_t i = 0; i < ni; i++) {
        for (size_t l = 0; l < nl; l++) {
            double sum = d[i][l] * beta;
            for (size_t j = 0; j < nj; j++) {
                sum += product[i][j] * c[j][l];
            }
            d[i][l] = sum;
        }
    }
}

int runoff_c_2mm(int count, const char *const *args, const struct io *io) {
    size_t size[MOST_PARAMETERS];
    int code = parse_size(&TWO_MM, count, args, io, size);
    if (code != 0) {
        return code;
    }
    size_t ni = size[0], nj = size[1], nk = size[2], nl = size[3];
    double(*a)[nk] = elements(io, ni * nk, sizeof(double));
    double(*b)[nj] = elements(io, nk * nj, sizeof(double));
    double(*c)[nl] = elements(io, nj * nl, sizeof(double));
    double(*d)[nl] = elements(io, ni * nl, sizeof(double));
    double(*product)[nj] = elements(io, ni * nj, sizeof(double));
    code = 1;
    if (a != NULL && b != NULL && c != NULL && d != NULL && product != NULL) {
        fill(size, a[0], b[0], c[0], d[0]);
        io->start(io->context);
        run(ni, nj, nk, nl, 1.5, 1.2, (const double(*)[nk])a, (const double(*)[nj])b, (const double(*)[nl])c, d,
            product);
        io->end(io->context);
        code = print_doubles(io, "D", ni, nl, d[0], ALL);
    }
    free(a);
    free(b);
    free(c);
    free(d);
    free(product);
    return code;
}
