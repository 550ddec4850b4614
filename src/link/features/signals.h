/* The signals of the attack: every way in which a query is compared to the profiles of the gallery
 * (methods, section 4, "Signals"). Each gives a score for every pair; the larger, the more alike.
 */
#ifndef LB_LINK_FEATURES_SIGNALS_H
#define LB_LINK_FEATURES_SIGNALS_H

#include "link/features/agreement.h"
#include "link/features/space.h"

typedef enum lb_signal {
    LB_SIGNAL_WORDS,
    LB_SIGNAL_CHARACTERS,
    LB_SIGNAL_PHRASING,
    LB_SIGNAL_TOPICS,
    LB_SIGNAL_RARE_TOKENS,
    LB_SIGNAL_STYLE,
    LB_SIGNAL_LANGUAGE,
    LB_SIGNAL_PERIOD,
    LB_SIGNAL_CLOCK,
    LB_SIGNAL_QUASI_IDENTIFIERS,
    LB_SIGNALS
} lb_signal;

const char *lb_signal_name(lb_signal signal); /* "rare_tokens" */

typedef struct lb_signals lb_signals;

typedef struct lb_signals_options {
    const lb_side *queries;        /* whose quasi-identifiers will be compared; NULL: none */
    const lb_word_set *suppressed; /* NULL: none */
    unsigned without;              /* bits (1 << signal) of signals that are left out */
    bool pruned; /* queries are scored against a few candidates each: see lb_scorer_choose */
    unsigned threads;
} lb_signals_options;

/* Indexes the gallery. The gallery must live as long. */
int lb_signals_new(lb_signals **out, const lb_side *gallery, const lb_signals_options *options,
                   lb_error *error);
void lb_signals_free(lb_signals *signals); /* NULL is allowed */

/* The signals that this corpus has, in order; a score row is numbered by the place in this list. */
size_t lb_signals_active(const lb_signals *signals, const lb_signal **active);

double lb_signals_size(const lb_signals *signals, size_t profile); /* words of the gallery's */

/* Scratch memory of one thread. */
typedef struct lb_scorer lb_scorer;
int lb_scorer_new(lb_scorer **out, const lb_signals *signals, lb_error *error);
void lb_scorer_free(lb_scorer *scorer);

/* Scores `count` queries (at most LB_SPACE_LANES) against the gallery:
 * rows[query][active][gallery]; sizes[query]: their numbers of words. */
int lb_scorer_run(lb_scorer *scorer, const lb_side *queries, const uint32_t *numbers, size_t count,
                  float *rows, double *sizes, lb_error *error);

/* Where all pairs are too many: the at most `most` profiles that the query's rare features point
 * at, ascending, into chosen[most]. scales[active]: what a signal's score is multiplied by before
 * they are added up. Needs signals made for it (pruned). */
int lb_scorer_choose(lb_scorer *scorer, const lb_side *queries, size_t query, const float *scales,
                     size_t most, uint32_t *chosen, size_t *count, lb_error *error);

/* Scores a query against some profiles: scores[count][active]. The same scores as lb_scorer_run's,
 * up to rounding. Needs signals made for it (pruned). */
int lb_scorer_compare(lb_scorer *scorer, const lb_side *queries, size_t query,
                      const uint32_t *profiles, size_t count, float *scores, double *size,
                      lb_error *error);

#endif
