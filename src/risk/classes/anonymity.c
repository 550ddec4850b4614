#include "risk/classes/anonymity.h"

#include <stdlib.h>
#include <string.h>

#include "risk/classes/wildcard.h"

enum { SMALL_SIZES = 1 << 16 }; /* class sizes that are counted in a table */

void lb_anonymity_free(lb_anonymity *anonymity) {
    lb_traces_free(&anonymity->traces);
    *anonymity = (lb_anonymity){0};
}

static int check_columns(const lb_table *table, const lb_anonymity_options *options,
                         lb_error *error) {
    for (size_t i = 0; options->columns && i < options->column_count; i++)
        if (options->columns[i] >= table->quasi_identifier_count)
            return lb_fail(error, LB_E_USAGE, "quasi-identifiers", "number them from 0",
                           "there is no column %u among %zu", options->columns[i],
                           table->quasi_identifier_count);
    return LB_OK;
}

/* The smallest class of each trace. A unit without rows shows nothing, and hides among all. */
static void find_smallest(const lb_anonymity *out, uint32_t *set_of_trace) {
    const lb_traces *traces = &out->traces;
    for (uint32_t t = 0; t < traces->traces; t++) {
        uint32_t smallest = (uint32_t)out->units;
        for (uint32_t i = traces->offsets[t]; i < traces->offsets[t + 1]; i++)
            if (out->class_sizes[traces->class_of[i]] < smallest)
                smallest = out->class_sizes[traces->class_of[i]];
        set_of_trace[t] = smallest;
    }
}

static void spread_sets(const lb_anonymity *out, const uint32_t *set_of_trace, uint32_t *sets) {
    for (size_t u = 0; u < out->units; u++)
        sets[u] = set_of_trace[out->traces.trace_of_unit[u]];
}

static int compare_sizes(const void *left, const void *right) {
    const lb_size_count *a = left, *b = right;
    return (a->size > b->size) - (a->size < b->size);
}

/* Adds to the histogram: sizes up to SMALL_SIZES count in a table, larger ones in a list. */
static void count_size(lb_size_count *small, lb_size_count *large, size_t *large_count,
                       lb_size_count count) {
    if (count.size > SMALL_SIZES) {
        large[(*large_count)++] = count;
        return;
    }
    small[count.size].classes += count.classes;
    small[count.size].units += count.units;
}

/* Joins the entries of equal size of a sorted list in place; returns how many remain. */
static size_t join_equal_sizes(lb_size_count *counts, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (counts[i].classes == 0 && counts[i].units == 0)
            continue;
        if (kept > 0 && counts[kept - 1].size == counts[i].size) {
            counts[kept - 1].classes += counts[i].classes;
            counts[kept - 1].units += counts[i].units;
        } else {
            counts[kept++] = counts[i];
        }
    }
    return kept;
}

static int find_histogram(lb_anonymity *out, const uint32_t *set_of_trace, lb_error *error) {
    const lb_traces *traces = &out->traces;
    size_t large = 0, bins = SMALL_SIZES + 1;
    for (uint32_t c = 0; c < out->classes; c++) {
        large += out->class_sizes[c] > SMALL_SIZES;
        if (out->class_sizes[c] > out->largest)
            out->largest = out->class_sizes[c];
    }
    for (uint32_t t = 0; t < traces->traces; t++)
        large += set_of_trace[t] > SMALL_SIZES;
    lb_size_count *counts = lb_alloc_zero(bins + large, sizeof *counts);
    if (!counts)
        return lb_fail_memory(error, "anonymity sets");
    for (uint32_t size = 0; size <= SMALL_SIZES; size++)
        counts[size].size = size;
    large = 0;
    for (uint32_t c = 0; c < out->classes; c++)
        count_size(counts, counts + bins, &large, (lb_size_count){out->class_sizes[c], 1, 0});
    for (uint32_t t = 0; t < traces->traces; t++)
        count_size(counts, counts + bins, &large,
                   (lb_size_count){set_of_trace[t], 0, traces->members[t]});
    qsort(counts + bins, large, sizeof *counts, compare_sizes);
    bins = join_equal_sizes(counts, bins + large);
    lb_size_count *histogram = lb_arena_alloc(traces->arena, bins, sizeof *histogram);
    if (histogram)
        memcpy(histogram, counts, bins * sizeof *histogram);
    lb_free(counts);
    out->histogram = histogram;
    out->histogram_count = bins;
    return histogram ? LB_OK : lb_fail_memory(error, "anonymity sets");
}

