#include "audit/section/section.h"
#include "audit/section/sections.h"
#include "results/json_value.h"

static const char section_path[] = "singling_out.quasi_identifiers";

static const lb_metric_id metrics[] = {
    LB_METRIC_QI_K,
    LB_METRIC_QI_CLASSES,
    LB_METRIC_QI_UNIQUE_USERS,
    LB_METRIC_QI_UNIQUE_SHARE,
    LB_METRIC_QI_BELOW_K_SHARE,
    LB_METRIC_QI_PROSECUTOR_MAX,
    LB_METRIC_QI_PROSECUTOR_MEAN,
    LB_METRIC_QI_RECORDS_AT_RISK,
};

static int set_metrics(lb_audit_run_state *audit, lb_error *error) {
    const lb_anonymity *a = &audit->anonymity;
    const double values[] = {a->k,
                             a->classes,
                             (double)a->unique,
                             a->unique_share,
                             a->below_k_share,
                             a->prosecutor_max,
                             a->prosecutor_mean,
                             a->above_020};
    return lb_section_set(audit, metrics, values, sizeof metrics / sizeof *metrics, error);
}

static json_t *column_name(const void *table, size_t index) {
    return lb_json_text(((const lb_table *)table)->quasi_identifiers[index].name);
}

/* [size, classes] for each size that some class has. */
static json_t *histogram(const lb_anonymity *anonymity) {
    json_t *list = json_array();
    bool ok = list != NULL;
    for (size_t i = 0; ok && i < anonymity->histogram_count; i++)
        if (anonymity->histogram[i].classes > 0)
            ok = json_array_append_new(list, lb_json_pair(anonymity->histogram[i].size,
                                                          anonymity->histogram[i].classes)) == 0;
    return lb_json_whole(list, ok);
}

typedef struct unit_figures {
    uint64_t units, k, classes, unique;
} unit_figures;

static json_t *figures_object(const unit_figures *figures) {
    double share = figures->units > 0 ? (double)figures->unique / (double)figures->units : 0;
    json_t *object = json_object();
    bool ok = lb_json_set(object, "units", lb_json_count(figures->units)) &&
              lb_json_set(object, "k", lb_json_count(figures->k)) &&
              lb_json_set(object, "classes", lb_json_count(figures->classes)) &&
              lb_json_set(object, "unique", lb_json_count(figures->unique)) &&
              lb_json_set(object, "unique_share", lb_json_number(share));
    return lb_json_whole(object, ok);
}

static unit_figures figures_of(const lb_anonymity *anonymity) {
    return (unit_figures){anonymity->units, anonymity->k, anonymity->classes, anonymity->unique};
}

/* The same classes counted in records: the sizes are sums of the rows' records. */
static int figures_of_records(const lb_table *table, const lb_anonymity *anonymity,
                              unit_figures *figures, lb_error *error) {
    const lb_traces *traces = &anonymity->traces;
    uint64_t *sizes = lb_alloc_zero(traces->classes, sizeof *sizes);
    if (!sizes)
        return lb_fail_memory(error, "counting records");
    *figures = (unit_figures){.classes = traces->classes};
    for (size_t row = 0; row < table->rows; row++) {
        sizes[traces->class_of_row[row]] += table->records[row];
        figures->units += table->records[row];
    }
    for (uint32_t i = 0; i < traces->classes; i++) {
        figures->unique += sizes[i] == 1;
        figures->k = i == 0 || sizes[i] < figures->k ? sizes[i] : figures->k;
    }
    lb_free(sizes);
    return LB_OK;
}

/* The anonymity sets seen per user, per conversation and per record. */
static int put_by_unit(lb_audit_run_state *audit, const lb_anonymity_options *options,
                       lb_error *error) {
    json_t *by_unit = json_object();
    lb_unit unit = lb_index_unit(audit->index);
    unit_figures figures = figures_of(&audit->anonymity);
    bool ok = lb_json_set(by_unit, lb_unit_noun(unit, false), figures_object(&figures));
    int status = LB_OK;
    const lb_table *conversations = lb_index_table_by(audit->index, LB_UNIT_CONVERSATION);
    if (unit == LB_UNIT_USER && conversations) {
        lb_anonymity by_conversation;
        status = lb_anonymity_measure(&by_conversation, conversations, options, error);
        if (status == LB_OK) {
            figures = figures_of(&by_conversation);
            ok = ok && lb_json_set(by_unit, "conversation", figures_object(&figures));
            lb_anonymity_free(&by_conversation);
        }
    }
    if (status == LB_OK && unit != LB_UNIT_RECORD) {
        status =
            figures_of_records(lb_index_table(audit->index), &audit->anonymity, &figures, error);
        ok = ok && lb_json_set(by_unit, "record", figures_object(&figures));
    }
    if (status < 0 || !ok) {
        json_decref(by_unit);
        return status < 0 ? status : lb_fail_memory(error, "describing the quasi-identifiers");
    }
    return lb_results_put(audit->results, "singling_out.quasi_identifiers.by_unit", by_unit, error);
}

int lb_section_quasi_identifiers(lb_audit_run_state *audit, lb_error *error) {
    const lb_table *table = lb_index_table(audit->index);
    const char *why = lb_section_no_table(audit, LB_MEASURE_QI);
    if (why)
        return lb_section_unknown(audit, metrics, sizeof metrics / sizeof *metrics, why, error);
    lb_anonymity_options options = {.missing = audit->settings->missing, .k = audit->settings->k};
    int status = lb_anonymity_measure(&audit->anonymity, table, &options, error);
    if (status == LB_OK)
        status = set_metrics(audit, error);
    if (status < 0)
        return status;
    const lb_anonymity *a = &audit->anonymity;
    json_t *section = lb_results_section(audit->results, section_path), *at_risk = json_object();
    bool ok = lb_json_set(at_risk, "0.2", lb_json_number(a->above_020)) &&
              lb_json_set(at_risk, "0.09", lb_json_number(a->above_009)) &&
              lb_json_set(at_risk, "0.05", lb_json_number(a->above_005));
    ok = lb_json_set(section, "columns",
                     lb_json_list(table->quasi_identifier_count, column_name, table)) &&
         lb_json_set(section, "missing",
                     json_string(options.missing == LB_MISSING_ANY ? "any" : "own")) &&
         lb_json_set(section, "k", lb_json_count(a->k)) &&
         lb_json_set(section, "threshold", lb_json_count(audit->settings->k)) &&
         lb_json_set(section, "classes", lb_json_count(a->classes)) &&
         lb_json_set(section, "unique", lb_json_count(a->unique)) &&
         lb_json_set(section, "below_k", lb_json_count(a->below_k)) &&
         lb_json_set(section, "distinction", lb_json_number(a->distinction)) &&
         lb_json_set(section, "separation", lb_json_number(a->separation)) &&
         lb_json_set(section, "below", json_incref(at_risk)) &&
         lb_json_set(section, "histogram", histogram(a)) && ok;
    json_decref(at_risk);
    return ok ? put_by_unit(audit, &options, error)
              : lb_fail_memory(error, "describing the quasi-identifiers");
}
