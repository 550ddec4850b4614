/* What the Gaussian copula needs of the normal distribution: correlation matrices made positive
 * definite, probabilities of pairs, and probabilities of boxes in any number of dimensions.
 * Matrices are row by row, [dimensions][dimensions]. */
#ifndef LB_RISK_POPULATION_COPULA_NORMAL_H
#define LB_RISK_POPULATION_COPULA_NORMAL_H

#include <gsl/gsl_integration.h>
#include <stddef.h>
#include <stdint.h>

#include "linkback/linkback.h"

enum { LB_NORMAL_PAIR_POINTS = 32 };

/* P(X < h, Y < k) for standard normal X, Y of correlation |rho| < 1, by Plackett's integral over
 * the correlation; h and k may be infinite. With a Gauss-Legendre rule of LB_NORMAL_PAIR_POINTS
 * points the absolute error is below 1e-8 for |rho| up to 0.98. */
double lb_normal_pair_below(double h, double k, double rho,
                            const gsl_integration_glfixed_table *rule);

/* Replaces a symmetric matrix with ones on the diagonal by a correlation matrix with eigenvalues of
 * about `least` or more: raising of the eigenvalues, rescaling (Rebonato & Jaeckel 1999). `work`
 * has room for dimensions * (2 * dimensions + 1) numbers. Fails for lack of memory only.
 * O(dimensions^3). */
int lb_normal_nearest_correlation(double *matrix, size_t dimensions, double least, double *work,
                                  lb_error *error);

/* A box of probability to be found: sides in the order of the matrix, low < high, may be infinite;
 * the matrix is positive definite. */
typedef struct lb_normal_box {
    size_t dimensions;
    const double *correlation;
    const double *low, *high;
} lb_normal_box;

/* P(low < X < high) by separation of variables (Genz 1992), narrow sides first, over a
 * lattice of `points` points in each of `shifts` (at least 1) shifted copies, keyed by `key`.
 * *error, unless NULL, becomes the standard error over the copies. `work` has room for
 * dimensions * (dimensions + 5) numbers. */
double lb_normal_box_probability(const lb_normal_box *box, unsigned points, unsigned shifts,
                                 uint64_t key, double *error, double *work);

/* The z with P(X < z) = below, where above = 1 - below is given apart for its digits. */
double lb_normal_quantile(double below, double above);

#endif
