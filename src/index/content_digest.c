#include "index/content_digest.h"

#include "base/hash.h"

/* A missing field is not an empty one. */
static lb_hash_wide take_field(lb_hash_wide sum, lb_str field) {
    lb_hash_wide hash = {0, 0};
    if (field.data)
        hash = lb_hash_wide_of(field.data, field.size);
    return (lb_hash_wide){lb_hash_mix(sum.low, hash.low), lb_hash_mix(sum.high, hash.high)};
}

void lb_content_digest_add(lb_content_digest *digest, const lb_message *message,
                           size_t attributes) {
    uint64_t time = message->has_time ? (uint64_t)message->time : 0;
    lb_hash_wide sum = take_field((lb_hash_wide){time, time}, message->user);
    sum = take_field(sum, message->text);
    /* Which fields are read depends on the options, and the digest should not: only where a record
     * has nothing else do they count. */
    for (size_t i = 0; !message->text.data && i < attributes; i++)
        sum = take_field(sum, message->values[i]);
    digest->low += sum.low;
    digest->high += sum.high;
}

void lb_content_digest_join(lb_content_digest *digest, const lb_content_digest *other) {
    digest->low += other->low;
    digest->high += other->high;
}

void lb_content_digest_bytes(const lb_content_digest *digest,
                             unsigned char bytes[LB_CONTENT_DIGEST_SIZE]) {
    for (int i = 0; i < 8; i++) {
        bytes[i] = (unsigned char)(digest->low >> 8 * i);
        bytes[8 + i] = (unsigned char)(digest->high >> 8 * i);
    }
}
