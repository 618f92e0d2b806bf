/* `floyd-warshall`: the lengths of the shortest paths between all nodes of a graph. */
#include "polybench.h"

#include <stdlib.h>

static const struct kernel FLOYD_WARSHALL = {
    "floyd-warshall", "N", 1, {{60}, {180}, {500}, {2800}, {5600}}};

static void fill(size_t n, int32_t (*path)[n]) {
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            size_t sum = i + j;
            int gap = sum % 7 == 0 || sum % 11 == 0 || sum % 13 == 0;
            path[i][j] = gap ? 999 : (int32_t)(i * j % 7) + 1;
        }
    }
}

KERNEL void run(size_t n, int32_t (*path)[n]) {
    for (size_t k = 0; k < n; k++) {
        for (size_t i = 0; i < n; i++) {
            /* All lengths are positive, so neither row nor column k changes in this step. */
            int32_t first = path[i][k];
            for (size_t j = 0; j < n; j++) {
                int32_t length = first + path[k][j];
                path[i][j] = path[i][j] < length ? path[i][j] : length;
            }
        }
    }
}

int runoff_c_floyd_warshall(int count, const char *const *args, const struct io *io) {
    size_t size[MOST_PARAMETERS];
    int code = parse_size(&FLOYD_WARSHALL, count, args, io, size);
    if (code != 0) {
        return code;
    }
    size_t n = size[0];
    int32_t(*path)[n] = elements(io, n * n, sizeof(int32_t));
    code = 1;
    if (path != NULL) {
        fill(n, path);
        io->start(io->context);
        run(n, path);
        io->end(io->context);
        code = print_ints(io, "path", n, n, path[0], ALL);
    }
    free(path);
    return code;
}
