#include "audit/section/section.h"
#include "audit/section/sections.h"
#include "results/json_value.h"
#include "risk/classes/subsets.h"

enum { SUBSETS_MAX = 21000 /* of 200 columns that is all singles, all pairs and some triples */ };

/* A list of what the search found, and the table whose columns it is about. */
typedef struct found {
    const lb_table *table;
    const lb_subsets *subsets;
    const lb_subset *subset; /* of column_name */
} found;

static json_t *column_name(const void *context, size_t index) {
    const found *of = context;
    return lb_json_text(of->table->quasi_identifiers[of->subset->columns[index]].name);
}

static json_t *subset_object(const void *context, size_t index) {
    const found *all = context;
    const lb_subset *subset = &all->subsets->items[index];
    const found one = {.table = all->table, .subset = subset};
    json_t *object = json_object();
    bool ok =
        lb_json_set(object, "columns", lb_json_list(subset->column_count, column_name, &one)) &&
        lb_json_set(object, "k", lb_json_count(subset->k)) &&
        lb_json_set(object, "classes", lb_json_count(subset->classes)) &&
        lb_json_set(object, "unique", lb_json_count(subset->unique)) &&
        lb_json_set(object, "unique_share", lb_json_number(subset->unique_share)) &&
        lb_json_set(object, "distinction", lb_json_number(subset->distinction)) &&
        lb_json_set(object, "separation", lb_json_number(subset->separation));
    return lb_json_whole(object, ok);
}

static json_t *gain_object(const void *context, size_t index) {
    const lb_table *table = ((const found *)context)->table;
    const lb_field_gain *gain = &((const found *)context)->subsets->gains[index];
    json_t *object = json_object();
    bool ok =
        lb_json_set(object, "column", lb_json_text(table->quasi_identifiers[gain->column].name)) &&
        lb_json_set(object, "k", lb_json_count(gain->k)) &&
        lb_json_set(object, "unique_share", lb_json_number(gain->unique_share)) &&
        lb_json_set(object, "k_gain", lb_json_number(gain->k_gain)) &&
        lb_json_set(object, "unique_gain", lb_json_number(gain->unique_gain));
    return lb_json_whole(object, ok);
}

static int put(lb_audit_run_state *audit, const lb_subsets *subsets, lb_error *error) {
    const found all = {.table = lb_index_table(audit->index), .subsets = subsets};
    json_t *section = lb_results_section(audit->results, "singling_out.quasi_identifiers");
    uint64_t left_out = 0;
    for (unsigned i = 0; i <= LB_SUBSET_LARGEST; i++)
        left_out += subsets->left_out[i];
    bool ok = lb_json_set(section, "subsets", lb_json_list(subsets->count, subset_object, &all)) &&
              lb_json_set(section, "subsets_left_out", lb_json_count(left_out)) &&
              lb_json_set(section, "without", lb_json_list(subsets->gain_count, gain_object, &all));
    if (!ok)
        return lb_fail_memory(error, "describing the subsets");
    return left_out == 0
               ? LB_OK
               : lb_results_warn(
                     audit->results, error,
                     "%llu subsets of the quasi-identifiers were not measured: those of the less "
                     "distinguishing fields",
                     (unsigned long long)left_out);
}

int lb_section_subsets(lb_audit_run_state *audit, lb_error *error) {
    if (lb_section_no_table(audit, LB_MEASURE_QI))
        return LB_OK; /* the anonymity sets have said why */
    lb_subsets_options options = {.missing = audit->settings->missing,
                                  .largest = LB_SUBSET_LARGEST,
                                  .max_subsets = SUBSETS_MAX,
                                  .threads = audit->settings->threads,
                                  .progress = &audit->settings->progress};
    lb_subsets subsets;
    int status = lb_subsets_measure(&subsets, lb_index_table(audit->index), &options, error);
    if (status < 0)
        return status;
    status = put(audit, &subsets, error);
    lb_subsets_free(&subsets);
    return status;
}
