#include "risk/suda/suda.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "risk/suda/suda_search.h"

static double weight_of_size(size_t columns, unsigned size, unsigned max_size) {
    double weight = 1;
    for (unsigned i = size; i < max_size; i++)
        weight *= (double)(columns - i);
    return weight;
}

static void take_scores(const lb_msu_search *search, lb_suda_result *result) {
    const lb_msu_first *firsts = lb_msu_search_firsts(search);
    memcpy(result->scores, lb_msu_search_scores(search), result->units * sizeof *result->scores);
    for (size_t u = 0; u < result->units; u++)
        result->msu_units += firsts[u].size > 0;
    for (unsigned size = 1; size <= result->max_size; size++) {
        const lb_msu_size *found = lb_msu_search_size(search, size);
        result->sizes[size - 1] = (lb_suda_size){.msus = found->msus,
                                                 .sets = found->sets,
                                                 .sets_all = found->sets_all,
                                                 .columns = found->columns};
        result->complete = result->complete && found->sets == found->sets_all;
    }
}

static void count_classes(const lb_msu_search *search, lb_suda_result *result) {
    const uint32_t *sizes = lb_msu_search_class_sizes(search);
    for (size_t u = 0; u < result->units; u++) {
        result->unique_units += sizes[u] == 1;
        result->pair_units += sizes[u] == 2;
    }
}

/* d_i = 1 / (1 + P (1 - f) / f / (S_i^Q A)), A = sum of S_j^-Q, by logarithms: with many columns Q
 * is negative and scores are large. */
static void spread_dis(lb_suda_result *result, double fraction) {
    double q = 1 + (8 - (double)result->columns) / 20, largest = -INFINITY, sum = 0;
    for (size_t u = 0; u < result->units; u++)
        if (result->scores[u] > 0)
            largest = fmax(largest, -q * log(result->scores[u]));
    for (size_t u = 0; u < result->units; u++)
        if (result->scores[u] > 0)
            sum += exp(-q * log(result->scores[u]) - largest);
    double ratio = (double)result->pair_units * (1 - fraction) / fraction;
    for (size_t u = 0; u < result->units; u++) {
        double score = result->scores[u];
        result->dis[u] = score > 0 ? 1 / (1 + ratio / sum * exp(-q * log(score) - largest)) : 0;
    }
}

static void average(lb_suda_result *result) {
    double scores = 0, dis = 0;
    for (size_t u = 0; u < result->units; u++) {
        scores += result->scores[u];
        dis += result->dis[u];
        result->score_max = fmax(result->score_max, result->scores[u]);
        result->dis_max = fmax(result->dis_max, result->dis[u]);
    }
    double units = result->units ? (double)result->units : 1;
    result->score_mean = scores / units;
    result->dis_mean = dis / units;
    result->msu_units_share = (double)result->msu_units / units;
}

static int compare_values(const void *left, const void *right) {
    const lb_suda_value *a = left, *b = right;
    if (a->share != b->share)
        return a->share > b->share ? -1 : 1;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return (a->code > b->code) - (a->code < b->code);
}

static int list_shares(const lb_table *table, const lb_msu_search *search, lb_suda_result *result,
                       lb_error *error) {
    double total = 0;
    for (size_t u = 0; u < result->units; u++)
        total += result->scores[u];
    for (size_t c = 0; c < result->columns; c++) {
        const double *scores = lb_msu_search_value_scores(search, c);
        for (size_t v = 0; v <= table->quasi_identifiers[c].distinct; v++) {
            result->column_shares[c] += scores[v];
            result->value_count += scores[v] > 0;
        }
        result->column_shares[c] /= total > 0 ? total : 1;
    }
    result->values = lb_arena_alloc(result->arena, result->value_count, sizeof *result->values);
    if (!result->values)
        return lb_fail_memory(error, "SUDA's contributions");
    lb_suda_value *next = result->values;
    for (size_t c = 0; c < result->columns; c++) {
        const double *scores = lb_msu_search_value_scores(search, c);
        for (size_t v = 0; v <= table->quasi_identifiers[c].distinct; v++)
            if (scores[v] > 0)
                *next++ = (lb_suda_value){c, (uint32_t)v, scores[v] / total};
    }
    if (result->value_count)
        qsort(result->values, result->value_count, sizeof *result->values, compare_values);
    return LB_OK;
}

typedef struct unit_ranking {
    const double *scores;
    const uint32_t *order;
} unit_ranking;

static bool ranks_before(const unit_ranking *by, uint32_t a, uint32_t b) {
    if (by->scores[a] != by->scores[b])
        return by->scores[a] > by->scores[b];
    return by->order ? by->order[a] < by->order[b] : a < b;
}

/* Keeps heap[0] the last-ranked of `count` units. */
static void sift_down(const unit_ranking *by, uint32_t *heap, size_t count, size_t at) {
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && ranks_before(by, heap[child], heap[child + 1]))
            child++;
        if (!ranks_before(by, heap[at], heap[child]))
            return;
        uint32_t moved = heap[at];
        heap[at] = heap[child];
        heap[child] = moved;
    }
}

