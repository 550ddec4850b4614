#include "risk/classes/subsets.h"

#include <stdlib.h>
#include <string.h>

#include "base/order.h"
#include "base/thread.h"
#include "risk/classes/wildcard.h"

/* One list of subsets to be measured by any number of threads. */
typedef struct subset_job {
    const lb_trace_rows *rows; /* distinct traces of the full set */
    size_t units;
    lb_missing missing;
    lb_subset *subsets;
    lb_grouper **groupers; /* one for each thread */
} subset_job;

/* The distinct traces of the full set; the groupers of the threads. */
typedef struct subset_search {
    const lb_subsets_options *options;
    lb_subsets *out;
    lb_arena *arena; /* of what is gone afterwards */
    lb_trace_rows rows;
    size_t units;
    uint32_t columns;
    lb_grouper **groupers;
    unsigned threads;
    uint32_t *ranking; /* [columns] most distinguishing first */
} subset_search;

void lb_subsets_free(lb_subsets *subsets) {
    lb_arena_free(subsets->arena);
    *subsets = (lb_subsets){0};
}

static void count_uniques(lb_subset *subset, const lb_traces *traces, const uint32_t *sizes) {
    subset->k = (uint32_t)traces->units;
    for (uint32_t t = 0; t < traces->traces; t++) {
        bool unique = false;
        for (uint32_t i = traces->offsets[t]; i < traces->offsets[t + 1]; i++) {
            uint32_t size = sizes[traces->class_of[i]];
            unique |= size == 1;
            if (size < subset->k)
                subset->k = size;
        }
        subset->unique += unique ? traces->members[t] : 0;
    }
}

static int measure_subset(void *context, size_t piece, unsigned worker, lb_error *error) {
    const subset_job *job = context;
    lb_subset *subset = &job->subsets[piece];
    lb_grouper *grouper = job->groupers[worker];
    lb_traces traces;
    int status =
        lb_traces_build(&traces, job->rows, subset->columns, subset->column_count, grouper, error);
    if (status < 0)
        return status;
    const uint32_t *sizes = traces.sizes;
    if (job->missing == LB_MISSING_ANY) {
        uint32_t *wild = lb_arena_alloc(traces.arena, traces.classes, sizeof *wild);
        sizes = wild;
        status = wild ? lb_wildcard_sizes(wild, &traces, job->rows, subset->columns,
                                          subset->column_count, grouper, error)
                      : lb_fail_memory(error, "subsets of quasi-identifiers");
    }
    if (status == LB_OK) {
        count_uniques(subset, &traces, sizes);
        subset->classes = traces.classes;
        subset->unique_share = job->units ? subset->unique / (double)job->units : 0;
        subset->distinction = job->units ? subset->classes / (double)job->units : 0;
        subset->separation = lb_traces_separation(&traces);
    }
    lb_traces_free(&traces);
    return status;
}

static int measure_subsets(const subset_search *search, lb_subset *subsets, size_t count,
                           lb_error *error) {
    subset_job job = {&search->rows, search->units, search->options->missing, subsets,
                      search->groupers};
    return lb_parallel(search->threads, count, measure_subset, &job, error);
}

