#include "risk/classes/quasi_candidates.h"

#include <stdlib.h>

#include "risk/classes/traces.h"

const lb_quasi_candidate_thresholds lb_quasi_candidate_defaults = {
    .key_distinction = 0.9, .least_separation = 0.1, .most_missing = 0.9, .least_steadiness = 0.5};

void lb_quasi_candidates_free(lb_quasi_candidates *candidates) {
    lb_arena_free(candidates->arena);
    *candidates = (lb_quasi_candidates){0};
}

/* Distinct values of a trace of one column, without the missing one. */
static uint32_t values_of(const lb_traces *traces, const uint32_t *codes, uint32_t trace) {
    uint32_t values = 0;
    for (uint32_t i = traces->offsets[trace]; i < traces->offsets[trace + 1]; i++)
        values += codes[traces->first_row[traces->class_of[i]]] != LB_CODE_MISSING;
    return values;
}

static bool has_own_value(const lb_traces *traces, const uint32_t *codes, uint32_t trace) {
    for (uint32_t i = traces->offsets[trace]; i < traces->offsets[trace + 1]; i++) {
        uint32_t class = traces->class_of[i];
        if (traces->sizes[class] == 1 && codes[traces->first_row[class]] != LB_CODE_MISSING)
            return true;
    }
    return false;
}

static double steadiness(const lb_table *table, const lb_traces *traces, const uint32_t *codes) {
    size_t several = 0, steady = 0;
    for (size_t r = 0; r < table->rows;) {
        uint32_t unit = table->unit[r];
        uint64_t records = 0;
        for (; r < table->rows && table->unit[r] == unit; r++)
            records += table->records[r];
        if (records > 1) {
            several++;
            steady += values_of(traces, codes, traces->trace_of_unit[unit]) <= 1;
        }
    }
    return several ? (double)steady / (double)several : 1;
}

static lb_quasi_candidate_kind kind_of(const lb_quasi_candidate *candidate,
                                       const lb_quasi_candidate_thresholds *thresholds) {
    if (candidate->missing > thresholds->most_missing ||
        candidate->separation < thresholds->least_separation)
        return LB_CANDIDATE_WEAK;
    if (candidate->steadiness < thresholds->least_steadiness)
        return LB_CANDIDATE_PASSING;
    return candidate->distinction >= thresholds->key_distinction ? LB_CANDIDATE_KEY
                                                                 : LB_CANDIDATE_QUASI;
}

static void describe(lb_quasi_candidate *out, const lb_table *table, const lb_traces *traces,
                     uint32_t column, const lb_quasi_candidate_thresholds *thresholds) {
    const uint32_t *codes = table->quasi_identifiers[column].codes;
    size_t shown = 0, unique = 0;
    *out = (lb_quasi_candidate){.column = column};
    for (uint32_t c = 0; c < traces->classes; c++)
        out->values += codes[traces->first_row[c]] != LB_CODE_MISSING;
    for (uint32_t t = 0; t < traces->traces; t++) {
        shown += values_of(traces, codes, t) ? traces->members[t] : 0;
        unique += has_own_value(traces, codes, t) ? traces->members[t] : 0;
    }
    double units = (double)table->units;
    out->missing = table->units ? (double)(table->units - shown) / units : 1;
    out->distinction = shown ? out->values / (double)shown : 0;
    out->unique_share = table->units ? (double)unique / units : 0;
    out->separation = lb_traces_separation(traces);
    out->steadiness = steadiness(table, traces, codes);
    out->kind = kind_of(out, thresholds);
}

static int compare_candidates(const void *left, const void *right) {
    const lb_quasi_candidate *a = left, *b = right;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->separation != b->separation)
        return a->separation > b->separation ? -1 : 1;
    return (a->column > b->column) - (a->column < b->column);
}

static int describe_all(lb_quasi_candidate *items, const lb_table *table, lb_group_column *columns,
                        const lb_quasi_candidate_thresholds *thresholds, lb_error *error) {
    lb_grouper *grouper;
    int status = lb_grouper_new(&grouper, error);
    if (status < 0)
        return status;
    lb_trace_rows rows = lb_trace_rows_of(table, columns);
    for (uint32_t c = 0; status == LB_OK && c < table->quasi_identifier_count; c++) {
        lb_traces traces;
        status = lb_traces_build(&traces, &rows, &c, 1, grouper, error);
        if (status == LB_OK) {
            describe(&items[c], table, &traces, c, thresholds);
            lb_traces_free(&traces);
        }
    }
    lb_grouper_free(grouper);
    return status;
}

int lb_quasi_candidates_rank(lb_quasi_candidates *out, const lb_table *table,
                             const lb_quasi_candidate_thresholds *thresholds, lb_error *error) {
    size_t count = table->quasi_identifier_count;
    *out = (lb_quasi_candidates){.arena = lb_arena_new(), .count = count};
    lb_quasi_candidate *items =
        out->arena ? lb_arena_alloc(out->arena, count, sizeof *items) : NULL;
    lb_group_column *columns = lb_alloc(count, sizeof *columns);
    int status = items && columns ? describe_all(items, table, columns, thresholds, error)
                                  : lb_fail_memory(error, "candidate quasi-identifiers");
    lb_free(columns);
    out->items = items;
    if (status < 0)
        lb_quasi_candidates_free(out);
    else
        qsort(items, count, sizeof *items, compare_candidates);
    return status;
}
