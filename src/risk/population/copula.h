/* The generative estimate of uniqueness (Rocher, Hendrickx & de Montjoye 2019): a model of the
 * population fitted to the sample says how likely each combination of values is, and so how likely
 * it is that a match is the right person.
 *
 * Model: a Gaussian copula with the empirical shares of the values as marginals. Values are put in
 * the order of the first axis of a multiple correspondence analysis, where what goes together lies
 * together (their own order says little: neither occupations nor, beside marital status, ages are
 * ordered in the sense of a copula). The correlation of two columns is the one under which the
 * columns, cut in a few bins, share as much information as in the sample, less what chance alone
 * shows in a sample of this size; its sign is that of their rank correlation. A missing value is a
 * value of its own. The rows of a unit with several share its weight, and the unit is as unique as
 * the least common of them.
 *
 * A copula sees pairs only and so spreads the population too thin. How much shows in the sample,
 * whose own uniques the model can be asked to predict: the calibrated estimate raises all
 * probabilities to the one power that gets these right (ours; tests/bench/population.c measures
 * what it gains).
 * A result owns its memory; lb_copula_free frees it.
 */
#ifndef LB_RISK_POPULATION_COPULA_H
#define LB_RISK_POPULATION_COPULA_H

#include "base/memory.h"
#include "index/table.h"

enum { LB_COPULA_COLUMNS_MAX = 100 };

typedef struct lb_copula_options {
    uint64_t population; /* N; at least the number of units */
    uint64_t seed;
    size_t tuples;    /* distinct combinations to evaluate at most; 0: 50,000 */
    unsigned points;  /* of the lattice for one combination, in 4 copies; 0: 16 */
    unsigned threads; /* 0 is 1 */
} lb_copula_options;

typedef struct lb_copula_estimate {
    double xi_mean;      /* probability that a match is right, over the units evaluated */
    double unique_share; /* of the population: mean of (1 - p)^(N - 1) over the units evaluated */
} lb_copula_estimate;

typedef struct lb_copula_result {
    size_t units, columns;
    size_t evaluated; /* units: all, or those of the combinations with the lowest keyed draws */
    lb_copula_estimate plain;      /* the model of the paper as it is */
    lb_copula_estimate calibrated; /* with p^exponent in place of p */
    double exponent;       /* with which the model predicts the uniques of the sample itself; 1
                              where the sample has none or nothing else */
    double relative_error; /* of a probability p, by the numerical integration: mean over tuples */
    double *xi;            /* [units] calibrated (1 - (1 - p)^N) / (N p); NaN: not evaluated */
    double *correlation;   /* [columns][columns] */
    lb_arena *arena;
} lb_copula_result;

/* Fails with LB_E_USAGE where the population is smaller than the number of units or there are more
 * than LB_COPULA_COLUMNS_MAX columns. Without units or columns the shares are NaN. The same bit for
 * bit for any number of threads. O(rows * columns^2 + columns^2 + tuples * points * columns^2). */
int lb_copula_run(const lb_table *table, const lb_copula_options *options, lb_copula_result *result,
                  lb_error *error);
void lb_copula_free(lb_copula_result *result);

#endif
