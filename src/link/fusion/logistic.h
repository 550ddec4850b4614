/* Logistic regression with a ridge, for a handful of features: Newton's method (iteratively
 * reweighted least squares) with step halving. */
#ifndef LB_LINK_FUSION_LOGISTIC_H
#define LB_LINK_FUSION_LOGISTIC_H

#include "link/fusion/trees.h"

enum { LB_LOGISTIC_MAX = 8 };

typedef struct lb_logistic {
    size_t width;
    double weights[LB_LOGISTIC_MAX + 1]; /* the last: the constant */
} lb_logistic;

/* `prior`: the weights [width] that the ridge pulls towards, with the given strength. At most
 * LB_LOGISTIC_MAX features. Never fails: without examples the prior is kept. */
lb_logistic lb_logistic_fit(const lb_examples *examples, const double *prior, double ridge);

double lb_logistic_log_odds(const lb_logistic *model, const float *features);

#endif
