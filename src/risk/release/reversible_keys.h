/* Reversible pseudonyms (methods, section 5): a user key that is the bare hash of a value from a
 * small space is no pseudonym, since anyone can hash the whole space and look it up. Here it is
 * done. The values found are counted and never kept.
 *
 * A key has the form of a hash where it is as many bytes in hexadecimal or base64 as MD5, SHA-1 or
 * SHA-256 have; a salted hash looks the same, so that the form is a hint and the trial a proof. */
#ifndef LB_RISK_RELEASE_REVERSIBLE_KEYS_H
#define LB_RISK_RELEASE_REVERSIBLE_KEYS_H

#include "base/digest.h"
#include "base/memory.h"
#include "base/progress.h"

/* Does the key have the form of a digest? Then its words are in *words. */
bool lb_key_is_digest(lb_str key, lb_digest_kind *kind, uint32_t words[LB_DIGEST_WORDS_MAX]);

typedef enum lb_key_space_kind {
    LB_KEY_SPACE_IPV4,    /* "192.0.2.1", as numbers 0 ... 2^32-1 */
    LB_KEY_SPACE_NUMBERS, /* "0" ... "999999999", without leading zeros */
    LB_KEY_SPACE_VALUES
} lb_key_space_kind;

typedef struct lb_key_space {
    lb_key_space_kind kind;
    uint64_t first, count; /* of IPV4 and NUMBERS: which of them */
    const lb_str *values;  /* of VALUES: [count] */
} lb_key_space;

lb_key_space lb_key_space_ipv4(void);
lb_key_space lb_key_space_numbers(void);

typedef struct lb_key_trial {
    uint64_t keys[LB_DIGESTS]; /* with the form of each digest */
    uint64_t tried;            /* values of the space, each once for every form that was met */
    uint64_t fallen;           /* keys that are the hash of a value of the space */
} lb_key_trial;

/* O(space) hashes, about 20 million a second and core for MD5. `progress` may be NULL. */
int lb_reversible_keys_try(const lb_str *keys, size_t count, const lb_key_space *space,
                           unsigned threads, const lb_progress *progress, lb_key_trial *trial,
                           lb_error *error);

#endif
