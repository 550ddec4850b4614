/* Unicity: how often a few of a person's own words are enough to single the person out (de Montjoye
 * et al. 2013, "Unique in the Crowd": the share of people whose traces p known points make unique;
 * methods, section 3).
 *
 * unicity_p is the expected share of units, among those with at least p distinct n-grams, for whom
 * p of their n-grams, drawn uniformly without replacement, belong to no other unit. Each unit's
 * share is taken over random draws, or over all its sets of p where these are no more than the
 * draws would be, and then it is exact. Draws are keyed by (seed, metric, unit), in the order of
 * the n-grams' hashes: the figures depend on the corpus and the seed only.
 */
#ifndef LB_RISK_WORDS_UNICITY_H
#define LB_RISK_WORDS_UNICITY_H

#include "base/interval.h"
#include "base/random.h"
#include "risk/words/postings.h"

enum {
    LB_UNICITY_MIN = 2, /* p = 1 is exact, and in lb_token_result */
    LB_UNICITY_MAX = 5,
    LB_UNICITY_SIZES = LB_UNICITY_MAX - LB_UNICITY_MIN + 1
};

typedef struct lb_unicity_options {
    unsigned threads; /* 0 is 1 */
    uint64_t seed;
    uint64_t memory; /* bytes for the units' lists; 0: no limit. Changes no figure */
    const lb_progress *progress;
} lb_unicity_options;

/* Units are counted one by one, so the interval is over units: it says how far the figure would be
 * from that of another sample of people as large as this one. What the draws themselves add is
 * inside of it: they are as many as keep their own part below +-0.005 (at least 20 a unit, at least
 * 38,415 together: 1.96^2 * 0.25 / 0.005^2). From 1,000 units on it is the normal interval of the
 * mean, below that the bootstrap over units; where every set, or none, singles out, it is
 * Clopper-Pearson's for as many yes-or-no units, as a sample without variance knows no better. */
typedef struct lb_unicity {
    unsigned p;
    uint64_t units; /* with at least p distinct n-grams */
    unsigned draws; /* a unit */
    double value;   /* NaN where units == 0 */
    lb_interval interval;
} lb_unicity;

/* results[i] is unicity with p = LB_UNICITY_MIN + i. Expected time O(draws), each of a few list
 * look-ups; memory 32 bytes a unit beside the lists. */
int lb_unicity_run(lb_unicity results[LB_UNICITY_SIZES], const lb_token_view *view,
                   const lb_unicity_options *options, lb_error *error);

/* Draws a unit, for so many units with enough n-grams, as said above. */
unsigned lb_unicity_draws(uint64_t units);

/* Sets of p n-grams of one unit: all of them in turn where there are no more than `draws`, else
 * that many random ones. */
typedef struct lb_gram_draws {
    const uint32_t *grams; /* [size], ascending */
    uint32_t size;
    unsigned p, left; /* sets still to come */
    bool all;
    uint32_t chosen[LB_UNICITY_MAX]; /* places in grams of the last set */
    lb_random random;
} lb_gram_draws;

/* 1 <= p <= LB_UNICITY_MAX, p <= size. */
lb_gram_draws lb_gram_draws_begin(const uint32_t *grams, uint32_t size, unsigned p, unsigned draws,
                                  lb_random random);
bool lb_gram_draws_next(lb_gram_draws *draws, uint32_t set[LB_UNICITY_MAX]); /* false: no more */

#endif
