#include "base/sha256.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

const uint32_t lb_sha256_first[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                     0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

/* Fractional parts of the cube roots of the first 64 primes. */
const uint32_t lb_sha256_rounds[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate(uint32_t x, unsigned n) {
    return x >> n | x << (32 - n);
}

static uint32_t load_big_endian(const unsigned char *b) {
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static void compress_portable(uint32_t state[8], const unsigned char *data, size_t blocks) {
    for (; blocks > 0; blocks--, data += 64) {
        uint32_t w[64];
        for (unsigned i = 0; i < 16; i++)
            w[i] = load_big_endian(data + 4 * i);
        for (unsigned i = 16; i < 64; i++) {
            uint32_t a = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
            uint32_t b = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
            w[i] = w[i - 16] + a + w[i - 7] + b;
        }
        uint32_t s[8];
        memcpy(s, state, sizeof s);
        for (unsigned i = 0; i < 64; i++) {
            uint32_t e = rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25);
            uint32_t t = s[7] + e + ((s[4] & s[5]) ^ (~s[4] & s[6])) + lb_sha256_rounds[i] + w[i];
            uint32_t a = rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22);
            uint32_t u = a + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
            memmove(s + 1, s, 7 * sizeof *s);
            s[4] += t;
            s[0] = t + u;
        }
        for (unsigned i = 0; i < 8; i++)
            state[i] += s[i];
    }
}

#if defined(__x86_64__)
static int has_instructions(void) {
    unsigned a, b, c, d;
    return __builtin_cpu_supports("sse4.1") && __get_cpuid_count(7, 0, &a, &b, &c, &d) &&
           (b >> 29 & 1);
}

/* The instructions want the state as (A B E F) and (C D G H), highest word first. */
__attribute__((target("sha,sse4.1"))) static void
compress_native(uint32_t state[8], const unsigned char *data, size_t blocks) {
    const __m128i order = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i low = _mm_loadu_si128((const __m128i *)(const void *)state);
    __m128i high = _mm_loadu_si128((const __m128i *)(const void *)(state + 4));
    low = _mm_shuffle_epi32(low, 0xB1);
    high = _mm_shuffle_epi32(high, 0x1B);
    __m128i abef = _mm_alignr_epi8(low, high, 8), cdgh = _mm_blend_epi16(high, low, 0xF0);
    for (; blocks > 0; blocks--, data += 64) {
        __m128i abef_before = abef, cdgh_before = cdgh, w[4];
        for (unsigned i = 0; i < 4; i++)
            w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)(data + 16 * i)),
                                    order);
        for (unsigned group = 0; group < 16; group++) {
            __m128i now = w[group % 4];
            if (group >= 4) {
                now = _mm_sha256msg1_epu32(now, w[(group + 1) % 4]);
                now =
                    _mm_add_epi32(now, _mm_alignr_epi8(w[(group + 3) % 4], w[(group + 2) % 4], 4));
                now = _mm_sha256msg2_epu32(now, w[(group + 3) % 4]);
                w[group % 4] = now;
            }
            __m128i k =
                _mm_loadu_si128((const __m128i *)(const void *)(lb_sha256_rounds + 4 * group));
            __m128i sum = _mm_add_epi32(now, k);
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    low = _mm_shuffle_epi32(abef, 0x1B);
    high = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)(void *)state, _mm_blend_epi16(low, high, 0xF0));
    _mm_storeu_si128((__m128i *)(void *)(state + 4), _mm_alignr_epi8(high, low, 8));
}
#endif

static void compress(uint32_t state[8], const unsigned char *data, size_t blocks) {
#if defined(__x86_64__)
    if (has_instructions()) {
        compress_native(state, data, blocks);
        return;
    }
#endif
    compress_portable(state, data, blocks);
}

void lb_sha256_begin(lb_sha256 *hash) {
    memcpy(hash->state, lb_sha256_first, sizeof hash->state);
    hash->size = 0;
}

void lb_sha256_add(lb_sha256 *hash, const void *data, size_t size) {
    const unsigned char *bytes = data;
    size_t held = hash->size % 64;
    hash->size += size;
    if (held > 0) {
        size_t taken = size < 64 - held ? size : 64 - held;
        if (taken > 0)
            memcpy(hash->block + held, bytes, taken);
        bytes += taken;
        size -= taken;
        if (held + taken < 64)
            return;
        compress(hash->state, hash->block, 1);
    }
    if (size >= 64)
        compress(hash->state, bytes, size / 64);
    if (size % 64 > 0)
        memcpy(hash->block, bytes + size / 64 * 64, size % 64);
}

void lb_sha256_end(lb_sha256 *hash, char hex[65]) {
    uint64_t bits = hash->size * 8;
    unsigned char padding[72] = {0x80};
    size_t zeros = (119 - hash->size % 64) % 64; /* so that 8 bytes are left in the last block */
    for (unsigned i = 0; i < 8; i++)
        padding[1 + zeros + i] = (unsigned char)(bits >> (56 - 8 * i));
    lb_sha256_add(hash, padding, 1 + zeros + 8);
    for (unsigned i = 0; i < 64; i++)
        hex[i] = "0123456789abcdef"[hash->state[i / 8] >> (28 - 4 * (i % 8)) & 15];
    hex[64] = '\0';
}
