/* The `main` of a module: the process's streams and the imported marks around the function PROGRAM. */
#include "program.h"

#include <unistd.h>

__attribute__((import_module("bench"), import_name("start"))) void bench_start(void);
__attribute__((import_module("bench"), import_name("end"))) void bench_end(void);

int PROGRAM(int count, const char *const *args, const struct io *io);

static int put(int stream, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = write(stream, bytes, length);
        if (written <= 0) {
            return 0;
        }
        bytes += written;
        length -= (size_t)written;
    }
    return 1;
}

static int out(void *context, const char *bytes, size_t length) {
    (void)context;
    return put(STDOUT_FILENO, bytes, length);
}

static int err(void *context, const char *bytes, size_t length) {
    (void)context;
    return put(STDERR_FILENO, bytes, length);
}

static void start(void *context) {
    (void)context;
    bench_start();
}

static void end(void *context) {
    (void)context;
    bench_end();
}

int main(int count, char **args) {
    struct io io = {.context = NULL, .out = out, .err = err, .start = start, .end = end};
    return count > 0 ? PROGRAM(count - 1, (const char *const *)(args + 1), &io) : USAGE;
}
