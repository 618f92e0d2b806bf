/* `lu`: A = L U in place, without pivoting. */
#include "polybench.h"

#include <stdlib.h>

static const struct kernel LU = {
    "lu", "N", 1, {{40}, {120}, {400}, {2000}, {4000}}};

KERNEL void run(size_t n, double (*a)[n]) {
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            size_t known = j < i ? j : i;
            double x = a[i][j];
            for (size_t k = 0; k < known; k++) {
                x -= a[i][k] * a[k][j];
            }
            a[i][j] = j < i ? x / a[j][j] : x;
        }
    }
}

int runoff_c_lu(int count, const char *const *args, const struct io *io) {
    size_t size[MOST_PARAMETERS];
    int code = parse_size(&LU, count, args, io, size);
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
        code = print_doubles(io, "A", n, n, a[0], ALL);
    }
    free(a);
    return code;
}
