#include "index/content_digest.h"

#include <nettle/sha2.h>

enum { LANES = LB_CONTENT_DIGEST_SIZE / 8 };

static void put_number(unsigned char bytes[8], uint64_t number) {
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(number >> 8 * i);
}

static void hash_number(struct sha256_ctx *hash, uint64_t number) {
    unsigned char bytes[8];
    put_number(bytes, number);
    sha256_update(hash, sizeof bytes, bytes);
}

/* With its length, so that two fields are never taken for one. */
static void hash_field(struct sha256_ctx *hash, lb_str field) {
    hash_number(hash, field.data ? field.size : UINT64_MAX);
    if (field.size > 0)
        sha256_update(hash, field.size, (const unsigned char *)field.data);
}

void lb_content_digest_add(lb_content_digest *digest, const lb_message *message,
                           size_t attributes) {
    struct sha256_ctx hash;
    unsigned char bytes[SHA256_DIGEST_SIZE];
    sha256_init(&hash);
    hash_field(&hash, message->user);
    hash_field(&hash, message->text);
    hash_number(&hash, message->has_time ? (uint64_t)message->time : 0);
    /* Which fields are read depends on the options, and the digest should not: only where a record
     * has nothing else do they count. */
    for (size_t i = 0; !message->text.data && i < attributes; i++)
        hash_field(&hash, message->values[i]);
    sha256_digest(&hash, sizeof bytes, bytes);
    for (size_t lane = 0; lane < LANES; lane++) {
        uint64_t word = 0;
        for (size_t i = 0; i < 8; i++)
            word |= (uint64_t)bytes[8 * lane + i] << 8 * i;
        digest->sums[lane] += word;
    }
}

void lb_content_digest_join(lb_content_digest *digest, const lb_content_digest *other) {
    for (size_t lane = 0; lane < LANES; lane++)
        digest->sums[lane] += other->sums[lane];
}

void lb_content_digest_bytes(const lb_content_digest *digest,
                             unsigned char bytes[LB_CONTENT_DIGEST_SIZE]) {
    for (size_t lane = 0; lane < LANES; lane++)
        put_number(bytes + 8 * lane, digest->sums[lane]);
}
