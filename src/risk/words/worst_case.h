/* Worst case: the fewest of a person's own words that single the person out, when the attacker may
 * choose them (methods, section 3).
 *
 * worst_m is the share of units for whom some set of at most m <= 3 of their n-grams belongs to
 * nobody else. To find such a set is a hitting-set problem: every other unit lacks some of the
 * unit's n-grams, and one of those must be in the set. The search branches over what one chosen
 * other unit lacks, rarest first, then over what one of those still left lacks, and so on: exact,
 * as whichever other unit is chosen, every solution contains one of the branches. It is cheap since
 * who writes most lacks few words. A unit who is not found within the budget counts as not found:
 * shares are lower bounds where a search was cut, and the number of such units is reported.
 *
 * For those whom no three n-grams single out, a beam search gives the smallest anonymity set that
 * three can reach as far as it saw: an upper bound of it.
 */
#ifndef LB_RISK_WORDS_WORST_CASE_H
#define LB_RISK_WORDS_WORST_CASE_H

#include "risk/words/postings.h"

enum { LB_WORST_MAX = 3, LB_WORST_STEPS = 1 << 18 };

typedef struct lb_worst_options {
    unsigned threads; /* 0 is 1 */
    uint64_t memory;  /* bytes for the units' lists; 0: no limit. Changes no figure */
    uint64_t steps;   /* questions to the posting lists, per unit and m; 0: LB_WORST_STEPS */
    const lb_progress *progress;
} lb_worst_options;

typedef struct lb_worst_unit {
    uint32_t smallest; /* units who have all of the witness (1: only this one); 0: no n-gram */
    uint32_t witness[LB_WORST_MAX]; /* n-grams, rarest first */
    uint8_t witnesses;              /* how many */
    uint8_t found;   /* fewest n-grams found that single out; 0: none of up to LB_WORST_MAX */
    uint8_t cut;     /* bit m - 1: the search with m n-grams was cut, its answer is unknown */
    bool indistinct; /* somebody else has all of the unit's n-grams: no set can single out */
} lb_worst_unit;

typedef struct lb_worst_case {
    uint64_t units;               /* with an n-gram: the denominator */
    uint64_t found[LB_WORST_MAX]; /* units singled out by at most 1, 2, 3 n-grams */
    uint64_t cut[LB_WORST_MAX];   /* of the others, those of whom it is not known */
    uint64_t indistinct;
    double share[LB_WORST_MAX]; /* NaN where units == 0 */
    lb_worst_unit *unit;        /* [units of the view] */
} lb_worst_case;

/* On failure nothing is left. */
int lb_worst_case_run(lb_worst_case *result, const lb_token_view *view,
                      const lb_worst_options *options, lb_error *error);
void lb_worst_case_free(lb_worst_case *result); /* leaves {0} */

#endif
