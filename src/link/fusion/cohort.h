/* What the other scores around a score look like: of one query against the gallery (a row) or of
 * one gallery profile against the queries (a column). Scores are normalised against them: z
 * ("s-norm" of speaker recognition, Auckenthaler et al. 2000), margin to the best other, and CSLS
 * (Conneau et al. 2018). A score is always left out of the cohort that it is measured against, so
 * that a row from which the true match was taken out tells nothing about it.
 */
#ifndef LB_LINK_FUSION_COHORT_H
#define LB_LINK_FUSION_COHORT_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

enum { LB_COHORT_HOOD = 10, LB_COHORT_BEST = LB_COHORT_HOOD + 2 };

typedef struct lb_cohort {
    double sum, squares;
    uint32_t count, kept;       /* kept: of the best, at most LB_COHORT_BEST */
    float best[LB_COHORT_BEST]; /* descending */
} lb_cohort;

/* Adds a score to the sums only, or to the best only. */
static inline void lb_cohort_count(lb_cohort *cohort, float score) {
    cohort->sum += (double)score;
    cohort->squares += (double)score * (double)score;
    cohort->count++;
}

static inline void lb_cohort_rank(lb_cohort *cohort, float score) {
    uint32_t at = cohort->kept;
    if (at == LB_COHORT_BEST) {
        if (!(score > cohort->best[at - 1]))
            return;
        at--;
    } else {
        cohort->kept++;
    }
    for (; at > 0 && cohort->best[at - 1] < score; at--)
        cohort->best[at] = cohort->best[at - 1];
    cohort->best[at] = score;
}

static inline void lb_cohort_add(lb_cohort *cohort, float score) {
    lb_cohort_count(cohort, score);
    lb_cohort_rank(cohort, score);
}

/* The cohort without one score that was added. */
static inline lb_cohort lb_cohort_without(const lb_cohort *cohort, float score) {
    lb_cohort rest = *cohort;
    rest.sum -= (double)score;
    rest.squares -= (double)score * (double)score;
    rest.count--;
    for (uint32_t i = 0; i < rest.kept; i++)
        if (rest.best[i] == score) {
            rest.kept--;
            for (; i < rest.kept; i++)
                rest.best[i] = rest.best[i + 1];
            break;
        }
    return rest;
}

/* Only the best of a cohort, without one score that is among them: for a score that was never added
 * to the sums. */
static inline lb_cohort lb_cohort_without_best(const lb_cohort *cohort, float score) {
    lb_cohort rest = lb_cohort_without(cohort, score);
    rest.sum = cohort->sum;
    rest.squares = cohort->squares;
    rest.count = cohort->count;
    return rest;
}

static inline double lb_cohort_mean(const lb_cohort *cohort) {
    return cohort->count ? cohort->sum / cohort->count : 0;
}

static inline double lb_cohort_deviation(const lb_cohort *cohort) {
    if (cohort->count == 0)
        return 0;
    double mean = cohort->sum / cohort->count;
    return sqrt(fmax(0, cohort->squares / cohort->count - mean * mean));
}

/* The best score, and the mean of the best LB_COHORT_HOOD; 0 of an empty cohort. */
static inline double lb_cohort_best(const lb_cohort *cohort) {
    return cohort->kept ? (double)cohort->best[0] : 0;
}

static inline double lb_cohort_hood(const lb_cohort *cohort) {
    double sum = 0;
    uint32_t n = cohort->kept < LB_COHORT_HOOD ? cohort->kept : LB_COHORT_HOOD;
    for (uint32_t i = 0; i < n; i++)
        sum += (double)cohort->best[i];
    return n ? sum / n : 0;
}

#endif