static lb_subset *new_subsets(lb_arena *arena, size_t count, size_t columns, lb_error *error) {
    lb_subset *subsets = lb_arena_alloc(arena, count, sizeof *subsets);
    uint32_t *members = lb_arena_alloc(arena, count * columns, sizeof *members);
    if (!subsets || !members) {
        lb_fail_memory(error, "subsets of quasi-identifiers");
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        subsets[i] =
            (lb_subset){.columns = members + i * columns, .column_count = (uint32_t)columns};
    return subsets;
}

static int compare_subsets(const void *left, const void *right) {
    const lb_subset *a = left, *b = right;
    if (a->column_count != b->column_count)
        return a->column_count < b->column_count ? -1 : 1;
    for (uint32_t i = 0; i < a->column_count; i++)
        if (a->columns[i] != b->columns[i])
            return a->columns[i] < b->columns[i] ? -1 : 1;
    return 0;
}

static int compare_separation(const void *left, const void *right) {
    const lb_subset *a = left, *b = right;
    if (a->separation != b->separation)
        return a->separation > b->separation ? -1 : 1;
    return compare_subsets(a, b);
}

/* Measures each column alone, in order of the columns, and ranks them. */
static int measure_singles(subset_search *search, lb_subset **singles, lb_error *error) {
    uint32_t columns = search->columns;
    *singles = new_subsets(search->out->arena, columns, 1, error);
    lb_subset *ranked = lb_arena_alloc(search->arena, columns, sizeof *ranked);
    search->ranking = lb_arena_alloc(search->arena, columns, sizeof *search->ranking);
    if (!*singles || !ranked || !search->ranking)
        return lb_fail_memory(error, "subsets of quasi-identifiers");
    for (uint32_t c = 0; c < columns; c++)
        (*singles)[c].columns[0] = c;
    int status = measure_subsets(search, *singles, columns, error);
    if (status < 0)
        return status;
    memcpy(ranked, *singles, columns * sizeof *ranked);
    qsort(ranked, columns, sizeof *ranked, compare_separation);
    for (uint32_t c = 0; c < columns; c++)
        search->ranking[c] = ranked[c].columns[0];
    return LB_OK;
}

static uint64_t combinations(uint64_t columns, unsigned size) {
    uint64_t count = 1;
    for (unsigned i = 0; i < size; i++)
        count = i < columns ? count * (columns - i) / (i + 1) : 0;
    return count;
}

/* Steps to the next combination in colexicographic order: all those of the first n numbers come
 * before any with the number n. */
static void next_combination(uint32_t *numbers, unsigned size) {
    unsigned i = 0;
    while (i + 1 < size && numbers[i] + 1 == numbers[i + 1]) {
        numbers[i] = i;
        i++;
    }
    numbers[i]++;
}

/* The subsets of `size` columns, as many as `count`, among the most distinguishing columns. */
static lb_subset *choose_subsets(const subset_search *search, unsigned size, size_t count,
                                 lb_error *error) {
    lb_subset *subsets = new_subsets(search->out->arena, count, size, error);
    uint32_t ranks[LB_SUBSET_LARGEST];
    for (uint32_t i = 0; i < size; i++)
        ranks[i] = i;
    for (size_t s = 0; subsets && s < count; s++) {
        uint32_t *columns = subsets[s].columns;
        for (unsigned i = 0; i < size; i++)
            columns[i] = search->ranking[ranks[i]];
        qsort(columns, size, sizeof *columns, lb_order_u32);
        next_combination(ranks, size);
    }
    return subsets;
}

/* Puts together the lists by size; the full set is last, unless it is among the smaller ones. */
static int join_lists(subset_search *search, lb_subset **lists, const size_t *counts,
                      size_t list_count, lb_error *error) {
    size_t count = 0;
    for (size_t i = 0; i < list_count; i++)
        count += counts[i];
    lb_subset *items = lb_arena_alloc(search->out->arena, count, sizeof *items);
    if (!items)
        return lb_fail_memory(error, "subsets of quasi-identifiers");
    count = 0;
    for (size_t i = 0; i < list_count; i++) {
        memcpy(items + count, lists[i], counts[i] * sizeof *items);
        count += counts[i];
    }
    qsort(items, count, sizeof *items, compare_subsets);
    search->out->items = items;
    search->out->count = count;
    return LB_OK;
}

static int measure_all(subset_search *search, lb_error *error) {
    lb_subset *lists[LB_SUBSET_LARGEST + 1];
    size_t counts[LB_SUBSET_LARGEST + 1], used = 0;
    uint32_t columns = search->columns;
    bool full_apart = columns > search->options->largest;
    int status = measure_singles(search, &lists[0], error);
    counts[used++] = columns;
    size_t spent = columns + full_apart, budget = search->options->max_subsets;
    for (unsigned size = 2; status == LB_OK && size <= search->options->largest; size++) {
        uint64_t all = combinations(columns, size), left = budget > spent ? budget - spent : 0;
        counts[used] = (size_t)(all < left ? all : left);
        search->out->left_out[size] = all - counts[used];
        lists[used] = choose_subsets(search, size, counts[used], error);
        status =
            lists[used] ? measure_subsets(search, lists[used], counts[used], error) : LB_E_RESOURCE;
        spent += counts[used++];
        lb_progress_report(search->options->progress, "subsets", spent, 0);
    }
    if (status == LB_OK && full_apart) {
        lists[used] = new_subsets(search->out->arena, 1, columns, error);
        counts[used] = 1;
        for (uint32_t c = 0; lists[used] && c < columns; c++)
            lists[used]->columns[c] = c;
        status = lists[used] ? measure_subsets(search, lists[used], 1, error) : LB_E_RESOURCE;
        used++;
    }
    return status == LB_OK ? join_lists(search, lists, counts, used, error) : status;
}

static int compare_gains(const void *left, const void *right) {
    const lb_field_gain *a = left, *b = right;
    if (a->unique_gain != b->unique_gain)
        return a->unique_gain > b->unique_gain ? -1 : 1;
    if (a->k_gain != b->k_gain)
        return a->k_gain > b->k_gain ? -1 : 1;
    return (a->column > b->column) - (a->column < b->column);
}

static int measure_gains(subset_search *search, lb_error *error) {
    uint32_t columns = search->columns;
    lb_subset *full = new_subsets(search->arena, 1, columns, error);
    lb_subset *without = new_subsets(search->arena, columns, columns - 1, error);
    lb_field_gain *gains = lb_arena_alloc(search->out->arena, columns, sizeof *gains);
    if (!full || !without || !gains)
        return lb_fail_memory(error, "subsets of quasi-identifiers");
    for (uint32_t c = 0; c < columns; c++) {
        full->columns[c] = c;
        for (uint32_t i = 0; i + 1 < columns; i++)
            without[c].columns[i] = i + (i >= c);
    }
    int status = measure_subsets(search, full, 1, error);
    if (status == LB_OK)
        status = measure_subsets(search, without, columns, error);
    if (status < 0)
        return status;
    for (uint32_t c = 0; c < columns; c++)
        gains[c] = (lb_field_gain){.column = c,
                                   .k = without[c].k,
                                   .unique_share = without[c].unique_share,
                                   .k_gain = without[c].k - full->k,
                                   .unique_gain = full->unique_share - without[c].unique_share};
    qsort(gains, columns, sizeof *gains, compare_gains);
    search->out->gains = gains;
    search->out->gain_count = columns;
    return LB_OK;
}

/* Condenses the table to the distinct traces of its full set of quasi-identifiers. */
static int condense(subset_search *search, const lb_table *table, lb_error *error) {
    lb_group_column *columns = lb_arena_alloc(search->arena, search->columns, sizeof *columns);
    uint32_t *chosen = lb_arena_alloc(search->arena, search->columns, sizeof *chosen);
    if (!columns || !chosen)
        return lb_fail_memory(error, "subsets of quasi-identifiers");
    for (uint32_t c = 0; c < search->columns; c++)
        chosen[c] = c;
    lb_trace_rows rows = lb_trace_rows_of(table, columns);
    lb_traces traces;
    int status =
        lb_traces_build(&traces, &rows, chosen, search->columns, search->groupers[0], error);
    if (status < 0)
        return status;
    uint32_t *members = lb_arena_alloc(search->arena, traces.traces, sizeof *members);
    if (!members)
        status = lb_fail_memory(error, "subsets of quasi-identifiers");
    else
        status = lb_traces_condense(&search->rows, &traces, &rows, chosen, search->columns,
                                    search->arena, error);
    if (status == LB_OK) {
        memcpy(members, traces.members, traces.traces * sizeof *members);
        search->rows.members = members;
        search->units = traces.units;
    }
    lb_traces_free(&traces);
    return status;
}

static int prepare(subset_search *search, lb_error *error) {
    search->arena = lb_arena_new();
    search->out->arena = lb_arena_new();
    search->groupers = lb_alloc_zero(search->threads, sizeof(lb_grouper *));
    if (!search->arena || !search->out->arena || !search->groupers)
        return lb_fail_memory(error, "subsets of quasi-identifiers");
    int status = LB_OK;
    for (unsigned t = 0; status == LB_OK && t < search->threads; t++)
        status = lb_grouper_new(&search->groupers[t], error);
    return status;
}

int lb_subsets_measure(lb_subsets *out, const lb_table *table, const lb_subsets_options *options,
                       lb_error *error) {
    *out = (lb_subsets){0};
    if (options->largest < 1 || options->largest > LB_SUBSET_LARGEST || options->threads < 1)
        return lb_fail(error, LB_E_USAGE, "subsets of quasi-identifiers",
                       "take 1 to 3 columns and at least one thread", "%u columns, %u threads",
                       options->largest, options->threads);
    if (table->quasi_identifier_count == 0)
        return LB_OK;
    subset_search search = {.options = options,
                            .out = out,
                            .columns = (uint32_t)table->quasi_identifier_count,
                            .threads = options->threads};
    int status = prepare(&search, error);
    if (status == LB_OK)
        status = condense(&search, table, error);
    if (status == LB_OK)
        status = measure_all(&search, error);
    if (status == LB_OK)
        status = measure_gains(&search, error);
    for (unsigned t = 0; search.groupers && t < search.threads; t++)
        lb_grouper_free(search.groupers[t]);
    lb_free(search.groupers);
    lb_arena_free(search.arena);
    if (status < 0)
        lb_subsets_free(out);
    return status;
}
