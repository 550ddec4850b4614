/* what_if: what it would take. Each measure with what the attacks would then find, and its cost. */
#include <math.h>

#include "audit/section/linkage/section_link.h"
#include "audit/section/sections.h"
#include "base/hash.h"
#include "results/json_value.h"

static const size_t levels[] = {2, 5, 10, 20, 50};
enum { LEVEL_COUNT = sizeof levels / sizeof *levels };

/* What is known of the corpus under one measure; NaN: not measured. */
typedef struct outlook {
    const char *measure; /* "none", "suppress_words", "drop_field" */
    size_t k;            /* of suppress_words */
    const json_t *field; /* of drop_field */
    double cost;         /* share of the words, or of the fields */
    lb_estimate top1, mrr, recall_p90;
    double qi_k, qi_unique_share;
    const char *why; /* the attack was not run; NULL: it was */
} outlook;

static const lb_estimate NOT_MEASURED = {NAN, NAN, NAN};

static bool put_figure(json_t *row, const char *name, const lb_estimate *figure) {
    char key[32];
    bool ok = lb_json_set(row, name, lb_json_number(figure->value));
    snprintf(key, sizeof key, "%s_low", name);
    ok = ok && lb_json_set(row, key, lb_json_number(figure->low));
    snprintf(key, sizeof key, "%s_high", name);
    return ok && lb_json_set(row, key, lb_json_number(figure->high));
}

static int add(json_t *list, const outlook *of, lb_error *error) {
    json_t *row = json_object();
    bool ok = lb_json_set(row, "measure", json_string(of->measure)) &&
              lb_json_set(row, "k", of->k ? lb_json_count(of->k) : json_null()) &&
              lb_json_set(row, "field", of->field ? json_deep_copy(of->field) : json_null()) &&
              lb_json_set(row, "cost", lb_json_number(of->cost)) &&
              put_figure(row, "top1", &of->top1) && put_figure(row, "mrr", &of->mrr) &&
              put_figure(row, "recall_p90", &of->recall_p90) &&
              lb_json_set(row, "qi_k", lb_json_number(of->qi_k)) &&
              lb_json_set(row, "qi_unique_share", lb_json_number(of->qi_unique_share)) &&
              lb_json_set(row, "why", of->why ? json_string(of->why) : json_null()) &&
              json_array_append(list, row) == 0;
    json_decref(row);
    return ok ? LB_OK : lb_fail_memory(error, "describing what would help");
}

static lb_estimate figure_of(const lb_audit_run_state *audit, lb_metric_id id) {
    const lb_value *value = lb_results_get(audit->results, id);
    if (!value->known)
        return NOT_MEASURED;
    return value->has_interval ? (lb_estimate){value->value, value->low, value->high}
                               : (lb_estimate){value->value, NAN, NAN};
}

/* The attack on what is left when the words of fewer than k people are taken out. */
static int attack(const lb_audit_run_state *audit, const lb_texts *texts, outlook *of,
                  lb_error *error) {
    lb_link_options options = lb_section_link_options(audit);
    lb_link_result link;
    options.suppress_below = of->k;
    int status = lb_link_self(texts, &options, &link, error);
    if (status < 0)
        return status;
    if (of->k)
        of->cost = link.suppressed_share;
    if (link.figures.queries == 0) {
        of->why = "nobody has enough messages in two separate conversations to be attacked";
    } else {
        of->top1 = link.figures.top1;
        of->mrr = link.figures.mrr;
        of->recall_p90 = link.figures.recall_p90;
    }
    lb_link_free(&link);
    return LB_OK;
}

/* The attack on what is left when nobody has a value of a field. */
static int attack_without(const lb_audit_run_state *audit, outlook *of, lb_error *error) {
    lb_texts texts = *lb_index_texts(audit->index);
    uint64_t *hashes = lb_alloc(texts.fields + 1, sizeof *hashes);
    if (!hashes)
        return lb_fail_memory(error, "describing what would help");
    uint64_t dropped = lb_hash_str(lb_str_of(json_string_value(of->field)));
    for (size_t k = 0; k < texts.fields; k++)
        hashes[k] = texts.field_hashes[k] == dropped ? 0 : texts.field_hashes[k];
    texts.field_hashes = hashes;
    int status = attack(audit, &texts, of, error);
    lb_free(hashes);
    return status;
}

