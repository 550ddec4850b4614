#include <stdlib.h>
#include <string.h>

#include "link/space_private.h"

lb_feature lb_space_feature(const lb_space *space, uint32_t key) {
    const lb_shard *in = &space->shards[key >> (32 - LB_SHARD_BITS)];
    uint32_t f = lb_shard_find(in, key);
    if (f == in->features)
        return (lb_feature){NULL, 0};
    uint32_t place = in->places ? in->places[f] : in->offsets[f];
    bool laid_out = in->postings && place != LB_NOT_KEPT;
    return (lb_feature){laid_out ? in->postings + place : NULL,
                        in->offsets[f + 1] - in->offsets[f]};
}

/* What one occurrence count of a feature weighs in a query. */
static double query_weight(const lb_space *space, float count, size_t n) {
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

/* What a query's sum is multiplied by. */
static float query_scale(const lb_space *space, double squares, double sum) {
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
            query_weight(space, of->queries[q].entries[of->at[q]++].count, feature->count);
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
        float scale = query_scale(space, of.squares[q], of.sums[q]);
        for (size_t p = 0; p < space->profiles; p++)
            rows[q][p] = scale * sums[p * LB_SPACE_LANES + q];
        if (space->options.weighting == LB_WEIGHT_LANGUAGE)
            for (size_t p = 0; p < space->profiles; p++)
                rows[q][p] += (float)space->lengths[p];
    }
}

static int reserve_probe(lb_probe *probe, const lb_space *space, size_t count, lb_error *error) {
    if (!probe->weights)
        probe->weights = lb_alloc_zero(lb_space_features(space) + 1, sizeof *probe->weights);
    if (!probe->weights)
        return lb_fail_memory(error, "scoring");
    void *set = probe->set;
    int status = lb_grow(&set, &probe->set_capacity, count, sizeof *probe->set, error);
    probe->set = set;
    return status;
}

int lb_probe_set(lb_probe *probe, const lb_space *space, const lb_bag *query, lb_error *error) {
    int status = reserve_probe(probe, space, query->count, error);
    if (status < 0)
        return status;
    for (size_t i = 0; i < probe->set_count; i++)
        probe->weights[probe->set[i]] = 0;
    probe->set_count = 0;
    double squares = 0, sum = 0;
    for (size_t i = 0; i < query->count; i++) {
        const lb_entry *entry = &query->entries[i];
        const lb_shard *in = &space->shards[entry->key >> (32 - LB_SHARD_BITS)];
        uint32_t f = lb_shard_find(in, entry->key);
        size_t n = f < in->features ? in->offsets[f + 1] - in->offsets[f] : 0;
        double weight = query_weight(space, entry->count, n);
        squares += weight * weight;
        sum += weight;
        if (n == 0)
            continue;
        probe->weights[in->numbers[f]] = (float)weight;
        probe->set[probe->set_count++] = in->numbers[f];
    }
    probe->scale = query_scale(space, squares, sum);
    return LB_OK;
}

void lb_probe_free(lb_probe *probe) {
    lb_free(probe->weights);
    lb_free(probe->set);
    *probe = (lb_probe){0};
}

/* Four sums side by side, so that none has to wait for another. */
float lb_space_score_one(const lb_space *space, const lb_probe *probe, size_t profile) {
    const lb_forward *of = &space->forwards[profile];
    const float *weights = probe->weights;
    float sums[4] = {0};
    size_t i = 0;
    for (; i + 4 <= of->count; i += 4)
        for (size_t k = 0; k < 4; k++)
            sums[k] += weights[of->entries[i + k].key] * of->entries[i + k].count;
    for (; i < of->count; i++)
        sums[0] += weights[of->entries[i].key] * of->entries[i].count;
    float sum = (sums[0] + sums[1] + (sums[2] + sums[3])) * probe->scale;
    return space->options.weighting == LB_WEIGHT_LANGUAGE ? sum + (float)space->lengths[profile]
                                                          : sum;
}

int lb_space_impacts(const lb_space *space, const lb_bag *query, float factor, lb_impacts *into,
                     lb_error *error) {
    void *list = into->list;
    int status =
        lb_grow(&list, &into->capacity, into->count + query->count, sizeof *into->list, error);
    into->list = list;
    if (status < 0)
        return status;
    size_t first = into->count;
    double squares = 0;
    for (size_t i = 0; i < query->count; i++) {
        lb_feature feature = lb_space_feature(space, query->entries[i].key);
        double weight = query_weight(space, query->entries[i].count, feature.count);
        squares += weight * weight;
        if (feature.postings)
            into->list[into->count++] =
                (lb_impact){feature, query->entries[i].key, (float)weight,
                            (float)(weight * lb_inverse_frequency(space, feature.count))};
    }
    float scale = factor * query_scale(space, squares, 0);
    for (size_t i = first; i < into->count; i++) {
        into->list[i].weight *= scale;
        into->list[i].gain *= scale;
    }
    return LB_OK;
}

static int by_gain(const void *left, const void *right) {
    const lb_impact *a = left, *b = right;
    if (a->gain != b->gain)
        return a->gain > b->gain ? -1 : 1;
    if (a->feature.count != b->feature.count)
        return a->feature.count < b->feature.count ? -1 : 1;
    return (a->key > b->key) - (a->key < b->key);
}

void lb_impacts_add(lb_impacts *impacts, size_t budget, float *sums) {
    if (impacts->count)
        qsort(impacts->list, impacts->count, sizeof *impacts->list, by_gain);
    size_t read = 0;
    for (size_t i = 0; i < impacts->count && read < budget; i++) {
        const lb_impact *by = &impacts->list[i];
        read += by->feature.count;
        for (uint32_t k = 0; k < by->feature.count; k++)
            sums[by->feature.postings[k].profile] += by->weight * by->feature.postings[k].weight;
    }
}

void lb_impacts_free(lb_impacts *impacts) {
    lb_free(impacts->list);
    *impacts = (lb_impacts){0};
}
