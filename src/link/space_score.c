#include <stdlib.h>
#include <string.h>

#include "link/space_private.h"

lb_feature lb_space_feature(const lb_space *space, uint32_t key) {
    const lb_shard *in = &space->shards[key >> (32 - LB_SHARD_BITS)];
    uint32_t slot = lb_shard_slot(in, key);
    for (uint32_t f = in->starts[slot]; f < in->starts[slot + 1]; f++)
        if (in->keys[f] == key)
            return (lb_feature){in->postings ? in->postings + in->offsets[f] : NULL,
                                in->offsets[f + 1] - in->offsets[f]};
    return (lb_feature){NULL, 0};
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

static size_t probe_slot(const lb_probe *probe, uint32_t key) {
    size_t slot = (key * UINT32_C(0x9E3779B1) >> 7) & probe->mask;
    while (probe->keys[slot] != 0 && probe->keys[slot] != key)
        slot = (slot + 1) & probe->mask;
    return slot;
}

int lb_probe_set(lb_probe *probe, const lb_space *space, const lb_bag *query, lb_error *error) {
    size_t slots = 16;
    while (slots < 2 * query->count + 1)
        slots *= 2;
    if (slots > probe->capacity) {
        lb_probe_free(probe);
        probe->keys = lb_alloc(slots, sizeof *probe->keys);
        probe->weights = lb_alloc(slots, sizeof *probe->weights);
        if (!probe->keys || !probe->weights)
            return lb_fail_memory(error, "scoring");
        probe->capacity = slots;
    }
    probe->mask = slots - 1;
    memset(probe->keys, 0, slots * sizeof *probe->keys);
    double squares = 0, sum = 0;
    for (size_t i = 0; i < query->count; i++) {
        const lb_entry *entry = &query->entries[i];
        size_t n = lb_space_feature(space, entry->key).count;
        double weight = query_weight(space, entry->count, n);
        squares += weight * weight;
        sum += weight;
        if (n == 0 || entry->key == 0)
            continue;
        size_t slot = probe_slot(probe, entry->key);
        probe->keys[slot] = entry->key;
        probe->weights[slot] = (float)weight;
    }
    probe->scale = query_scale(space, squares, sum);
    return LB_OK;
}

void lb_probe_free(lb_probe *probe) {
    lb_free(probe->keys);
    lb_free(probe->weights);
    *probe = (lb_probe){0};
}

float lb_space_score_one(const lb_space *space, const lb_probe *probe, size_t profile) {
    const lb_forward *of = &space->forwards[profile];
    float sum = 0;
    for (size_t i = 0; i < of->count; i++) {
        size_t slot = probe_slot(probe, of->entries[i].key);
        if (probe->keys[slot] != 0)
            sum += probe->weights[slot] * of->entries[i].count;
    }
    sum *= probe->scale;
    return space->options.weighting == LB_WEIGHT_LANGUAGE ? sum + (float)space->lengths[profile]
                                                          : sum;
}

typedef struct rarity {
    lb_feature feature;
    uint32_t key;
    float weight;
} rarity;

static int rarest_first(const void *left, const void *right) {
    const rarity *a = left, *b = right;
    if (a->feature.count != b->feature.count)
        return a->feature.count < b->feature.count ? -1 : 1;
    return (a->key > b->key) - (a->key < b->key);
}

int lb_space_score_rarest(const lb_space *space, const lb_bag *query, size_t budget, float *sums,
                          uint32_t *touched, size_t *count, lb_error *error) {
    rarity *order = lb_alloc(query->count + 1, sizeof *order);
    if (!order)
        return lb_fail_memory(error, "scoring");
    size_t known = 0, read = 0;
    for (size_t i = 0; i < query->count; i++) {
        lb_feature feature = lb_space_feature(space, query->entries[i].key);
        if (feature.count)
            order[known++] =
                (rarity){feature, query->entries[i].key,
                         (float)query_weight(space, query->entries[i].count, feature.count)};
    }
    qsort(order, known, sizeof *order, rarest_first);
    *count = 0;
    for (size_t i = 0; i < known && read < budget; i++) {
        read += order[i].feature.count;
        for (uint32_t k = 0; k < order[i].feature.count; k++) {
            const lb_posting *posting = &order[i].feature.postings[k];
            if (sums[posting->profile] == 0)
                touched[(*count)++] = posting->profile;
            sums[posting->profile] += order[i].weight * posting->weight;
        }
    }
    lb_free(order);
    return LB_OK;
}
