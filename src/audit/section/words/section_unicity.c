#include "audit/section/section.h"
#include "audit/section/sections.h"
#include "results/json_value.h"
#include "risk/words/km_anonymity.h"
#include "risk/words/unicity.h"

static const lb_metric_id unicity_metrics[LB_UNICITY_SIZES] = {
    LB_METRIC_TOKENS_UNICITY_P2,
    LB_METRIC_TOKENS_UNICITY_P3,
    LB_METRIC_TOKENS_UNICITY_P4,
    LB_METRIC_TOKENS_UNICITY_P5,
};
static const lb_metric_id worst_metrics[LB_WORST_MAX] = {
    LB_METRIC_TOKENS_WORST_M1,
    LB_METRIC_TOKENS_WORST_M2,
    LB_METRIC_TOKENS_WORST_M3,
};

static bool add_unicity(json_t *list, unsigned p, double value, const lb_interval *interval,
                        uint64_t units, unsigned draws) {
    json_t *line = json_object();
    bool ok = lb_json_set(line, "p", lb_json_count(p)) &&
              lb_json_set(line, "value", lb_json_number(value)) &&
              lb_json_set(line, "low", interval ? lb_json_number(interval->low) : json_null()) &&
              lb_json_set(line, "high", interval ? lb_json_number(interval->high) : json_null()) &&
              lb_json_set(line, "units", lb_json_count(units)) &&
              lb_json_set(line, "draws", interval ? lb_json_count(draws) : json_null()) &&
              json_array_append(list, line) == 0;
    json_decref(line);
    return ok;
}

/* p = 1 is of the tokens' own section, exact; it stands in the list where it was measured. */
static json_t *describe_unicity(const lb_audit_run_state *audit, const lb_unicity *unicity) {
    const lb_token_result *tokens = &audit->tokens[0];
    json_t *list = json_array();
    bool ok = !tokens->exposure ||
              add_unicity(list, 1, tokens->unicity_1, NULL, tokens->units_with_grams, 0);
    for (size_t i = 0; ok && i < LB_UNICITY_SIZES; i++)
        ok = add_unicity(list, unicity[i].p, unicity[i].value, &unicity[i].interval,
                         unicity[i].units, unicity[i].draws);
    return lb_json_whole(list, ok);
}

static int measure_unicity(lb_audit_run_state *audit, const lb_token_view *view, lb_error *error) {
    const lb_settings *settings = audit->settings;
    lb_unicity_options options = {settings->threads, settings->seed, lb_section_list_memory(audit),
                                  &settings->progress};
    lb_unicity unicity[LB_UNICITY_SIZES];
    int status = lb_unicity_run(unicity, view, &options, error);
    for (size_t i = 0; status == LB_OK && i < LB_UNICITY_SIZES; i++)
        status =
            unicity[i].units == 0
                ? lb_results_set_unknown(audit->results, unicity_metrics[i],
                                         "nobody has so many tokens", error)
                : lb_results_set_interval(audit->results, unicity_metrics[i], unicity[i].value,
                                          unicity[i].interval.low, unicity[i].interval.high, error);
    if (status < 0)
        return status;
    return lb_results_put(audit->results, "singling_out.unicity", describe_unicity(audit, unicity),
                          error);
}

static json_t *describe_worst(const lb_worst_case *worst) {
    json_t *sizes = json_array(), *object = json_object();
    bool ok = sizes != NULL;
    for (size_t i = 0; ok && i < LB_WORST_MAX; i++) {
        json_t *line = json_object();
        ok = lb_json_set(line, "m", lb_json_count(i + 1)) &&
             lb_json_set(line, "share", lb_json_number(worst->share[i])) &&
             lb_json_set(line, "found", lb_json_count(worst->found[i])) &&
             lb_json_set(line, "cut", lb_json_count(worst->cut[i])) &&
             json_array_append(sizes, line) == 0;
        json_decref(line);
    }
    ok = ok && lb_json_set(object, "units", lb_json_count(worst->units)) &&
         lb_json_set(object, "sizes", json_incref(sizes)) &&
         lb_json_set(object, "indistinct", lb_json_count(worst->indistinct)) &&
         lb_json_set(object, "steps", lb_json_count(LB_WORST_STEPS));
    json_decref(sizes);
    return lb_json_whole(object, ok);
}