/* The `count` first-ranked units in order: a heap of the best so far, then a heap sort. */
static void rank_units(const unit_ranking *by, size_t units, uint32_t *heap, size_t count) {
    size_t held = 0;
    for (uint32_t unit = 0; unit < units && count; unit++) {
        if (by->scores[unit] <= 0)
            continue;
        if (held < count) {
            heap[held++] = unit;
            for (size_t i = held == count ? count / 2 : 0; i-- > 0;)
                sift_down(by, heap, count, i);
        } else if (ranks_before(by, unit, heap[0])) {
            heap[0] = unit;
            sift_down(by, heap, count, 0);
        }
    }
    for (size_t end = held; end-- > 1;) {
        uint32_t last = heap[0];
        heap[0] = heap[end];
        heap[end] = last;
        sift_down(by, heap, end, 0);
    }
}

static int list_specials(const lb_msu_search *search, const lb_suda_options *options,
                         lb_suda_result *result, lb_error *error) {
    const lb_msu_first *firsts = lb_msu_search_firsts(search);
    size_t wanted = options->specials;
    size_t count = wanted < result->msu_units ? wanted : (size_t)result->msu_units;
    uint32_t *ranked = lb_arena_alloc(result->arena, count, sizeof *ranked);
    result->specials = lb_arena_alloc(result->arena, count, sizeof *result->specials);
    if (!ranked || !result->specials)
        return lb_fail_memory(error, "SUDA's special uniques");
    const unit_ranking by = {result->scores, options->order};
    rank_units(&by, result->units, ranked, count);
    for (size_t i = 0; i < count; i++) {
        const lb_msu_first *first = &firsts[ranked[i]];
        size_t columns[LB_MSU_SIZE_MAX];
        size_t *kept = lb_arena_alloc(result->arena, first->size, sizeof *kept);
        if (!kept)
            return lb_fail_memory(error, "SUDA's special uniques");
        lb_msu_search_columns(search, first->size, first->set, columns);
        memcpy(kept, columns, first->size * sizeof *kept);
        result->specials[i] =
            (lb_suda_special){ranked[i], first->row, result->scores[ranked[i]], first->size, kept};
    }
    result->special_count = count;
    return LB_OK;
}

static void *arena_zero(lb_arena *arena, size_t count, size_t size) {
    void *memory = lb_arena_alloc(arena, count, size);
    return memory ? memset(memory, 0, count * size) : NULL;
}

static int evaluate(const lb_table *table, const lb_suda_options *options,
                    const lb_msu_search *search, lb_suda_result *result, lb_error *error) {
    lb_arena *arena = result->arena;
    result->sizes = arena_zero(arena, result->max_size, sizeof *result->sizes);
    result->scores = arena_zero(arena, result->units, sizeof *result->scores);
    result->dis = arena_zero(arena, result->units, sizeof *result->dis);
    result->column_shares = arena_zero(arena, result->columns, sizeof *result->column_shares);
    if (!result->sizes || !result->scores || !result->dis || !result->column_shares)
        return lb_fail_memory(error, "SUDA's scores");
    take_scores(search, result);
    count_classes(search, result);
    spread_dis(result, options->sampling_fraction);
    average(result);
    int status = list_shares(table, search, result, error);
    return status < 0 ? status : list_specials(search, options, result, error);
}

static int check_options(const lb_suda_options *options, lb_error *error) {
    if (!(options->sampling_fraction > 0 && options->sampling_fraction <= 1))
        return lb_fail(error, LB_E_USAGE, "--sampling-fraction", "give a share of 1, such as 0.01",
                       "the sampling fraction must be above 0 and at most 1");
    if (options->max_size > LB_MSU_SIZE_MAX)
        return lb_fail(error, LB_E_USAGE, "SUDA", "ask for smaller sets",
                       "sets of more than %d columns are not searched", LB_MSU_SIZE_MAX);
    return LB_OK;
}

int lb_suda_run(const lb_table *table, const lb_suda_options *options, lb_suda_result *result,
                lb_error *error) {
    *result = (lb_suda_result){
        .units = table->units, .columns = table->quasi_identifier_count, .complete = true};
    int status = check_options(options, error);
    if (status < 0)
        return status;
    unsigned wanted = options->max_size;
    if (wanted == 0)
        wanted = result->columns <= LB_SUDA_ALL_SIZES ? LB_SUDA_ALL_SIZES : LB_SUDA_SIZE_ABOVE;
    result->max_size = wanted < result->columns ? wanted : (unsigned)result->columns;
    double weights[LB_MSU_SIZE_MAX];
    for (unsigned size = 1; size <= result->max_size; size++)
        weights[size - 1] = weight_of_size(result->columns, size, result->max_size);
    lb_msu_options search_options = {.max_size = result->max_size,
                                     .weights = weights,
                                     .budget = options->budget ? options->budget : LB_SUDA_BUDGET,
                                     .threads = options->threads};
    lb_msu_search *search = NULL;
    result->arena = lb_arena_new();
    status = result->arena ? lb_msu_search_run(&search, table, &search_options, error)
                           : lb_fail_memory(error, "SUDA");
    if (status == LB_OK)
        status = evaluate(table, options, search, result, error);
    lb_msu_search_free(search);
    if (status < 0)
        lb_suda_free(result);
    return status;
}

void lb_suda_free(lb_suda_result *result) {
    lb_arena_free(result->arena);
    *result = (lb_suda_result){0};
}
