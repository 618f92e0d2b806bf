/* Sizes and answers of the kernels of PolyBench, as in the guests of the same names in Rust. */
#ifndef RUNOFF_POLYBENCH_H
#define RUNOFF_POLYBENCH_H

#include "program.h"

enum { MOST_PARAMETERS = 4, SIZES = 5 };

/* A kernel's name, its parameters, and its published sizes, the smallest first. */
struct kernel {
    const char *name;
    const char *parameters;
    int count;
    size_t published[SIZES][MOST_PARAMETERS];
};

/* Puts the numbers of the size that the arguments name into `size`; gives 0 or an exit code. */
int parse_size(const struct kernel *kernel, int count, const char *const *args, const struct io *io, size_t *size);

/* Which elements of a matrix are the result. */
enum part { ALL, LOWER, UPPER };

/* Prints name, digest of the bits, and sum of the elements of an array. */
int print_doubles(const struct io *io, const char *name, size_t rows, size_t columns, const double *cells,
                  enum part part);
int print_ints(const struct io *io, const char *name, size_t rows, size_t columns, const int32_t *cells,
               enum part part);

/* Fills a square matrix with the suite's positive definite one. */
void positive_definite(size_t n, double (*a)[n]);

#endif