static int find_sets(lb_anonymity *out, lb_error *error) {
    uint32_t *set_of_trace = lb_alloc(out->traces.traces, sizeof *set_of_trace);
    uint32_t *sets = lb_arena_alloc(out->traces.arena, out->units, sizeof *sets);
    int status = LB_OK;
    if (!set_of_trace || !sets) {
        status = lb_fail_memory(error, "anonymity sets");
    } else {
        find_smallest(out, set_of_trace);
        spread_sets(out, set_of_trace, sets);
        status = find_histogram(out, set_of_trace, error);
    }
    lb_free(set_of_trace);
    out->sets = sets;
    return status;
}

/* Sums run over the histogram: where each unit has one row, units / size is a whole number, and the
 * mean risk is exactly classes / units. */
static void summarize(lb_anonymity *out, uint32_t threshold) {
    size_t above_020 = 0, above_009 = 0, above_005 = 0;
    double risk = 0, units = (double)out->units;
    if (out->units == 0)
        return;
    out->k = out->histogram[0].size;
    for (size_t i = 0; i < out->histogram_count; i++) {
        const lb_size_count *bin = &out->histogram[i];
        double each = 1.0 / bin->size;
        risk += (double)bin->units / bin->size;
        above_020 += each > 0.2 ? bin->units : 0;
        above_009 += each > 0.09 ? bin->units : 0;
        above_005 += each > 0.05 ? bin->units : 0;
        out->unique += bin->size == 1 ? bin->units : 0;
        out->below_k += bin->size < threshold ? bin->units : 0;
    }
    out->prosecutor_max = 1.0 / out->k;
    out->prosecutor_mean = risk / units;
    out->above_020 = (double)above_020 / units;
    out->above_009 = (double)above_009 / units;
    out->above_005 = (double)above_005 / units;
    out->unique_share = (double)out->unique / units;
    out->below_k_share = (double)out->below_k / units;
    out->distinction = out->classes / units;
    out->separation = lb_traces_separation(&out->traces);
}

static int size_classes(lb_anonymity *out, const lb_trace_rows *rows, const uint32_t *chosen,
                        size_t chosen_count, lb_missing missing, lb_grouper *grouper,
                        lb_error *error) {
    out->class_sizes = out->traces.sizes;
    if (missing == LB_MISSING_OWN)
        return LB_OK;
    uint32_t *sizes = lb_arena_alloc(out->traces.arena, out->classes, sizeof *sizes);
    if (!sizes)
        return lb_fail_memory(error, "anonymity sets");
    out->class_sizes = sizes;
    return lb_wildcard_sizes(sizes, &out->traces, rows, chosen, chosen_count, grouper, error);
}

static int measure(lb_anonymity *out, const lb_trace_rows *rows, const uint32_t *chosen,
                   size_t chosen_count, const lb_anonymity_options *options, lb_grouper *grouper,
                   lb_error *error) {
    int status = lb_traces_build(&out->traces, rows, chosen, chosen_count, grouper, error);
    if (status < 0)
        return status;
    out->units = rows->units;
    out->classes = out->traces.classes;
    if ((status = size_classes(out, rows, chosen, chosen_count, options->missing, grouper,
                               error)) == LB_OK &&
        (status = find_sets(out, error)) == LB_OK)
        summarize(out, options->k);
    if (status < 0)
        lb_anonymity_free(out);
    return status;
}

int lb_anonymity_measure(lb_anonymity *out, const lb_table *table,
                         const lb_anonymity_options *options, lb_error *error) {
    *out = (lb_anonymity){0};
    int status = check_columns(table, options, error);
    if (status < 0)
        return status;
    size_t count = table->quasi_identifier_count,
           chosen_count = options->columns ? options->column_count : count;
    lb_group_column *columns = lb_alloc(count, sizeof *columns);
    uint32_t *chosen = lb_alloc(chosen_count, sizeof *chosen);
    lb_grouper *grouper = NULL;
    if (!columns || !chosen)
        status = lb_fail_memory(error, "anonymity sets");
    else
        status = lb_grouper_new(&grouper, error);
    if (status == LB_OK) {
        for (size_t i = 0; i < chosen_count; i++)
            chosen[i] = options->columns ? options->columns[i] : (uint32_t)i;
        lb_trace_rows rows = lb_trace_rows_of(table, columns);
        status = measure(out, &rows, chosen, chosen_count, options, grouper, error);
    }
    lb_grouper_free(grouper);
    lb_free(chosen);
    lb_free(columns);
    return status;
}
