#include <string.h>

#include "link/features/space_private.h"

lb_feature lb_space_feature(const lb_space *space, uint32_t key) {
    const lb_shard *in = lb_shard_of(space, key);
    const lb_shard_feature *found = lb_shard_find(in, key);
    if (found == &in->features[in->feature_count])
        return (lb_feature){NULL, 0};
    bool laid_out = in->postings && found->place != LB_NOT_KEPT;
    return (lb_feature){laid_out ? in->postings + found->place : NULL, lb_shard_profiles(found)};
}

double lb_query_weight(const lb_space *space, float count, size_t n) {
    switch (space->options.weighting) {
    case LB_WEIGHT_TFIDF:
        return (1 + log((double)count)) * lb_inverse_frequency(space, n);
    case LB_WEIGHT_HELLINGER:
        return sqrt((double)count);
    case LB_WEIGHT_LANGUAGE:
        return 1 + log((double)count);
    case LB_WEIGHT_COUNT:
        return (double)count;
    case LB_WEIGHT_RARE:
        break;
    }
    return 1;
}

float lb_query_scale(const lb_space *space, double squares, double sum) {
    double scale = 1;
    if (lb_space_is_cosine(space))
        scale = squares > 0 ? 1 / sqrt(squares) : 0;
    else if (space->options.weighting == LB_WEIGHT_LANGUAGE)
        scale = sum > 0 ? 1 / sum : 0;
    return (float)scale;
}

typedef float lanes __attribute__((vector_size(LB_SPACE_LANES * sizeof(float)), aligned(16)));

/* The queries' merged features, in the order of their hashes. */
typedef struct merge {
    const lb_bag *queries;
    size_t count;
    size_t at[LB_SPACE_LANES];
    double squares[LB_SPACE_LANES], sums[LB_SPACE_LANES]; /* of the queries' weights */
} merge;

/* The next feature and what it weighs in each query; false at the end. */
static bool next_feature(const lb_space *space, merge *of, lb_feature *feature, lanes *factors) {
    uint64_t key = UINT64_MAX;
    for (size_t q = 0; q < of->count; q++)
        if (of->at[q] < of->queries[q].count && of->queries[q].entries[of->at[q]].key < key)
            key = of->queries[q].entries[of->at[q]].key;
    if (key == UINT64_MAX)
        return false;
    *feature = lb_space_feature(space, (uint32_t)key);
    *factors = (lanes){0};
    for (size_t q = 0; q < of->count; q++) {
        if (of->at[q] == of->queries[q].count || of->queries[q].entries[of->at[q]].key != key)
            continue;
        double weight =
            lb_query_weight(space, of->queries[q].entries[of->at[q]++].count, feature->count);
        of->squares[q] += weight * weight;
        of->sums[q] += weight;
        (*factors)[q] = (float)weight;
    }
    return true;
}

void lb_space_score(const lb_space *space, const lb_bag *queries, size_t count, float *sums,
                    float *const *rows) {
    merge of = {.queries = queries, .count = count};
    lb_feature feature;
    lanes factors, *totals = (lanes *)(void *)sums;
    memset(sums, 0, space->profiles * sizeof *totals);
    while (next_feature(space, &of, &feature, &factors))
        for (uint32_t p = 0; p < feature.count; p++)
            totals[feature.postings[p].profile] += factors * feature.postings[p].weight;
    for (size_t q = 0; q < count; q++) {
        float scale = lb_query_scale(space, of.squares[q], of.sums[q]);
        for (size_t p = 0; p < space->profiles; p++)
            rows[q][p] = scale * sums[p * LB_SPACE_LANES + q];
        if (space->options.weighting == LB_WEIGHT_LANGUAGE)
            for (size_t p = 0; p < space->profiles; p++)
                rows[q][p] += (float)space->lengths[p];
    }
}
