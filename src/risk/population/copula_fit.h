/* Fitting the Gaussian copula of copula.h: the values' shares and places on the normal scale, and
 * the correlations of the columns. */
#ifndef LB_RISK_POPULATION_COPULA_FIT_H
#define LB_RISK_POPULATION_COPULA_FIT_H

#include "base/memory.h"
#include "index/table.h"

enum { LB_COPULA_BINS = 8 };

/* A column: code v lies between low[v] and high[v] on the normal scale, and in bin[v]. */
typedef struct lb_copula_margin {
    const double *low, *high;         /* [distinct + 1] */
    const uint8_t *bin;               /* [distinct + 1] */
    unsigned bins;                    /* at most LB_COPULA_BINS, of about equal weight */
    double edges[LB_COPULA_BINS + 1]; /* of the bins, on the normal scale */
    double shares[LB_COPULA_BINS];    /* of the bins */
} lb_copula_margin;

typedef struct lb_copula_model {
    size_t columns;
    lb_copula_margin *margins; /* [columns] */
    double *correlation;       /* [columns][columns], positive definite */
} lb_copula_model;

/* Fits the model to the quasi-identifiers; `weights` is [rows] and sums to 1. The model lies in
 * `arena`. */
int lb_copula_fit(lb_copula_model *model, const lb_table *table, const double *weights,
                  unsigned threads, lb_arena *arena, lb_error *error);

#endif
