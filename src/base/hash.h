/* 64-bit hashes (XXH3). They are the identity of keys across threads, files and shards, and the key
 * of every random draw, so they depend on nothing but the bytes: never on the machine or on a
 * secret seed. */
#ifndef LB_BASE_HASH_H
#define LB_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

uint64_t lb_hash(const void *data, size_t size);
static inline uint64_t lb_hash_str(lb_str s) {
    return lb_hash(s.data, s.size);
}

typedef struct lb_hash_wide {
    uint64_t low, high;
} lb_hash_wide;

/* 128 bits, for what must not be guessed. */
lb_hash_wide lb_hash_wide_of(const void *data, size_t size);

/* Mixes two hashes into one; the order matters (an n-gram is the mix of its tokens' hashes). */
static inline uint64_t lb_hash_mix(uint64_t a, uint64_t b) {
    uint64_t x = a ^ (b * 0x9E3779B97F4A7C15u + 0x7F4A7C15F39CC060u + (a << 6) + (a >> 2));
    x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93u;
    x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93u;
    return x ^ (x >> 32);
}

#endif
