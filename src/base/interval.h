/* Confidence intervals of proportions and means. All shares are fractions of 1. */
#ifndef LB_BASE_INTERVAL_H
#define LB_BASE_INTERVAL_H

#include <stddef.h>
#include <stdint.h>

typedef struct lb_interval {
    double low, high;
} lb_interval;

/* Clopper & Pearson 1934: exact two-sided interval for `successes` of `trials` at `confidence`
 * (0.95), from Beta quantiles. trials == 0 gives [0, 1]: nothing is known. */
lb_interval lb_interval_clopper_pearson(uint64_t successes, uint64_t trials, double confidence);

/* Wilson 1927 score interval. */
lb_interval lb_interval_wilson(uint64_t successes, uint64_t trials, double confidence);

/* Percentile bootstrap of a mean over users by Poisson(1) weights keyed by user (Chamandy et al.
 * 2012): `keys[i]` is the hash of user i, so the result does not depend on the order of the values
 * beyond floating-point summation, which runs in the order given: pass the users in the order of
 * their hashes. `resamples` is 1,000 in all reports. */
lb_interval lb_interval_bootstrap_mean(const double *values, const uint64_t *keys, size_t count,
                                       uint64_t seed, const char *purpose, unsigned resamples,
                                       double confidence);

#endif
