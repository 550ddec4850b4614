/* What the fusion sees of a pair (query, candidate): every signal's score, raw and normalised, its
 * rank and its margins, and how much text both sides have. Nothing of it needs to know who is who.
 */
#ifndef LB_LINK_FUSION_PAIRS_H
#define LB_LINK_FUSION_PAIRS_H

#include "link/fusion/scores.h"

/* Views of one signal's score. */
typedef enum lb_view {
    LB_VIEW_RAW,
    LB_VIEW_ROW_Z,         /* against the query's scores of the other profiles */
    LB_VIEW_RANK,          /* log of 1 + the rank among the candidates */
    LB_VIEW_ROW_MARGIN,    /* to the query's best other candidate, in deviations */
    LB_VIEW_COLUMN_Z,      /* against the profile's scores by other queries */
    LB_VIEW_COLUMN_MARGIN, /* to the profile's best other query, in deviations */
    LB_VIEW_CSLS,
    LB_VIEWS
} lb_view;

enum { LB_PAIR_SIZES = 4 }; /* features that are of no signal, at the end */

size_t lb_pairs_width(const lb_scores *scores);

/* The signal that a feature is of, LB_SIGNALS for the sizes. */
lb_signal lb_pairs_signal(const lb_scores *scores, size_t feature);

/* Features of a query's candidates, [candidates][width]. With `without` (the place of a candidate;
 * else LB_NOT_FOUND) as if that candidate were not in the gallery: its own features are zero and no
 * other one's feature knows of it. `order`: scratch, [2 * candidates]. */
void lb_pairs_fill(const lb_scores *scores, size_t query, uint32_t without, uint32_t *order,
                   float *features);

/* How far a candidate's score by the active signal `a` stands above the query's best other one, in
 * deviations: LB_VIEW_ROW_MARGIN. */
double lb_pairs_margin(const lb_scores *scores, size_t query, uint32_t candidate, size_t a);

#endif
