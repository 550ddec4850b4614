#include "audit/policy/gate.h"

#include <math.h>
#include <string.h>

#include "audit/policy/gate_check.h"
#include "results/json_value.h"
#include "results/number.h"

static json_t *text_or_null(const char *text) {
    return lb_json_text(lb_str_of(text));
}

static json_t *waiver_object(const lb_waiver *waiver) {
    char until[LB_DATE_MAX];
    json_t *object = json_object();
    lb_date_format(waiver->until, until);
    bool ok = lb_json_set(object, "metric", json_string(lb_metric_get(waiver->metric)->name)) &&
              lb_json_set(object, "until", json_string(until)) &&
              lb_json_set(object, "reason", text_or_null(waiver->reason)) &&
              lb_json_set(object, "owner", text_or_null(waiver->owner)) &&
              lb_json_set(object, "place", text_or_null(waiver->place));
    return lb_json_whole(object, ok);
}

static json_t *neighbours(const lb_check *check, const lb_gate_input *input) {
    const lb_rule *rule = check->limit;
    json_t *list = json_array();
    for (size_t i = 0; list && rule && check->value->known && i < rule->neighbour_count; i++) {
        bool holds = lb_check_holds_at(check, input, rule->neighbours[i]);
        json_t *entry = json_object();
        if (!lb_json_set(entry, "threshold", lb_json_number(rule->neighbours[i])) ||
            !lb_json_set(entry, "verdict", json_string(holds ? "held" : "broken"))) {
            json_decref(entry);
            entry = NULL;
        }
        if (json_array_append_new(list, entry) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *check_object(const lb_check *check, const lb_gate_input *input) {
    const lb_value *value = check->value;
    const lb_grounds *grounds = check->grounds;
    json_t *object = json_object();
    bool known = value && value->known;
    bool ok = lb_json_set(object, "policy", text_or_null(check->policy->name)) &&
              lb_json_set(object, "metric", json_string(check->metric)) &&
              lb_json_set(object, "rule", json_string(check->rule)) &&
              lb_json_set(object, "value", known ? lb_json_number(value->value) : json_null());
    if (ok && known && value->has_interval)
        ok = lb_json_set(object, "low", lb_json_number(value->low)) &&
             lb_json_set(object, "high", lb_json_number(value->high));
    ok = ok && lb_json_set(object, "bound", text_or_null(check->bound)) &&
         lb_json_set(object, "verdict", json_string(lb_check_verdict_name(check->verdict))) &&
         lb_json_set(object, "must", json_boolean(check->must)) &&
         lb_json_set(object, "why",
                     check->why.size ? lb_json_text(lb_buffer_str(&check->why)) : json_null()) &&
         lb_json_set(object, "severity", json_string(lb_severity_name(check->severity))) &&
         lb_json_set(object, "reason", lb_json_text(lb_buffer_str(&check->reason))) &&
         lb_json_set(object, "source", text_or_null(grounds->source)) &&
         lb_json_set(object, "kind", text_or_null(lb_rule_kind_name(grounds->kind))) &&
         lb_json_set(object, "place", text_or_null(grounds->place)) &&
         lb_json_set(object, "neighbours", neighbours(check, input));
    if (ok && check->waiver)
        ok = lb_json_set(object, "waiver", waiver_object(check->waiver));
    return lb_json_whole(object, ok);
}

/* What is being put together. */
typedef struct gate {
    const lb_gate_input *input;
    json_t *checks, *waivers;
    size_t judged, of_verdict[LB_CHECK_NOT_JUDGED + 1];
    bool broken, undecided;
} gate;

static int check_append(gate *made, const lb_check *check, lb_error *error) {
    made->broken = made->broken || lb_check_breaks(check);
    made->undecided = made->undecided || lb_check_leaves_undecided(check);
    made->judged += check->why.size == 0;
    made->of_verdict[check->verdict]++;
    return json_array_append_new(made->checks, check_object(check, made->input)) == 0
               ? LB_OK
               : lb_fail_memory(error, "writing down a check");
}

/* A waiver that has ended, and one that covers nothing, must not linger unseen. */
static int waivers_append(gate *made, const lb_policy *policy, const bool *used, lb_error *error) {
    for (size_t i = 0; i < policy->waiver_count; i++) {
        const lb_waiver *waiver = &policy->waivers[i];
        bool ended = lb_date_compare(made->input->today, waiver->until) > 0;
        json_t *object = waiver_object(waiver);
        if (!lb_json_set(object, "policy", text_or_null(policy->name)) ||
            !lb_json_set(object, "state",
                         json_string(ended     ? "ended"
                                     : used[i] ? "used"
                                               : "unused"))) {
            json_decref(object);
            object = NULL;
        }
        if (json_array_append_new(made->waivers, object) != 0)
            return lb_fail_memory(error, "writing down a waiver");
    }
    return LB_OK;
}

static int rules_judge(gate *made, const lb_policy *policy, bool *used, lb_error *error) {
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < policy->rule_count; i++) {
        lb_check check;
        status = lb_check_rule(&check, made->input, policy, &policy->rules[i], error);
        if (status == LB_OK)
            status = check_append(made, &check, error);
        if (status == LB_OK && check.waiver)
            used[check.waiver - policy->waivers] = true;
        lb_check_free(&check);
    }
    return status;
}

static int policy_judge(gate *made, const lb_policy *policy, lb_error *error) {
    bool *used = lb_alloc_zero(policy->waiver_count + 1, sizeof *used);
    int status = used ? LB_OK : lb_fail_memory(error, "judging by a policy");
    if (status == LB_OK && policy->people.units) {
        lb_check check;
        status = lb_check_people(&check, made->input, policy, error);
        if (status == LB_OK)
            status = check_append(made, &check, error);
        lb_check_free(&check);
    }
    if (status == LB_OK)
        status = rules_judge(made, policy, used, error);
    if (status == LB_OK)
        status = waivers_append(made, policy, used, error);
    lb_free(used);
    return status;
}

/* The weakest claim decides what the report may say: people are unlinkable only where every policy
 * claims so, and linkable by design otherwise. */
static const char *claim_of(const lb_policy *const *policies, size_t count) {
    lb_claim claim = count ? LB_CLAIM_UNLINKABLE : LB_CLAIM_NONE;
    for (size_t i = 0; i < count; i++)
        if (policies[i]->claim != LB_CLAIM_UNLINKABLE)
            claim = LB_CLAIM_PSEUDONYMOUS;
    return lb_claim_name(claim);
}

/* The least that a figure can be where it is known; what an advantage is less than nothing by has
 * no end. */
static double least_possible(const lb_rule *rule) {
    if (rule->metric == LB_METRIC_LINK_ADVANTAGE || rule->metric == LB_METRIC_EXT_ADVANTAGE)
        return -INFINITY;
    return rule->metric == LB_METRIC_QI_K || rule->metric == LB_METRIC_INFERENCE_L_DISTINCT ||
                   rule->metric == LB_METRIC_INFERENCE_L_ENTROPY
               ? 1
               : 0;
}

/* What a threshold makes of its rule; NULL: figures may be on both sides of it. */
static const char *idle_words(const lb_rule *rule) {
    double least = least_possible(rule);
    bool share = strcmp(lb_metric_get(rule->metric)->unit, "share") == 0;
    if (rule->limit == LB_LIMIT_MIN)
        return rule->threshold <= least ? "can never be broken" : NULL;
    if (rule->limit == LB_LIMIT_MAX && rule->threshold < least)
        return "can never be held";
    return share && rule->threshold >= 1 ? "can never be broken" : NULL;
}

static int warn_of_idle(lb_results *results, const lb_policy *policy, lb_error *error) {
    int status = LB_OK;
    if (policy->rule_count == 0 && !policy->people.units)
        status = lb_results_warn(results, error,
                                 "The policy %s has no rule: add rules, or extends: release",
                                 policy->name);
    for (size_t i = 0; status == LB_OK && i < policy->rule_count; i++) {
        const lb_rule *rule = &policy->rules[i];
        const char *words = idle_words(rule);
        char threshold[LB_NUMBER_MAX];
        lb_number_format(rule->threshold, threshold);
        if (words)
            status = lb_results_warn(
                results, error, "The rule \"%s %s\" on %s %s: give it another limit (%s)",
                lb_limit_name(rule->limit), threshold, lb_metric_get(rule->metric)->name, words,
                rule->grounds.place ? rule->grounds.place : policy->name);
    }
    return status;
}

static lb_gate_verdict verdict_of(const gate *made, size_t policies) {
    if (policies == 0)
        return LB_GATE_NONE;
    /* Policies without a rule, and rules of which none was judged or waived, pass nothing. */
    bool nothing = made->judged + made->of_verdict[LB_CHECK_WAIVED] == 0;
    return made->broken                 ? LB_GATE_FAIL
           : made->undecided || nothing ? LB_GATE_UNDECIDED
                                        : LB_GATE_PASS;
}

static bool counts_set(const gate *made, json_t *object) {
    return lb_json_set(object, "judged", lb_json_count(made->judged)) &&
           lb_json_set(object, "broken", lb_json_count(made->of_verdict[LB_CHECK_BROKEN])) &&
           lb_json_set(object, "waived", lb_json_count(made->of_verdict[LB_CHECK_WAIVED])) &&
           lb_json_set(object, "not_judged", lb_json_count(made->of_verdict[LB_CHECK_NOT_JUDGED]));
}

static json_t *gate_object(const gate *made, const char *verdict, const lb_policy *const *policies,
                           size_t count) {
    json_t *object = json_object(), *names = json_array();
    bool ok = names != NULL;
    for (size_t i = 0; ok && i < count; i++)
        ok = json_array_append_new(names, text_or_null(policies[i]->name)) == 0;
    ok = ok && lb_json_set(object, "verdict", json_string(verdict));
    ok = ok && json_object_set(object, "policies", names) == 0;
    ok = ok && lb_json_set(object, "claim", text_or_null(claim_of(policies, count)));
    ok = ok && counts_set(made, object);
    ok = ok && json_object_set(object, "checks", made->checks) == 0;
    ok = ok && json_object_set(object, "waivers", made->waivers) == 0;
    json_decref(names);
    return lb_json_whole(object, ok);
}

int lb_gate_run(lb_results *results, const lb_policy *const *policies, size_t count,
                const json_t *baseline, lb_date today, lb_gate_verdict *verdict, lb_error *error) {
    static const char *const verdicts[] = {"none", "pass", "fail", "undecided"};
    const lb_gate_input input = {.results = results, .baseline = baseline, .today = today};
    gate made = {.input = &input, .checks = json_array(), .waivers = json_array()};
    int status = made.checks && made.waivers ? LB_OK : lb_fail_memory(error, "judging by a policy");
    for (size_t i = 0; status == LB_OK && i < count; i++) {
        status = policy_judge(&made, policies[i], error);
        if (status == LB_OK)
            status = warn_of_idle(results, policies[i], error);
    }
    if (status == LB_OK) {
        *verdict = verdict_of(&made, count);
        status = lb_results_put(results, "gate",
                                gate_object(&made, verdicts[*verdict], policies, count), error);
    }
    json_decref(made.checks);
    json_decref(made.waivers);
    return status;
}