/* Why the attack is not run again. Each time takes as long as the first, so only who asks for it by
 * name has it. */
static const char *no_attack(const lb_audit_run_state *audit) {
    const char *why = lb_section_no_self_linkage(audit);
    return why || audit->settings->what_if_named
               ? why
               : "each takes as long as the attack itself: ask for it with --measures all,whatif";
}

/* As the corpus is. */
static int add_baseline(lb_audit_run_state *audit, json_t *list, const char *why, lb_error *error) {
    outlook none = {.measure = "none",
                    .top1 = figure_of(audit, LB_METRIC_LINK_TOP1),
                    .mrr = figure_of(audit, LB_METRIC_LINK_MRR),
                    .recall_p90 = figure_of(audit, LB_METRIC_LINK_RECALL_P90),
                    .qi_k = figure_of(audit, LB_METRIC_QI_K).value,
                    .qi_unique_share = figure_of(audit, LB_METRIC_QI_UNIQUE_SHARE).value};
    int status = LB_OK;
    if (isnan(none.top1.value) && !why && !(audit->settings->measures & LB_MEASURE_LINK))
        status = attack(audit, lb_index_texts(audit->index), &none, error);
    if (isnan(none.top1.value) && !none.why)
        none.why = lb_results_get(audit->results, LB_METRIC_LINK_TOP1)->why;
    return status == LB_OK ? add(list, &none, error) : status;
}

/* The fields stay as they are when words are taken out. */
static int add_words(lb_audit_run_state *audit, json_t *list, const char *why, lb_error *error) {
    lb_estimate qi_k = figure_of(audit, LB_METRIC_QI_K);
    lb_estimate unique_share = figure_of(audit, LB_METRIC_QI_UNIQUE_SHARE);
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < LEVEL_COUNT; i++) {
        outlook of = {.measure = "suppress_words",
                      .k = levels[i],
                      .cost = NAN,
                      .top1 = NOT_MEASURED,
                      .mrr = NOT_MEASURED,
                      .recall_p90 = NOT_MEASURED,
                      .qi_k = qi_k.value,
                      .qi_unique_share = unique_share.value,
                      .why = why};
        lb_progress_report(&audit->settings->progress, "what would help", i, LEVEL_COUNT);
        if (!why)
            status = attack(audit, lb_index_texts(audit->index), &of, error);
        if (status == LB_OK)
            status = add(list, &of, error);
    }
    return status;
}

/* What the subsets have found about the quasi-identifiers without one of them, and what the attack
 * finds then. */
static int add_fields(lb_audit_run_state *audit, json_t *list, const char *why, lb_error *error) {
    const json_t *fields = lb_results_at(audit->results, "singling_out.quasi_identifiers.without");
    size_t count = json_array_size(fields);
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && count > 1 && i < count; i++) {
        const json_t *without = json_array_get(fields, i);
        outlook of = {.measure = "drop_field",
                      .field = json_object_get(without, "column"),
                      .cost = 1 / (double)count,
                      .top1 = NOT_MEASURED,
                      .mrr = NOT_MEASURED,
                      .recall_p90 = NOT_MEASURED,
                      .qi_k = json_number_value(json_object_get(without, "k")),
                      .qi_unique_share =
                          json_number_value(json_object_get(without, "unique_share")),
                      .why = why};
        lb_progress_report(&audit->settings->progress, "what would help", i, count);
        if (!why)
            status = attack_without(audit, &of, error);
        if (status == LB_OK)
            status = add(list, &of, error);
    }
    return status;
}

int lb_section_what_if(lb_audit_run_state *audit, lb_error *error) {
    if (!(audit->settings->measures & LB_MEASURE_WHAT_IF))
        return LB_OK;
    const char *why = no_attack(audit);
    bool words = !lb_section_no_self_linkage(audit);
    json_t *list = json_array();
    int status = list ? add_baseline(audit, list, why, error)
                      : lb_fail_memory(error, "describing what would help");
    if (status == LB_OK && words)
        status = add_words(audit, list, why, error);
    if (status == LB_OK)
        status = add_fields(audit, list, why, error);
    if (status == LB_OK && json_array_size(list) > 1)
        return lb_results_put(audit->results, "what_if", list, error);
    json_decref(list);
    return status;
}
