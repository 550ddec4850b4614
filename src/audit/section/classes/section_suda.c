#include "audit/section/numbers.h"
#include "audit/section/section.h"
#include "audit/section/sections.h"
#include "results/json_value.h"
#include "results/mask.h"
#include "risk/suda/suda.h"

enum { SPECIALS_SHOWN = 50, VALUES_SHOWN = 30 };

static const lb_metric_id metrics[] = {
    LB_METRIC_SUDA_MSU_USERS_SHARE, LB_METRIC_SUDA_SCORE_MAX, LB_METRIC_SUDA_SCORE_MEAN,
    LB_METRIC_SUDA_DIS_MAX,         LB_METRIC_SUDA_DIS_MEAN,
};
enum { METRICS = sizeof metrics / sizeof *metrics };

static lb_str column_name(const lb_audit_run_state *audit, size_t column) {
    return lb_index_table(audit->index)->quasi_identifiers[column].name;
}

static json_t *sizes(const lb_suda_result *suda, bool counts_only) {
    json_t *list = json_array();
    for (unsigned i = 0; list && i < suda->max_size; i++) {
        const lb_suda_size *size = &suda->sizes[i];
        json_t *entry =
            counts_only ? lb_json_count(size->msus)
                        : json_pack("{s:I, s:I, s:I, s:I}", "size", (json_int_t)(i + 1), "msus",
                                    (json_int_t)size->msus, "sets_searched", (json_int_t)size->sets,
                                    "columns", (json_int_t)size->columns);
        if (json_array_append_new(list, entry) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *contribution(const lb_audit_run_state *audit, const lb_suda_result *suda) {
    json_t *object = json_object();
    for (size_t i = 0; object && i < suda->columns; i++) {
        lb_str name = column_name(audit, i);
        if (json_object_setn_new(object, name.data, name.size,
                                 lb_json_number(suda->column_shares[i])) != 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

/* The values that make people special, masked where fewer than k units have them. */
static int put_values(lb_audit_run_state *audit, const lb_suda_result *suda, json_t *list,
                      lb_error *error) {
    const lb_table *table = lb_index_table(audit->index);
    for (size_t i = 0; i < suda->value_count && i < VALUES_SHOWN; i++) {
        const lb_suda_value *value = &suda->values[i];
        lb_buffer text = {0};
        int status = lb_section_value(audit, &table->quasi_identifiers[value->column], value->code,
                                      &text, error);
        json_t *entry = json_object();
        bool ok = lb_json_set(entry, "column", lb_json_text(column_name(audit, value->column))) &&
                  lb_json_set(entry, "value", lb_json_text(lb_buffer_str(&text))) &&
                  lb_json_set(entry, "share", lb_json_number(value->share)) &&
                  json_array_append(list, entry) == 0;
        json_decref(entry);
        lb_buffer_free(&text);
        if (status < 0 || !ok)
            return status < 0 ? status : lb_fail_memory(error, "describing SUDA");
    }
    return LB_OK;
}

static int put_specials(lb_audit_run_state *audit, const lb_suda_result *suda, json_t *list,
                        lb_error *error) {
    for (size_t i = 0; i < suda->special_count; i++) {
        const lb_suda_special *special = &suda->specials[i];
        lb_buffer key = {0};
        int status = lb_section_key(audit, special->unit, &key, error);
        json_t *columns = json_array(), *entry = json_object();
        bool ok = columns && entry;
        for (size_t c = 0; ok && c < special->columns_count; c++)
            ok = json_array_append_new(columns,
                                       lb_json_text(column_name(audit, special->columns[c]))) == 0;
        ok = ok && lb_json_set(entry, "user", lb_json_text(lb_buffer_str(&key))) &&
             lb_json_set(entry, "score", lb_json_number(special->score)) &&
             lb_json_set(entry, "dis", lb_json_number(suda->dis[special->unit])) &&
             lb_json_set(entry, "columns", json_incref(columns)) &&
             json_array_append(list, entry) == 0;
        json_decref(entry);
        json_decref(columns);
        lb_buffer_free(&key);
        if (status < 0 || !ok)
            return status < 0 ? status : lb_fail_memory(error, "describing SUDA");
    }
    return LB_OK;
}

static int put(lb_audit_run_state *audit, const lb_suda_result *suda, lb_error *error) {
    const double values[METRICS] = {suda->msu_units_share, suda->score_max, suda->score_mean,
                                    suda->dis_max, suda->dis_mean};
    int status = lb_section_set(audit, metrics, values, METRICS, error);
    json_t *section = lb_results_section(audit->results, "singling_out.suda");
    bool ok = lb_json_set(section, "max_size", lb_json_count(suda->max_size)) &&
              lb_json_set(section, "complete", json_boolean(suda->complete)) &&
              lb_json_set(section, "sampling_fraction",
                          lb_json_number(audit->settings->sampling_fraction)) &&
              lb_json_set(section, "msu_by_size", sizes(suda, true)) &&
              lb_json_set(section, "search", sizes(suda, false)) &&
              lb_json_set(section, "unique_units", lb_json_count(suda->unique_units)) &&
              lb_json_set(section, "pair_units", lb_json_count(suda->pair_units)) &&
              lb_json_set(section, "contribution", contribution(audit, suda)) &&
              lb_json_set(section, "values", json_array()) &&
              lb_json_set(section, "specials", json_array());
    if (status < 0 || !ok)
        return status < 0 ? status : lb_fail_memory(error, "describing SUDA");
    status = put_values(audit, suda, json_object_get(section, "values"), error);
    if (status == LB_OK)
        status = put_specials(audit, suda, json_object_get(section, "specials"), error);
    if (status == LB_OK && suda->max_size < suda->columns)
        status = lb_results_warn(audit->results, error,
                                 "minimal sample uniques of more than %u of the %zu "
                                 "quasi-identifiers were not looked for: the "
                                 "SUDA figures are lower bounds",
                                 suda->max_size, suda->columns);
    if (status == LB_OK && !suda->complete)
        status = lb_results_warn(audit->results, error,
                                 "not every set of up to %u quasi-identifiers was searched for "
                                 "minimal sample uniques: the "
                                 "SUDA figures are lower bounds",
                                 suda->max_size);
    return status;
}

int lb_section_suda(lb_audit_run_state *audit, lb_error *error) {
    const lb_table *table = lb_index_table(audit->index);
    const char *why = lb_section_no_table(audit, LB_MEASURE_SUDA);
    if (why)
        return lb_section_unknown(audit, metrics, METRICS, why, error);
    lb_suda_options options = {.sampling_fraction = audit->settings->sampling_fraction,
                               .specials = SPECIALS_SHOWN,
                               .threads = audit->settings->threads};
    lb_suda_result suda;
    int status = lb_section_numbers(audit, &options.order, error);
    if (status == LB_OK)
        status = lb_suda_run(table, &options, &suda, error);
    if (status < 0)
        return status;
    status = put(audit, &suda, error);
    lb_suda_free(&suda);
    return status;
}
