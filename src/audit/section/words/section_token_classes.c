#include <math.h>

#include "audit/section/section.h"
#include "audit/section/sections.h"
#include "results/json_value.h"

static const lb_metric_id metrics[] = {
    LB_METRIC_TOKENS_IDENTIFYING_BELOW_K,
    LB_METRIC_TOKENS_IDENTIFYING_USERS_SHARE,
};
enum { METRICS = sizeof metrics / sizeof *metrics };

static json_t *share_of(uint64_t part, uint64_t whole) {
    return lb_json_number(whole > 0 ? (double)part / (double)whole : NAN);
}

static json_t *describe(const lb_token_classes *classes) {
    json_t *list = json_array();
    for (unsigned c = 0; list && c < LB_TOKEN_CLASSES; c++) {
        const lb_token_class_share *share = &classes->of[c];
        lb_token_class class_of_token = (lb_token_class)c;
        json_t *line = json_object();
        bool ok = lb_json_set(line, "class", json_string(lb_token_class_name(class_of_token))) &&
                  lb_json_set(line, "identifying",
                              json_boolean(lb_token_class_identifies(class_of_token))) &&
                  lb_json_set(line, "tokens", lb_json_count(share->tokens)) &&
                  lb_json_set(line, "unique", lb_json_count(share->unique)) &&
                  lb_json_set(line, "units", lb_json_count(share->units)) &&
                  lb_json_set(line, "units_share", share_of(share->units, classes->units)) &&
                  lb_json_set(line, "only", lb_json_count(share->only)) &&
                  lb_json_set(line, "only_share", share_of(share->only, classes->units)) &&
                  json_array_append(list, line) == 0;
        json_decref(line);
        if (!ok) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

int lb_section_token_classes(lb_audit_run_state *audit, lb_error *error) {
    lb_absence absence;
    const char *why = lb_section_no_words(audit, LB_MEASURE_TOKENS, &absence);
    if (why)
        return lb_section_absent(audit, metrics, METRICS, absence, why, error);
    lb_token_class_options options = {audit->settings->k, audit->settings->threads};
    lb_token_classes *classes = &audit->token_classes;
    int status = lb_token_classes_run(classes, audit->index, &options, error);
    if (status < 0)
        return status;
    json_t *words = json_array_get(
        json_object_get(lb_results_section(audit->results, "singling_out"), "tokens"), 0);
    if (!lb_json_set(words, "classes_of_rare_tokens", describe(classes)))
        return lb_fail_memory(error, "describing the classes of tokens");
    if (classes->units == 0)
        return lb_section_unknown(audit, metrics, METRICS, "nobody has a token", error);
    status =
        lb_results_set(audit->results, metrics[0], (double)classes->identifying_below_k, error);
    return status < 0 ? status
                      : lb_results_set(audit->results, metrics[1], classes->identifying_units_share,
                                       error);
}
