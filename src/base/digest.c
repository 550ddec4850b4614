#include "base/digest.h"

#include <nettle/md5.h>
#include <nettle/nettle-meta.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>

typedef uint32_t lanes __attribute__((vector_size(4 * LB_DIGEST_LANES)));

enum { BLOCK = 64, BLOCK_WORDS = 16, LENGTH_AT = 56 };

/* Of MD5 and, with one word more, of SHA-1. */
static const uint32_t first_state[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
static const uint32_t sha256_first[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

/* So that they are compiled for the processor that the caller is compiled for. */
#define INLINE static inline __attribute__((always_inline))

/* floor(2^32 |sin(i + 1)|) */
static const uint32_t md5_constants[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};

#define ROTATE(x, n) ((x) << (n) | (x) >> (32 - (n)))

INLINE void md5_block(lanes state[LB_DIGEST_WORDS_MAX], const lanes block[BLOCK_WORDS]) {
    static const unsigned char turns[4][4] = {
        {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    lanes a = state[0], b = state[1], c = state[2], d = state[3];
    for (unsigned i = 0; i < 64; i++) {
        lanes f;
        unsigned word;
        if (i < 16) {
            f = d ^ (b & (c ^ d));
            word = i;
        } else if (i < 32) {
            f = c ^ (d & (b ^ c));
            word = (5 * i + 1) % 16;
        } else if (i < 48) {
            f = b ^ c ^ d;
            word = (3 * i + 5) % 16;
        } else {
            f = c ^ (b | ~d);
            word = 7 * i % 16;
        }
        lanes sum = a + f + block[word] + md5_constants[i];
        a = d;
        d = c;
        c = b;
        b = b + ROTATE(sum, turns[i / 16][i % 4]);
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

INLINE void sha1_block(lanes state[LB_DIGEST_WORDS_MAX], const lanes block[BLOCK_WORDS]) {
    static const uint32_t constants[4] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
    lanes w[BLOCK_WORDS];
    lanes a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    for (unsigned i = 0; i < BLOCK_WORDS; i++)
        w[i] = block[i];
    for (unsigned i = 0; i < 80; i++) {
        if (i >= BLOCK_WORDS) {
            lanes mixed = w[(i + 13) % 16] ^ w[(i + 8) % 16] ^ w[(i + 2) % 16] ^ w[i % 16];
            w[i % 16] = ROTATE(mixed, 1);
        }
        lanes f = i < 20   ? d ^ (b & (c ^ d))
                  : i < 40 ? b ^ c ^ d
                  : i < 60 ? (b & c) | (d & (b | c))
                           : b ^ c ^ d;
        lanes sum = ROTATE(a, 5) + f + e + w[i % 16] + constants[i / 20];
        e = d;
        d = c;
        c = ROTATE(b, 30);
        b = a;
        a = sum;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
}

/* Fractional parts of the cube roots of the first 64 primes. */
static const uint32_t sha256_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

INLINE void sha256_block(lanes state[LB_DIGEST_WORDS_MAX], const lanes block[BLOCK_WORDS]) {
    lanes w[BLOCK_WORDS], s[LB_DIGEST_WORDS_MAX];
    for (unsigned i = 0; i < BLOCK_WORDS; i++)
        w[i] = block[i];
    for (unsigned i = 0; i < LB_DIGEST_WORDS_MAX; i++)
        s[i] = state[i];
    for (unsigned i = 0; i < 64; i++) {
        if (i >= BLOCK_WORDS) {
            lanes x = w[(i + 1) % 16], y = w[(i + 14) % 16];
            w[i % 16] += (ROTATE(x, 25) ^ ROTATE(x, 14) ^ x >> 3) + w[(i + 9) % 16] +
                         (ROTATE(y, 15) ^ ROTATE(y, 13) ^ y >> 10);
        }
        lanes a = s[0], e = s[4];
        lanes t = s[7] + (ROTATE(e, 26) ^ ROTATE(e, 21) ^ ROTATE(e, 7)) +
                  (s[6] ^ (e & (s[5] ^ s[6]))) + w[i % 16] + sha256_constants[i];
        lanes u =
            (ROTATE(a, 30) ^ ROTATE(a, 19) ^ ROTATE(a, 10)) + ((a & s[1]) | (s[2] & (a | s[1])));
        for (unsigned k = 7; k > 0; k--)
            s[k] = s[k - 1];
        s[4] += t;
        s[0] = t + u;
    }
    for (unsigned i = 0; i < LB_DIGEST_WORDS_MAX; i++)
        state[i] += s[i];
}

/* A word of the block, of all lanes. */
INLINE void gather(lb_digest_kind kind, unsigned char bytes[LB_DIGEST_LANES][BLOCK], unsigned word,
                   lanes *all) {
    uint32_t words[LB_DIGEST_LANES];
    for (unsigned lane = 0; lane < LB_DIGEST_LANES; lane++) {
        const unsigned char *b = bytes[lane] + 4 * word;
        words[lane] =
            kind == LB_DIGEST_MD5
                ? (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0]
                : (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
    }
    memcpy(all, words, sizeof *all);
}

/* Only the first `used` words and the last two, the length, are not zero. */
INLINE void add_block(lb_digest_kind kind, lanes state[LB_DIGEST_WORDS_MAX],
                      unsigned char bytes[LB_DIGEST_LANES][BLOCK], unsigned used) {
    lanes block[BLOCK_WORDS] = {{0}};
    for (unsigned i = 0; i < used; i++)
        gather(kind, bytes, i, &block[i]);
    for (unsigned i = used > 14 ? used : 14; i < BLOCK_WORDS; i++)
        gather(kind, bytes, i, &block[i]);
    if (kind == LB_DIGEST_MD5)
        md5_block(state, block);
    else if (kind == LB_DIGEST_SHA1)
        sha1_block(state, block);
    else
        sha256_block(state, block);
}

size_t lb_digest_size(lb_digest_kind kind) {
    static const unsigned char sizes[LB_DIGESTS] = {16, 20, 32};
    return sizes[kind];
}

INLINE void begin(lb_digest_kind kind, lanes state[LB_DIGEST_WORDS_MAX]) {
    for (unsigned i = 0; i < LB_DIGEST_WORDS_MAX; i++)
        state[i] = (lanes){0} + (kind == LB_DIGEST_SHA256       ? sha256_first[i]
                                 : i < lb_digest_size(kind) / 4 ? first_state[i]
                                                                : 0);
}

/* The number of bits, in the last eight bytes of the last block. */
static void put_length(lb_digest_kind kind, unsigned char block[BLOCK], uint64_t size) {
    uint64_t bits = size * 8;
    for (unsigned i = 0; i < 8; i++)
        block[LENGTH_AT + i] = (unsigned char)(bits >> 8 * (kind == LB_DIGEST_MD5 ? i : 7 - i));
}

const char *lb_digest_name(lb_digest_kind kind) {
    static const char *const names[LB_DIGESTS] = {"MD5", "SHA-1", "SHA-256"};
    return names[kind];
}

void lb_digest_words(lb_digest_kind kind, const unsigned char *bytes,
                     uint32_t words[LB_DIGEST_WORDS_MAX]) {
    for (size_t i = 0; i < LB_DIGEST_WORDS_MAX; i++)
        words[i] = 0;
    for (size_t i = 0; i < lb_digest_size(kind); i++)
        words[i / 4] |= (uint32_t)bytes[i] << 8 * (kind == LB_DIGEST_MD5 ? i % 4 : 3 - i % 4);
}

INLINE void digest_short(lb_digest_kind kind, const lb_str messages[LB_DIGEST_LANES],
                         lb_digest_lanes *out) {
    unsigned char block[LB_DIGEST_LANES][BLOCK] = {{0}};
    lanes state[LB_DIGEST_WORDS_MAX];
    size_t longest = 0;
    begin(kind, state);
    for (unsigned lane = 0; lane < LB_DIGEST_LANES; lane++) {
        size_t size = messages[lane].size;
        if (size > 0)
            memcpy(block[lane], messages[lane].data, size);
        block[lane][size] = 0x80;
        put_length(kind, block[lane], size);
        longest = size > longest ? size : longest;
    }
    add_block(kind, state, block, (unsigned)longest / 4 + 1);
    memcpy(out->words, state, sizeof out->words);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void
digest_short_wide(lb_digest_kind kind, const lb_str messages[LB_DIGEST_LANES],
                  lb_digest_lanes *out) {
    digest_short(kind, messages, out);
}
#endif

/* Compiled once more for processors with vectors of eight words. */
void lb_digest_short(lb_digest_kind kind, const lb_str messages[LB_DIGEST_LANES],
                     lb_digest_lanes *out) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        digest_short_wide(kind, messages, out);
        return;
    }
#endif
    digest_short(kind, messages, out);
}

void lb_digest_one(lb_digest_kind kind, lb_str message, uint32_t words[LB_DIGEST_WORDS_MAX]) {
    static const struct nettle_hash *const hashes[LB_DIGESTS] = {&nettle_md5, &nettle_sha1,
                                                                 &nettle_sha256};
    union {
        struct md5_ctx md5;
        struct sha1_ctx sha1;
        struct sha256_ctx sha256;
    } context;
    unsigned char bytes[SHA256_DIGEST_SIZE];
    hashes[kind]->init(&context);
    if (message.size > 0)
        hashes[kind]->update(&context, message.size, (const unsigned char *)message.data);
    hashes[kind]->digest(&context, lb_digest_size(kind), bytes);
    lb_digest_words(kind, bytes, words);
}
