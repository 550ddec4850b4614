#include <stdlib.h>
#include <string.h>

#include "link/features/space_private.h"

enum { FILTER_BITS = 1 << 17, AHEAD = 16 };

int lb_space_look_up(const lb_space *space, const lb_bag *query, lb_lookup *into, lb_error *error) {
    into->count = 0;
    lb_found *grown = lb_grow(into->list, &into->capacity, query->count, sizeof *grown, error);
    if (!grown)
        return LB_E_RESOURCE;
    into->list = grown;
    double squares = 0, sum = 0;
    for (size_t i = 0; i < query->count; i++) {
        if (i + AHEAD < query->count) {
            uint32_t later = query->entries[i + AHEAD].key;
            const lb_shard *of_later = lb_shard_of(space, later);
            __builtin_prefetch(&of_later->starts[lb_shard_slot(of_later, later)]);
        }
        if (i + AHEAD / 2 < query->count) {
            uint32_t next = query->entries[i + AHEAD / 2].key;
            const lb_shard *of_next = lb_shard_of(space, next);
            __builtin_prefetch(&of_next->features[of_next->starts[lb_shard_slot(of_next, next)]]);
        }
        const lb_entry *entry = &query->entries[i];
        const lb_shard *in = lb_shard_of(space, entry->key);
        const lb_shard_feature *found = lb_shard_find(in, entry->key);
        bool known = found != &in->features[in->feature_count];
        uint32_t n = known ? lb_shard_profiles(found) : 0;
        double weight = lb_query_weight(space, entry->count, n);
        squares += weight * weight;
        sum += weight;
        if (!known)
            continue;
        bool laid_out = in->postings && found->place != LB_NOT_KEPT;
        into->list[into->count++] =
            (lb_found){.feature = {laid_out ? in->postings + found->place : NULL, n},
                       .key = entry->key,
                       .number = found->number,
                       .weight = (float)weight};
    }
    into->scale = lb_query_scale(space, squares, sum);
    return LB_OK;
}

void lb_lookup_free(lb_lookup *lookup) {
    lb_free(lookup->list);
    *lookup = (lb_lookup){0};
}

/* --- against single profiles --- */

static int reserve_probe(lb_probe *probe, const lb_space *space, size_t count, lb_error *error) {
    if (!probe->weights) {
        probe->weights = lb_alloc_zero(lb_space_features(space) + 1, sizeof *probe->weights);
        probe->filter = lb_alloc_zero(FILTER_BITS / 64, sizeof *probe->filter);
    }
    if (!probe->weights || !probe->filter)
        return lb_fail_memory(error, "scoring");
    uint32_t *grown = lb_grow(probe->set, &probe->set_capacity, count, sizeof *grown, error);
    if (!grown)
        return LB_E_RESOURCE;
    probe->set = grown;
    return LB_OK;
}

static uint64_t *filter_word(const lb_probe *probe, uint32_t number) {
    return &probe->filter[number % FILTER_BITS / 64];
}

int lb_probe_set(lb_probe *probe, const lb_space *space, const lb_lookup *query, lb_error *error) {
    int status = reserve_probe(probe, space, query->count, error);
    if (status < 0)
        return status;
    for (size_t i = 0; i < probe->set_count; i++) {
        probe->weights[probe->set[i]] = 0;
        *filter_word(probe, probe->set[i]) = 0;
    }
    for (size_t i = 0; i < query->count; i++) {
        uint32_t number = query->list[i].number;
        probe->weights[number] = query->list[i].weight;
        probe->set[i] = number;
        if (number >= LB_COMMON)
            *filter_word(probe, number) |= UINT64_C(1) << (number % 64);
    }
    probe->set_count = query->count;
    probe->scale = query->scale;
    return LB_OK;
}

void lb_probe_free(lb_probe *probe) {
    lb_free(probe->weights);
    lb_free(probe->filter);
    lb_free(probe->set);
    *probe = (lb_probe){0};
}

/* Common features are looked up one and all, with four sums side by side so that none has to wait
 * for another; most of the rare ones are not the query's, and their weights are not in the cache,
 * so the filter is asked first. */
float lb_space_score_one(const lb_space *space, const lb_probe *probe, size_t profile) {
    const lb_forward *of = &space->forwards[profile];
    const float *weights = probe->weights;
    float sums[4] = {0};
    double rare = 0;
    size_t i = 0;
    for (; i + 4 <= of->common; i += 4)
        for (size_t k = 0; k < 4; k++)
            sums[k] += weights[of->entries[i + k].key] * of->entries[i + k].count;
    for (; i < of->common; i++)
        sums[0] += weights[of->entries[i].key] * of->entries[i].count;
    for (; i < of->count; i++) {
        uint32_t number = of->entries[i].key;
        if (*filter_word(probe, number) >> (number % 64) & 1)
            rare += (double)(weights[number] * of->entries[i].count);
    }
    double common = (double)(sums[0] + sums[1] + (sums[2] + sums[3]));
    float sum = (float)(common + rare) * probe->scale;
    return space->options.weighting == LB_WEIGHT_LANGUAGE ? sum + (float)space->lengths[profile]
                                                          : sum;
}

/* --- by impact --- */

int lb_space_impacts(const lb_space *space, const lb_lookup *query, float factor, lb_impacts *into,
                     lb_error *error) {
    void *grown =
        lb_grow(into->list, &into->capacity, into->count + query->count, sizeof *into->list, error);
    if (!grown)
        return LB_E_RESOURCE;
    into->list = grown;
    for (size_t i = 0; i < query->count; i++) {
        const lb_found *found = &query->list[i];
        if (!found->feature.postings)
            continue;
        double weight = (double)(found->weight * factor * query->scale);
        double gain = weight * lb_inverse_frequency(space, found->feature.count);
        into->list[into->count++] =
            (lb_impact){found->feature, found->key, (float)weight, (float)gain};
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
