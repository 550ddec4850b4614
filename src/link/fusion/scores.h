/* Scores of every query: against the whole gallery by every signal, of which are kept the scores of
 * the candidates (the best by any signal, or by their sum of z-scores), what the row around them
 * looks like, and for every gallery profile what its column looks like.
 *
 * Where all pairs are too many, only some queries (a cohort) are compared to everyone; they give
 * the columns' spread, and tell what is lost: the others are compared to the candidates that their
 * rare features point at, and to a sample of the gallery that stands for the row.
 */
#ifndef LB_LINK_FUSION_SCORES_H
#define LB_LINK_FUSION_SCORES_H

#include "link/features/signals.h"
#include "link/fusion/cohort.h"

#define LB_NOT_FOUND UINT32_MAX

/* One query's. */
typedef struct lb_candidates {
    uint32_t *profiles; /* [count] ascending */
    float *scores;      /* [count][active] */
    size_t count;
    uint32_t match;  /* place of the true match in profiles, or LB_NOT_FOUND */
    uint32_t behind; /* of a true match that is no candidate: its rank among the others */
    uint32_t ranks[LB_SIGNALS]; /* of the true match in the gallery by each active signal; ties
                                   count against it; 0 without a true match */
    lb_cohort rows[LB_SIGNALS]; /* by active signal */
    bool sampled; /* the sums of the rows and of the columns do not know of these scores */
    double size;  /* words */
} lb_candidates;

typedef struct lb_scores {
    size_t queries, gallery, active;
    lb_signal signals[LB_SIGNALS]; /* [active] */
    lb_candidates *candidates;     /* [queries] */
    lb_cohort *columns;            /* [gallery][active] */
    double *sizes;                 /* [gallery] words */
    bool all_pairs;
    size_t cohort;      /* queries that were compared to everyone, though not all were */
    size_t cohort_lost; /* of them, those whose match is a candidate, and would not be if pruned */
} lb_scores;

typedef struct lb_scores_options {
    size_t each;        /* candidates by each signal, of whom is compared to everyone */
    bool pruned;        /* signals are made for it, too */
    size_t each_pruned; /* candidates of all others */
    unsigned threads;
} lb_scores_options;

/* `matches`: [queries] true gallery profiles or LB_NOT_FOUND; NULL: unknown. A score that is not
 * finite fails with LB_E_INPUT. The same for any number of threads. */
int lb_scores_make(const lb_signals *signals, const lb_side *gallery, const lb_side *queries,
                   const uint32_t *matches, const lb_scores_options *options, lb_scores *scores,
                   lb_error *error);
void lb_scores_free(lb_scores *scores);

#endif
