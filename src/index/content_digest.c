#include "index/content_digest.h"

#include "base/hash.h"

void lb_content_digest_add(lb_content_digest *digest, const lb_message *message,
                           size_t attributes) {
    lb_hash_wide text = {0, 0};
    uint64_t rest =
        lb_hash_mix(lb_hash_str(message->user), message->has_time ? (uint64_t)message->time : 0);
    if (message->text.data)
        text = lb_hash_wide_of(message->text.data, message->text.size);
    /* Which fields are read depends on the options, and the digest should not: only where a record
     * has nothing else do they count. */
    for (size_t i = 0; !message->text.data && i < attributes; i++)
        rest = lb_hash_mix(rest, lb_hash_str(message->values[i]));
    digest->low += lb_hash_mix(rest, text.low);
    digest->high += lb_hash_mix(~rest, text.high);
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
