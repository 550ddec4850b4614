#include <math.h>

#include "audit/section/section.h"
#include "audit/section/sections.h"
#include "results/json_value.h"

static const lb_metric_id metrics[] = {
    LB_METRIC_TOKENS_DISTINCT,        LB_METRIC_TOKENS_UNIQUE,     LB_METRIC_TOKENS_BELOW_K,
    LB_METRIC_TOKENS_UNIQUE_SHARE,    LB_METRIC_TOKENS_UNICITY_P1, LB_METRIC_TOKENS_RTU,
    LB_METRIC_TOKENS_SIGNATURE_SHARE,
};
enum { METRICS = sizeof metrics / sizeof *metrics };

static int set_metrics(lb_audit_run_state *audit, lb_error *error) {
    const lb_token_result *t = &audit->tokens[0];
    const double values[METRICS] = {(double)t->distinct, (double)t->unique, (double)t->below_k,
                                    t->unique_share,     t->unicity_1,      t->rtu,
                                    t->signature_share};
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < METRICS; i++)
        status = isnan(values[i]) ? lb_results_set_unknown(audit->results, metrics[i],
                                                           "nobody has a token", error)
                                  : lb_results_set(audit->results, metrics[i], values[i], error);
    if (status == LB_OK && lb_index_unit(audit->index) != LB_UNIT_USER)
        status = lb_results_set_absent(
            audit->results, LB_METRIC_TOKENS_SIGNATURE_SHARE, LB_ABSENT_NOT_GIVEN,
            "a signature repeats over a user's conversations, and there are no users", error);
    return status;
}

static json_t *distribution(const lb_token_result *tokens) {
    json_t *list = json_array();
    for (size_t i = 0; list && i < tokens->steps; i++) {
        const lb_uniqueness_step *step = &tokens->distribution[i];
        json_t *line = json_pack("[I,I,I,I]", (json_int_t)step->units, (json_int_t)step->grams,
                                 (json_int_t)step->reached, (json_int_t)step->reached_cumulated);
        if (json_array_append_new(list, line) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *entry(const lb_audit_run_state *audit, unsigned n) {
    const lb_token_result *t = &audit->tokens[n - 1];
    bool users = lb_index_unit(audit->index) == LB_UNIT_USER;
    json_t *object = json_object();
    bool ok = lb_json_set(object, "n", lb_json_count(n)) &&
              lb_json_set(object, "k", lb_json_count(audit->settings->k)) &&
              lb_json_set(object, "occurrences", lb_json_count(t->occurrences)) &&
              lb_json_set(object, "distinct", lb_json_count(t->distinct)) &&
              lb_json_set(object, "pairs", lb_json_count(t->pairs)) &&
              lb_json_set(object, "unique", lb_json_count(t->unique)) &&
              lb_json_set(object, "below_k", lb_json_count(t->below_k)) &&
              lb_json_set(object, "units", lb_json_count(t->units_with_grams)) &&
              lb_json_set(object, "unique_share", lb_json_number(t->unique_share)) &&
              lb_json_set(object, "signature_share",
                          users ? lb_json_number(t->signature_share) : json_null()) &&
              lb_json_set(object, "rtu", lb_json_number(t->rtu)) &&
              lb_json_set(object, "unicity_p1", lb_json_number(t->unicity_1)) &&
              lb_json_set(object, "distribution", distribution(t));
    return lb_json_whole(object, ok);
}

int lb_section_tokens(lb_audit_run_state *audit, lb_error *error) {
    lb_absence absence;
    const char *why = lb_section_no_words(audit, LB_MEASURE_TOKENS, &absence);
    if (why)
        return lb_section_absent(audit, metrics, METRICS, absence, why, error);
    json_t *list = json_array();
    for (unsigned n = 1; n <= lb_index_ngrams(audit->index); n++) {
        lb_token_options options = {n, audit->settings->k, audit->settings->threads};
        int status = lb_tokens_run(audit->index, &options, &audit->tokens[n - 1], error);
        if (status == LB_OK && json_array_append_new(list, entry(audit, n)) != 0)
            status = lb_fail_memory(error, "describing the tokens");
        if (status < 0) {
            json_decref(list);
            return status;
        }
    }
    int status = lb_results_put(audit->results, "singling_out.tokens", list, error);
    return status == LB_OK ? set_metrics(audit, error) : status;
}
