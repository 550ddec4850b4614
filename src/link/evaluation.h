/* The figures of an attack (methods, section 4, "Figures"), from what became of every query. Ties
 * count against the attacker. In the open world every query is answered twice, with its true match
 * in the gallery and without it, and an answer of the second kind is false.
 */
#ifndef LB_LINK_EVALUATION_H
#define LB_LINK_EVALUATION_H

#include "base/memory.h"

/* What became of one query. */
typedef struct lb_outcome {
    uint64_t key;       /* hash of the person */
    uint32_t rank;      /* of the true match; ties count against it */
    double probability; /* of the best candidate; 0 where there is none */
    double control;     /* of the best candidate when the true match is not there */
} lb_outcome;

/* An estimate and its 95 % interval. */
typedef struct lb_estimate {
    double value, low, high;
} lb_estimate;

typedef struct lb_curve_point {
    double threshold; /* answers of at least this probability */
    /* share of right ones among all answers, the false ones of the control run included */
    double precision;
    double recall; /* share of the queries that are answered and right */
} lb_curve_point;

enum { LB_EVALUATION_POINTS = 101 };

typedef struct lb_evaluation {
    size_t queries, gallery;
    double chance;                 /* 1 / gallery */
    lb_estimate top1, top5, top10; /* Clopper-Pearson */
    lb_estimate mrr, auc;          /* bootstrap over people */
    lb_estimate recall_p50, recall_p90, recall_p99;
    lb_estimate advantage; /* (main - control) / (1 - control) after Giomi et al. 2023: main: share
                            answered at 0.5 or more, and right; control: share answered at 0.5 or
                            more while the match is not there */
    lb_curve_point points[LB_EVALUATION_POINTS]; /* thresholds descending, precision at the end of a
                                                    run of equal probabilities */
    size_t point_count;
} lb_evaluation;

/* Fails with LB_E_INPUT for a probability that is not finite or a rank of 0. Time: resamples *
 * queries. Independent of the order of the outcomes up to the summation of means. */
int lb_evaluation_run(const lb_outcome *outcomes, size_t count, size_t gallery, uint64_t seed,
                      lb_evaluation *evaluation, lb_error *error);

/* How right the probabilities are that were said of pairs, by tenths. */
typedef struct lb_reliability {
    uint64_t pairs, right;
    double said;      /* mean probability */
    double low, high; /* 95 % interval of the share that is right (Clopper-Pearson) */
} lb_reliability;

#endif