static int measure_worst_case(lb_audit_run_state *audit, const lb_token_view *view,
                              lb_error *error) {
    const lb_settings *settings = audit->settings;
    lb_worst_case *worst = &audit->worst_case;
    lb_worst_options options = {settings->threads, lb_section_list_memory(audit), LB_WORST_STEPS,
                                &settings->progress};
    int status = lb_worst_case_run(worst, view, &options, error);
    for (size_t i = 0; status == LB_OK && i < LB_WORST_MAX; i++) {
        if (worst->units == 0) {
            status = lb_results_set_unknown(audit->results, worst_metrics[i], "nobody has a token",
                                            error);
            continue;
        }
        status = lb_results_set(audit->results, worst_metrics[i], worst->share[i], error);
        if (status == LB_OK && worst->cut[i] > 0)
            status = lb_results_warn(
                audit->results, error,
                "tokens.worst_m%zu is a lower bound: the search was cut short for %llu of %llu %s",
                i + 1, (unsigned long long)worst->cut[i], (unsigned long long)worst->units,
                lb_unit_noun(lb_index_unit(audit->index), true));
    }
    return status < 0 ? status
                      : lb_results_put(audit->results, "singling_out.worst_case",
                                       describe_worst(worst), error);
}

/* The n-grams that too few have together, masked. */
static int describe_set(const lb_audit_run_state *audit, const lb_km_anonymity *km, json_t *set,
                        lb_error *error) {
    int status = LB_OK;
    for (unsigned i = 0; status == LB_OK && i < km->set_size; i++) {
        lb_buffer token = {0};
        status = lb_section_token(audit, km->set[i], &token, error);
        if (status == LB_OK && json_array_append_new(set, lb_json_text(lb_buffer_str(&token))) != 0)
            status = lb_fail_memory(error, "describing k^m-anonymity");
        lb_buffer_free(&token);
    }
    return status;
}

static int measure_km_anonymity(lb_audit_run_state *audit, const lb_token_view *view,
                                lb_error *error) {
    const lb_settings *settings = audit->settings;
    lb_km_options options = {.threads = settings->threads,
                             .k = settings->k,
                             .memory = lb_section_list_memory(audit),
                             .progress = &settings->progress};
    lb_km_anonymity km;
    int status = lb_km_anonymity_run(&km, view, &options, error);
    if (status < 0)
        return status;
    json_t *object = json_object(), *set = json_array();
    if (set)
        status = describe_set(audit, &km, set, error);
    bool ok = lb_json_set(object, "k", lb_json_count(settings->k)) &&
              lb_json_set(object, "m", lb_json_count(km.m)) &&
              lb_json_set(object, "cut", json_boolean(km.cut)) &&
              lb_json_set(object, "set", json_incref(set)) &&
              lb_json_set(object, "units", km.set_size > 0 ? lb_json_count(km.units) : json_null());
    json_decref(set);
    if (status < 0 || !ok) {
        json_decref(object);
        return status < 0 ? status : lb_fail_memory(error, "describing k^m-anonymity");
    }
    return lb_results_put(audit->results, "singling_out.km_anonymity", object, error);
}

int lb_section_unicity(lb_audit_run_state *audit, lb_error *error) {
    lb_absence absence;
    const char *why = lb_section_no_words(audit, LB_MEASURE_UNICITY, &absence);
    if (why) {
        int status =
            lb_section_absent(audit, unicity_metrics, LB_UNICITY_SIZES, absence, why, error);
        return status < 0
                   ? status
                   : lb_section_absent(audit, worst_metrics, LB_WORST_MAX, absence, why, error);
    }
    lb_token_view view;
    int status = lb_token_view_of(&view, audit->index, 1, error);
    if (status == LB_OK)
        status = measure_unicity(audit, &view, error);
    if (status == LB_OK)
        status = measure_worst_case(audit, &view, error);
    if (status == LB_OK)
        status = measure_km_anonymity(audit, &view, error);
    return status;
}
