// Counts lines, words and bytes of the files named as arguments, or of standard input: a WASI command with a C
// library, which finds files through the preopened directories.

#include <ctype.h>
#include <stdio.h>

static int count(FILE *in, const char *name) {
    unsigned long lines = 0, words = 0, bytes = 0;
    int inside = 0;
    for (int c; (c = getc(in)) != EOF; bytes++) {
        lines += c == '\n';
        words += !isspace(c) && !inside;
        inside = !isspace(c);
    }
    if (ferror(in)) {
        perror(name);
        return 1;
    }
    printf("%7lu %7lu %7lu %s\n", lines, words, bytes, name);
    return 0;
}

int main(int argc, char **argv) {
    int status = 0;
    for (int i = 1; i < argc; i++) {
        FILE *in = fopen(argv[i], "rb");
        if (in == NULL) {
            perror(argv[i]);
            status = 1;
            continue;
        }
        status |= count(in, argv[i]);
        fclose(in);
    }
    return argc > 1 ? status : count(stdin, "-");
}
