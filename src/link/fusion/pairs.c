#include "link/fusion/pairs.h"

#include <stdlib.h>
#include <string.h>

size_t lb_pairs_width(const lb_scores *scores) {
    return scores->active * LB_VIEWS + LB_PAIR_SIZES;
}

lb_signal lb_pairs_signal(const lb_scores *scores, size_t feature) {
    return feature < scores->active * LB_VIEWS ? scores->signals[feature / LB_VIEWS] : LB_SIGNALS;
}

/* Sorts numbers of candidates by a signal's score, descending, ties by number: a merge sort, whose
 * order depends on nothing else. */
static void sort_by_score(const float *scores, size_t stride, uint32_t *order, uint32_t *spare,
                          size_t count) {
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t first = 0; first < count; first += 2 * width) {
            size_t middle = first + width < count ? first + width : count;
            size_t end = first + 2 * width < count ? first + 2 * width : count;
            size_t left = first, right = middle;
            for (size_t at = first; at < end; at++) {
                bool take_left =
                    right == end || (left < middle &&
                                     scores[order[left] * stride] >= scores[order[right] * stride]);
                spare[at] = take_left ? order[left++] : order[right++];
            }
        }
        memcpy(order, spare, count * sizeof *order);
    }
}

static double share(double value, double of) {
    return of > 1e-12 ? value / of : 0;
}

static lb_cohort without_score(const lb_candidates *of, const lb_cohort *row, float score) {
    return of->sampled ? lb_cohort_without_best(row, score) : lb_cohort_without(row, score);
}

/* One signal's views of all candidates. */
static void fill_signal(const lb_scores *scores, const lb_candidates *of, size_t a,
                        uint32_t without, uint32_t *order, float *features) {
    size_t width = lb_pairs_width(scores), count = 0;
    const float *raw = of->scores + a;
    lb_cohort row = of->rows[a];
    for (uint32_t i = 0; i < of->count; i++)
        if (i != without)
            order[count++] = i;
        else
            row = without_score(of, &row, raw[i * scores->active]);
    sort_by_score(raw, scores->active, order, order + of->count, count);
    for (size_t rank = 0; rank < count; rank++) {
        uint32_t i = order[rank];
        float score = raw[i * scores->active];
        lb_cohort others = without_score(of, &row, score);
        lb_cohort column = scores->columns[of->profiles[i] * scores->active + a];
        column = without_score(of, &column, score);
        double s = (double)score;
        double row_spread = lb_cohort_deviation(&others);
        double column_spread = lb_cohort_deviation(&column);
        float *view = features + i * width + a * LB_VIEWS;
        view[LB_VIEW_RAW] = score;
        view[LB_VIEW_ROW_Z] = (float)share(s - lb_cohort_mean(&others), row_spread);
        view[LB_VIEW_RANK] = (float)log1p((double)rank);
        view[LB_VIEW_ROW_MARGIN] = (float)share(s - lb_cohort_best(&others), row_spread);
        view[LB_VIEW_COLUMN_Z] = (float)share(s - lb_cohort_mean(&column), column_spread);
        view[LB_VIEW_COLUMN_MARGIN] = (float)share(s - lb_cohort_best(&column), column_spread);
        view[LB_VIEW_CSLS] = (float)(2 * s - lb_cohort_hood(&others) - lb_cohort_hood(&column));
    }
}

double lb_pairs_margin(const lb_scores *scores, size_t query, uint32_t candidate, size_t a) {
    const lb_candidates *of = &scores->candidates[query];
    float score = of->scores[candidate * scores->active + a];
    lb_cohort others = without_score(of, &of->rows[a], score);
    return share((double)score - lb_cohort_best(&others), lb_cohort_deviation(&others));
}

void lb_pairs_fill(const lb_scores *scores, size_t query, uint32_t without, uint32_t *order,
                   float *features) {
    const lb_candidates *of = &scores->candidates[query];
    size_t width = lb_pairs_width(scores);
    if (without != LB_NOT_FOUND)
        memset(features + without * width, 0, width * sizeof *features);
    for (size_t a = 0; a < scores->active; a++)
        fill_signal(scores, of, a, without, order, features);
    for (uint32_t i = 0; i < of->count; i++) {
        if (i == without)
            continue;
        double here = log1p(of->size), there = log1p(scores->sizes[of->profiles[i]]), sum = 0;
        for (size_t a = 0; a < scores->active; a++)
            sum += (double)features[i * width + a * LB_VIEWS + LB_VIEW_ROW_Z];
        float *sizes = features + i * width + scores->active * LB_VIEWS;
        sizes[0] = (float)here;
        sizes[1] = (float)there;
        sizes[2] = (float)(here - there);
        sizes[3] = (float)sum;
    }
}
