/* Gradient-boosted regression trees for a probability (Friedman 2001, with second-order leaves as
 * in Chen & Guestrin 2016): features are cut into bins by their quantiles, trees grow level by
 * level, each on a part of the rows and of the features. A sum of trees says log-odds.
 */
#ifndef LB_LINK_FUSION_TREES_H
#define LB_LINK_FUSION_TREES_H

#include "base/memory.h"

typedef struct lb_trees lb_trees;

typedef struct lb_trees_options {
    unsigned trees, depth;
    double rate;           /* of learning */
    double row_share;      /* of the rows that a tree sees */
    double feature_share;  /* of the features */
    double ridge;          /* added to a leaf's curvature */
    double leaf_curvature; /* the least of a leaf */
    uint64_t seed;
} lb_trees_options;

lb_trees_options lb_trees_defaults(void);

typedef struct lb_examples {
    size_t rows, width;
    const float *features; /* [rows][width], finite */
    const float *labels;   /* [rows] 0 or 1 */
    const float *weights;  /* [rows] above 0 */
} lb_examples;

/* Time: trees * depth * rows * width * shares. One thread; the same for the same input. */
int lb_trees_train(lb_trees **out, const lb_examples *examples, const lb_trees_options *options,
                   lb_error *error);
void lb_trees_free(lb_trees *trees); /* NULL is allowed */

double lb_trees_log_odds(const lb_trees *trees, const float *features);

#endif
