/* Token anonymity: how many units use each token or n-gram, and what that means for the units.
 *
 * Notation (methods, section 3): T_u is the set of distinct n-grams of unit u, n_t the number of
 * units that use t. All figures are exact counts over the corpus, not estimates. Units without any
 * n-gram of the length are in no denominator.
 */
#ifndef LB_RISK_WORDS_TOKENS_H
#define LB_RISK_WORDS_TOKENS_H

#include "index/index.h"

typedef struct lb_token_options {
    unsigned length; /* of the n-grams, 1 ... lb_index_ngrams */
    uint32_t k;      /* an n-gram of fewer than k units is rare; at least 1 */
    unsigned threads;
} lb_token_options;

/* One line of the uniqueness distribution (Chia et al. 2019, section III). */
typedef struct lb_uniqueness_step {
    uint32_t units;   /* n_t */
    uint64_t grams;   /* n-grams that exactly this many units use */
    uint64_t reached; /* units that use at least one of these n-grams */
                      /* the same for n-grams of at most this many units */
    uint64_t grams_cumulated, reached_cumulated;
} lb_uniqueness_step;

typedef struct lb_token_exposure { /* of one unit */
    uint32_t grams;                /* |T_u| */
    uint32_t unique;               /* of them, used by no one else */
    uint32_t rare;                 /* of them, used by fewer than k units */
    uint32_t smallest;             /* min n_t over T_u; 0 where T_u is empty */
    uint32_t signatures;           /* rare n-grams used in two conversations or more */
} lb_token_exposure;

typedef struct lb_token_result {
    uint64_t occurrences, distinct, pairs;
    uint64_t unique, below_k;  /* n-grams */
    uint64_t units_with_grams; /* the denominator of what follows */
    uint64_t units_with_unique, units_with_signature;
    double unique_share, signature_share;
    double rtu;       /* mean over units of 1 / smallest */
    double unicity_1; /* mean over units of unique / grams (de Montjoye et al. 2013 with p = 1) */
    lb_uniqueness_step *distribution; /* ascending by units */
    size_t steps;
    lb_token_exposure *exposure; /* [units of the index] */
} lb_token_result;

/* O(pairs) time. The shares are NaN where no unit has an n-gram. */
int lb_tokens_run(const lb_index *index, const lb_token_options *options, lb_token_result *result,
                  lb_error *error);
void lb_token_result_free(lb_token_result *result);

#endif
