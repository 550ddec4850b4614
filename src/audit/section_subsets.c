#include "audit/json_value.h"
#include "audit/section.h"
#include "risk/subsets.h"

enum { SUBSETS_MAX = 21000 /* of 200 columns that is all singles, all pairs and some triples */ };

static json_t *column_names(const lb_table *table, const uint32_t *columns, uint32_t count) {
    json_t *list = json_array();
    for (uint32_t i = 0; list && i < count; i++)
        if (json_array_append_new(list, lb_json_text(table->quasi_identifiers[columns[i]].name)) !=
            0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *subset_object(const lb_table *table, const lb_subset *subset) {
    json_t *object = json_object();
    bool ok = lb_json_set(object, "columns",
                          column_names(table, subset->columns, subset->column_count)) &&
              lb_json_set(object, "k", lb_json_count(subset->k)) &&
              lb_json_set(object, "classes", lb_json_count(subset->classes)) &&
              lb_json_set(object, "unique", lb_json_count(subset->unique)) &&
              lb_json_set(object, "unique_share", lb_json_number(subset->unique_share)) &&
              lb_json_set(object, "distinction", lb_json_number(subset->distinction)) &&
              lb_json_set(object, "separation", lb_json_number(subset->separation));
    if (ok)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *gain_object(const lb_table *table, const lb_field_gain *gain) {
    json_t *object = json_object();
    bool ok =
        lb_json_set(object, "column", lb_json_text(table->quasi_identifiers[gain->column].name)) &&
        lb_json_set(object, "k", lb_json_count(gain->k)) &&
        lb_json_set(object, "unique_share", lb_json_number(gain->unique_share)) &&
        lb_json_set(object, "k_gain", lb_json_number(gain->k_gain)) &&
        lb_json_set(object, "unique_gain", lb_json_number(gain->unique_gain));
    if (ok)
        return object;
    json_decref(object);
    return NULL;
}

static int put(lb_audit_run_state *audit, const lb_subsets *subsets, lb_error *error) {
    const lb_table *table = lb_index_table(audit->index);
    json_t *list = json_array(), *gains = json_array();
    bool ok = list && gains;
    for (size_t i = 0; ok && i < subsets->count; i++)
        ok = json_array_append_new(list, subset_object(table, &subsets->items[i])) == 0;
    for (size_t i = 0; ok && i < subsets->gain_count; i++)
        ok = json_array_append_new(gains, gain_object(table, &subsets->gains[i])) == 0;
    json_t *section = lb_results_section(audit->results, "singling_out.quasi_identifiers");
    uint64_t left_out = 0;
    for (unsigned i = 0; i <= LB_SUBSET_LARGEST; i++)
        left_out += subsets->left_out[i];
    ok = ok && lb_json_set(section, "subsets", json_incref(list)) &&
         lb_json_set(section, "subsets_left_out", lb_json_count(left_out)) &&
         lb_json_set(section, "without", json_incref(gains));
    json_decref(list);
    json_decref(gains);
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
