/* k^m-anonymity of sets of n-grams (Terrovitis, Mamoulis & Kalnis 2008, definition 1): an attacker
 * who knows up to m n-grams of a person finds at least k people with them. Reported is the largest
 * m <= 3 for which every set of at most m n-grams that occurs together in some unit occurs in at
 * least k units; 0 when an n-gram is rare.
 *
 * Sets are tried from the rarest n-gram on, as that is where they fail: on a raw corpus the first
 * look is enough, and on a redacted one the first few n-grams, unless the redaction was meant to
 * hold. Only a corpus that holds is tried throughout, which is O(sum |T_u|^m); above the budget the
 * answer is a lower bound and says so.
 */
#ifndef LB_RISK_WORDS_KM_ANONYMITY_H
#define LB_RISK_WORDS_KM_ANONYMITY_H

#include "risk/words/transpose.h"

enum { LB_KM_MAX = 3 };

typedef struct lb_km_options {
    unsigned threads; /* 0 is 1 */
    uint32_t k;       /* at least 1 */
    uint64_t memory;  /* bytes; 0: no limit. Beyond m = 1 it takes 8 bytes a pair, 12 an n-gram and
                         16 an n-gram and thread: where that is more, the answer is cut at m = 1 */
    uint64_t steps;   /* n-grams of units looked at, for each m; 0: 10^9 */
    const lb_progress *progress;
} lb_km_options;

typedef struct lb_km_anonymity {
    unsigned m; /* every set of at most m n-grams has at least k units; LB_KM_MAX if there are
                   no n-grams */
    bool cut;   /* m + 1 may hold as well: the budget was spent before it was refuted */
    uint32_t set[LB_KM_MAX]; /* n-grams that refute m + 1: the first such set, rarest first */
    unsigned set_size;       /* m + 1, or 0: none was found */
    uint32_t units;          /* who have the set: 1 ... k - 1 */
} lb_km_anonymity;

int lb_km_anonymity_run(lb_km_anonymity *result, const lb_token_view *view,
                        const lb_km_options *options, lb_error *error);

#endif
