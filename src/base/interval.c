#include "base/interval.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/order.h"
#include "base/random.h"

/* Where the Beta(a, b) distribution function reaches `tail`, by bisection: always converges, where
 * Newton's method (gsl_cdf_beta_Pinv) gives up for some extreme a and b. `upper`: 1 - tail. */
static double beta_quantile(double tail, double a, double b, bool upper) {
    double low = 0, high = 1;
    for (int i = 0; i < 400 && high - low > 4e-17 * high; i++) {
        double middle = low + (high - low) / 2;
        bool right =
            upper ? gsl_cdf_beta_Q(middle, a, b) < tail : gsl_cdf_beta_P(middle, a, b) > tail;
        if (right)
            high = middle;
        else
            low = middle;
    }
    return low + (high - low) / 2;
}

lb_interval lb_interval_clopper_pearson(uint64_t successes, uint64_t trials, double confidence) {
    if (trials == 0)
        return (lb_interval){0, 1};
    double x = (double)successes, n = (double)trials, tail = (1 - confidence) / 2;
    return (lb_interval){successes == 0 ? 0 : beta_quantile(tail, x, n - x + 1, false),
                         successes == trials ? 1 : beta_quantile(tail, x + 1, n - x, true)};
}

lb_interval lb_interval_wilson(uint64_t successes, uint64_t trials, double confidence) {
    if (trials == 0)
        return (lb_interval){0, 1};
    double n = (double)trials, p = (double)successes / n;
    double z = gsl_cdf_ugaussian_Qinv((1 - confidence) / 2), zz = z * z / n;
    double centre = (p + zz / 2) / (1 + zz);
    double half = z / (1 + zz) * sqrt(p * (1 - p) / n + zz / (4 * n));
    return (lb_interval){successes == 0 ? 0 : centre - half,
                         successes == trials ? 1 : centre + half};
}

lb_interval lb_interval_bootstrap_mean(const double *values, const uint64_t *keys, size_t count,
                                       uint64_t seed, const char *purpose, unsigned resamples,
                                       double confidence) {
    lb_interval unknown = {-INFINITY, INFINITY};
    double *sums = lb_alloc_zero(resamples, sizeof(double));
    double *weights = lb_alloc_zero(resamples, sizeof(double));
    if (!sums || !weights || resamples == 0 || count == 0) {
        lb_free(sums);
        lb_free(weights);
        return unknown;
    }
    for (size_t i = 0; i < count; i++) {
        lb_random random = lb_random_keyed(seed, purpose, keys[i]);
        for (unsigned r = 0; r < resamples; r++) {
            double w = lb_random_poisson(&random);
            sums[r] += w * values[i];
            weights[r] += w;
        }
    }
    size_t kept = 0;
    for (unsigned r = 0; r < resamples; r++)
        if (weights[r] > 0)
            sums[kept++] = sums[r] / weights[r];
    lb_interval interval = unknown;
    if (kept > 0) {
        qsort(sums, kept, sizeof(double), lb_order_double);
        double tail = (1 - confidence) / 2;
        interval.low = sums[(size_t)floor(tail * (double)(kept - 1))];
        interval.high = sums[(size_t)ceil((1 - tail) * (double)(kept - 1))];
    }
    lb_free(sums);
    lb_free(weights);
    return interval;
}
