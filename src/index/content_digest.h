/* A digest of all that a corpus says, the same in whatever order and pieces it is read: the sum of
 * 128-bit hashes of its messages. Who does not hold the corpus, to the last message, does not know
 * it, so that it can key what must not be guessed from outside. It is never shown, and need not
 * withstand who looks for two corpora with one digest: the hash of a message may be a fast one. */
#ifndef LB_INDEX_CONTENT_DIGEST_H
#define LB_INDEX_CONTENT_DIGEST_H

#include "corpus/read/message.h"

enum { LB_CONTENT_DIGEST_SIZE = 16 /* bytes */ };

typedef struct lb_content_digest {
    uint64_t low, high; /* {0}: of nothing */
} lb_content_digest;

/* Adds who wrote a message, when, and what; of a record without text its `attributes` values. */
void lb_content_digest_add(lb_content_digest *digest, const lb_message *message, size_t attributes);
/* Adds all that is in another. */
void lb_content_digest_join(lb_content_digest *digest, const lb_content_digest *other);
/* The digest as bytes, the same on every machine. */
void lb_content_digest_bytes(const lb_content_digest *digest,
                             unsigned char bytes[LB_CONTENT_DIGEST_SIZE]);

#endif
