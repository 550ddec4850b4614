/* MD5 (RFC 1321), SHA-1 and SHA-256 (FIPS 180-4) of eight messages at a time: what trying a whole
 * space of values takes. nettle hashes one message at a time, so these are vectors of the compiler,
 * and every processor uses what it has. MD5 and SHA-1 are here to find pseudonyms that were made
 * with them, and for nothing else. */
#ifndef LB_BASE_DIGEST_H
#define LB_BASE_DIGEST_H

#include "base/str.h"

typedef enum lb_digest_kind {
    LB_DIGEST_MD5,
    LB_DIGEST_SHA1,
    LB_DIGEST_SHA256,
    LB_DIGESTS
} lb_digest_kind;

enum { LB_DIGEST_LANES = 8, LB_DIGEST_WORDS_MAX = 8, LB_DIGEST_SHORT = 55 /* bytes: one block */ };

/* State words as the algorithms have them; lb_digest_words makes them of the digest's bytes. */
typedef struct lb_digest_lanes {
    uint32_t words[LB_DIGEST_WORDS_MAX][LB_DIGEST_LANES];
} lb_digest_lanes;

size_t lb_digest_size(lb_digest_kind kind); /* bytes: 16, 20, 32 */
const char *lb_digest_name(lb_digest_kind kind);

/* The words of a digest given as bytes. */
void lb_digest_words(lb_digest_kind kind, const unsigned char *bytes,
                     uint32_t words[LB_DIGEST_WORDS_MAX]);

/* Digests of eight messages of at most LB_DIGEST_SHORT bytes. */
void lb_digest_short(lb_digest_kind kind, const lb_str messages[LB_DIGEST_LANES],
                     lb_digest_lanes *out);

/* The digest of one message of any size; words that the kind does not have are 0. */
void lb_digest_one(lb_digest_kind kind, lb_str message, uint32_t words[LB_DIGEST_WORDS_MAX]);

#endif
