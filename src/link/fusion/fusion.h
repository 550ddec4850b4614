/* Fusion: the probability that a query and a candidate are the same person, learnt from the corpus
 * itself, and judged only on people of whom nothing that was fitted has seen the answer.
 *
 * People are cut in 5 folds by a keyed hash. For every two folds, boosted trees are trained on the
 * three others; the pair's log-odds for someone of fold i are the mean of the four models that left
 * out i and another fold. What comes after (the competition of the other candidates and of the
 * other queries, and the calibration) is fitted, for fold i, on the people of the other folds, with
 * the log-odds of the models that left out both their fold and i. So no stage sees fold i.
 *
 * Each query is judged twice: as it is (main), and with its true match out of the gallery
 * (control).
 */
#ifndef LB_LINK_FUSION_FUSION_H
#define LB_LINK_FUSION_FUSION_H

#include "link/fusion/logistic.h"
#include "link/fusion/pairs.h"

enum { LB_FOLDS = 5, LB_FUSION_MODELS = LB_FOLDS * (LB_FOLDS - 1) / 2 };

typedef struct lb_fusion_options {
    uint64_t seed;
    unsigned without; /* bits of signals whose features are not shown to the trees */
    lb_trees_options trees;
    unsigned threads;
    bool leak; /* tests only: trains on the people that are judged too */
} lb_fusion_options;

/* One query's probabilities, by candidate. */
typedef struct lb_fused {
    double *main; /* [candidates] */
    /* [candidates], 0 for the match; equal to main where the match is no candidate */
    double *control;
} lb_fused;

typedef struct lb_fusion {
    size_t queries, width;              /* width: features of a pair */
    lb_fused *fused;                    /* [queries] */
    unsigned char *folds;               /* [queries] */
    lb_trees *models[LB_FUSION_MODELS]; /* each without two folds */
    lb_logistic stages[LB_FOLDS];       /* what comes after, without each fold */
} lb_fusion;

/* `people`: [queries] hashes of the queries' units. */
int lb_fusion_run(const lb_scores *scores, const uint64_t *people, const lb_fusion_options *options,
                  lb_fusion *fusion, lb_error *error);
/* Judges the queries of other scores by what was learnt: by the mean of all models. The scores must
 * have the same signals. Fails with LB_E_INPUT if they do not. */
int lb_fusion_apply(const lb_fusion *learnt, const lb_scores *scores, unsigned threads,
                    lb_fusion *fusion, lb_error *error);

void lb_fusion_free(lb_fusion *fusion);

#endif
