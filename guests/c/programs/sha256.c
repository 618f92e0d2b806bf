/* The SHA-256 (FIPS 180-4) of COUNT pseudo-random bytes TIMES times in a row, as one message. */
#include "program.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 64, ROUNDS = 64 };

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t K[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/* State, bytes that do not fill a block yet, and the length of the message so far. */
struct sha256 {
    uint32_t state[8];
    uint8_t rest[BLOCK];
    uint64_t length;
};

/* The first 32 bits of the fractional parts of the square roots of the first 8 primes. */
static const struct sha256 EMPTY = {.state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c,
                                              0x1f83d9ab, 0x5be0cd19}};

static inline uint32_t rotate(uint32_t x, int by) {
    return x >> by | x << (32 - by);
}

static void compress(uint32_t *state, const uint8_t *block) {
    uint32_t w[ROUNDS], v[8];
    for (int t = 0; t < 16; t++) {
        const uint8_t *b = block + 4 * t;
        w[t] = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
    }
    for (int t = 16; t < ROUNDS; t++) {
        uint32_t low = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ w[t - 15] >> 3;
        uint32_t high = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ w[t - 2] >> 10;
        w[t] = w[t - 16] + low + w[t - 7] + high;
    }
    memcpy(v, state, sizeof v);
    for (int t = 0; t < ROUNDS; t++) {
        uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
        uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
        uint32_t first = v[7] + (rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)) + choice + K[t] + w[t];
        uint32_t second = (rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)) + majority;
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += first;
        v[0] = first + second;
    }
    for (int i = 0; i < 8; i++) {
        state[i] += v[i];
    }
}

KERNEL void update(struct sha256 *hash, size_t length, const uint8_t *bytes) {
    size_t filled = hash->length % BLOCK;
    hash->length += length;
    if (filled > 0) {
        size_t missing = BLOCK - filled < length ? BLOCK - filled : length;
        memcpy(hash->rest + filled, bytes, missing);
        bytes += missing;
        length -= missing;
        if (filled + missing < BLOCK) {
            return;
        }
        compress(hash->state, hash->rest);
    }
    for (; length >= BLOCK; bytes += BLOCK, length -= BLOCK) {
        compress(hash->state, bytes);
    }
    memcpy(hash->rest, bytes, length);
}

/* Pads with a one, zeros, and the length in bits. */
static void finish(struct sha256 *hash) {
    static const uint8_t PADDING[BLOCK] = {0x80};
    uint64_t bits = hash->length * 8;
    uint8_t length[8];
    for (int i = 0; i < 8; i++) {
        length[i] = (uint8_t)(bits >> (56 - 8 * i));
    }
    size_t filled = hash->length % BLOCK;
    update(hash, (filled < 56 ? 56 : 120) - filled, PADDING);
    update(hash, sizeof length, length);
}

int runoff_c_sha256(int count, const char *const *args, const struct io *io) {
    size_t length, times;
    int code = parse_count("sha256", 100000000, count, args, io, &length, &times);
    if (code != 0) {
        return code;
    }
    uint8_t *bytes = elements(io, length, 1);
    if (bytes == NULL) {
        return 1;
    }
    uint32_t state = 0x9e3779b9;
    for (size_t i = 0; i < length; i++) {
        bytes[i] = (uint8_t)xorshift(&state);
    }
    struct sha256 hash = EMPTY;
    io->start(io->context);
    while (times-- > 0) {
        update(&hash, length, bytes);
    }
    finish(&hash);
    io->end(io->context);
    free(bytes);
    const uint32_t *s = hash.state;
    return say(io, "%08x%08x%08x%08x%08x%08x%08x%08x\n", (unsigned)s[0], (unsigned)s[1], (unsigned)s[2], (unsigned)s[3],
               (unsigned)s[4], (unsigned)s[5], (unsigned)s[6], (unsigned)s[7]);
}
