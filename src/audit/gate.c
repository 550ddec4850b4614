#include "audit/gate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "audit/json_value.h"
#include "audit/number.h"
#include "base/buffer.h"

enum { DIGITS = 3 };

/* One judged rule, before it becomes JSON. */
typedef struct check {
    const lb_policy *policy;
    const lb_grounds *grounds;
    const lb_waiver *waiver; /* the one that covers it, if any */
    const char *metric, *verdict, *bound;
    const lb_value *value; /* NULL: the check is on no metric */
    lb_severity severity;
    char rule[128];
    lb_buffer reason;
} check;

static void check_free(check *checked) {
    lb_buffer_free(&checked->reason);
}

static const lb_waiver *waiver_for(const lb_policy *policy, lb_metric_id metric, lb_date today,
                                   const lb_waiver **ended) {
    *ended = NULL;
    for (size_t i = 0; i < policy->waiver_count; i++) {
        const lb_waiver *waiver = &policy->waivers[i];
        if (waiver->metric != metric)
            continue;
        if (lb_date_compare(today, waiver->until) <= 0)
            return waiver;
        *ended = waiver;
    }
    return NULL;
}

static bool is_linkage(const char *metric) {
    return strncmp(metric, "link.", 5) == 0 || strncmp(metric, "ext.", 4) == 0;
}

/* The end of the interval that the rule judges; an exact figure has one value. */
static double judged_value(const lb_rule *rule, const lb_value *value) {
    if (value->has_interval && rule->bound == LB_BOUND_UPPER)
        return value->high;
    if (value->has_interval && rule->bound == LB_BOUND_LOWER)
        return value->low;
    return value->value;
}

static const char *bound_words(const lb_rule *rule, const lb_value *value) {
    if (value->has_interval && rule->bound == LB_BOUND_UPPER)
        return " at the upper end of its interval";
    if (value->has_interval && rule->bound == LB_BOUND_LOWER)
        return " at the lower end of its interval";
    return "";
}

static const json_t *baseline_value(const json_t *baseline, const lb_metric *metric) {
    const json_t *metrics = json_object_get(baseline, "metrics");
    return json_object_get(json_object_get(metrics, metric->name), "value");
}

/* Says what is not known; `why` ends the sentence. */
static int judge_missing(check *checked, const lb_rule *rule, const char *why, lb_error *error) {
    checked->verdict = rule->pass_if_missing ? "pass" : "unknown";
    if (rule->pass_if_missing)
        return lb_buffer_printf(&checked->reason, error, "%s; it passes, as %s", why,
                                rule->grounds.reason);
    return lb_buffer_printf(&checked->reason, error, "%s", why);
}

static int judge_increase(check *checked, const lb_rule *rule, const lb_value *value,
                          const json_t *baseline, lb_error *error) {
    const char *unit = lb_metric_get(rule->metric)->unit;
    const json_t *before = baseline_value(baseline, lb_metric_get(rule->metric));
    if (!json_is_number(before))
        return judge_missing(checked, rule,
                             baseline ? "the baseline does not have this figure"
                                      : "there is no baseline to compare with (--baseline)",
                             error);
    char now_text[LB_NUMBER_MAX], before_text[LB_NUMBER_MAX], most[LB_NUMBER_MAX];
    double judged = judged_value(rule, value), earlier = json_number_value(before);
    lb_number_display(judged, unit, DIGITS, now_text);
    lb_number_display(earlier, unit, DIGITS, before_text);
    lb_number_display(rule->threshold, unit, DIGITS, most);
    checked->verdict = judged - earlier <= rule->threshold ? "pass" : "fail";
    return lb_buffer_printf(&checked->reason, error,
                            "%s%s, after %s in the baseline; it may rise by %s at most", now_text,
                            bound_words(rule, value), before_text, most);
}

static int judge_limit(check *checked, const lb_rule *rule, const lb_value *value,
                       lb_error *error) {
    const char *unit = lb_metric_get(rule->metric)->unit;
    char judged_text[LB_NUMBER_MAX], threshold[LB_NUMBER_MAX];
    double judged = judged_value(rule, value);
    bool least = rule->limit == LB_LIMIT_MIN;
    bool holds = least ? judged >= rule->threshold : judged <= rule->threshold;
    checked->verdict = holds ? "pass" : "fail";
    lb_number_display(judged, unit, DIGITS, judged_text);
    lb_number_display(rule->threshold, unit, DIGITS, threshold);
    return lb_buffer_printf(&checked->reason, error, "%s%s; at %s %s is %s", judged_text,
                            bound_words(rule, value), least ? "least" : "most", threshold,
                            least ? "required" : "allowed");
}

/* A failure may be waived. */
static int waive(check *checked, const lb_policy *policy, lb_metric_id metric, lb_date today,
                 lb_error *error) {
    const lb_waiver *ended;
    if (strcmp(checked->verdict, "pass") == 0)
        return LB_OK;
    checked->waiver = waiver_for(policy, metric, today, &ended);
    if (checked->waiver)
        checked->verdict = "waived";
    char until[LB_DATE_MAX];
    if (checked->waiver || !ended)
        return LB_OK;
    lb_date_format(ended->until, until);
    return lb_buffer_printf(&checked->reason, error, "; its waiver ended on %s", until);
}

static int rule_judge(check *checked, const lb_results *results, const lb_policy *policy,
                      const lb_rule *rule, const json_t *baseline, lb_date today, lb_error *error) {
    const lb_metric *metric = lb_metric_get(rule->metric);
    const lb_value *value = lb_results_get(results, rule->metric);
    char threshold[LB_NUMBER_MAX], why[512];
    const char *unit = json_string_value(lb_results_at(results, "corpus.unit"));
    lb_number_format(rule->threshold, threshold);
    checked->metric = metric->name;
    checked->value = value;
    checked->bound = lb_bound_name(rule->bound);
    checked->severity = rule->grounds.severity;
    snprintf(checked->rule, sizeof checked->rule, "%s %s", lb_limit_name(rule->limit), threshold);
    int status = lb_metric_phrase(metric->title, unit ? unit : "user", &checked->reason, error);
    if (status == LB_OK)
        status = lb_buffer_append(&checked->reason, ": ", 2, error);
    if (status < 0)
        return status;
    if (!value->known) {
        snprintf(why, sizeof why, "not known, %s", value->why ? value->why : "not measured");
        status = judge_missing(checked, rule, why, error);
    } else if (rule->limit == LB_LIMIT_MAX_INCREASE)
        status = judge_increase(checked, rule, value, baseline, error);
    else
        status = judge_limit(checked, rule, value, error);
    if (status == LB_OK && policy->claim == LB_CLAIM_PSEUDONYMOUS && is_linkage(metric->name)) {
        checked->severity = LB_SEVERITY_NOTE;
        status = lb_buffer_printf(&checked->reason, error,
                                  "; the policy claims pseudonymity only, so that linkage is "
                                  "reported and not gated");
    }
    return status == LB_OK ? waive(checked, policy, rule->metric, today, error) : status;
}

static unsigned unit_of(const lb_results *results) {
    const char *unit = json_string_value(lb_results_at(results, "corpus.unit"));
    if (unit && strcmp(unit, "user") == 0)
        return LB_PEOPLE_USER;
    if (unit && strcmp(unit, "conversation") == 0)
        return LB_PEOPLE_CONVERSATION;
    return unit && strcmp(unit, "record") == 0 ? LB_PEOPLE_RECORD : 0;
}

static const char *unit_name(unsigned unit) {
    return unit == LB_PEOPLE_USER           ? "user"
           : unit == LB_PEOPLE_CONVERSATION ? "conversation"
                                            : "record";
}

static int people_judge(check *checked, const lb_results *results, const lb_policy *policy,
                        lb_error *error) {
    const lb_people *people = &policy->people;
    unsigned unit = unit_of(results);
    checked->metric = "corpus.unit";
    checked->severity = people->grounds.severity;
    size_t used = (size_t)snprintf(checked->rule, sizeof checked->rule, "is");
    const char *join = "";
    for (unsigned one = LB_PEOPLE_USER; one <= LB_PEOPLE_RECORD; one *= 2)
        if (people->units & one) {
            used += (size_t)snprintf(checked->rule + used, sizeof checked->rule - used, "%s %s",
                                     join, unit_name(one));
            join = " or";
        }
    if (unit == 0) {
        checked->verdict = "unknown";
        return lb_buffer_printf(&checked->reason, error, "it is not known who counts as a person");
    }
    checked->verdict = people->units & unit ? "pass" : "fail";
    return lb_buffer_printf(
        &checked->reason, error, "each %s counts as a person%s%s", unit_name(unit),
        people->units & unit || !people->grounds.reason ? "" : "; ",
        people->units & unit || !people->grounds.reason ? "" : people->grounds.reason);
}

static json_t *text_or_null(const char *text) {
    return lb_json_text(lb_str_of(text));
}

static json_t *waiver_object(const lb_waiver *waiver) {
    char until[LB_DATE_MAX];
    lb_date_format(waiver->until, until);
    return json_pack("{s:s, s:o}", "until", until, "reason", text_or_null(waiver->reason));
}

static int check_append(json_t *checks, const check *checked, lb_error *error) {
    const lb_value *value = checked->value;
    const lb_grounds *grounds = checked->grounds;
    json_t *object = json_object();
    bool known = value && value->known;
    bool ok = lb_json_set(object, "policy", text_or_null(checked->policy->name)) &&
              lb_json_set(object, "metric", json_string(checked->metric)) &&
              lb_json_set(object, "rule", json_string(checked->rule)) &&
              lb_json_set(object, "value", known ? lb_json_number(value->value) : json_null());
    if (ok && known && value->has_interval)
        ok = lb_json_set(object, "low", lb_json_number(value->low)) &&
             lb_json_set(object, "high", lb_json_number(value->high));
    ok = ok && lb_json_set(object, "bound", text_or_null(checked->bound)) &&
         lb_json_set(object, "verdict", json_string(checked->verdict)) &&
         lb_json_set(object, "severity", json_string(lb_severity_name(checked->severity))) &&
         lb_json_set(object, "reason", lb_json_text(lb_buffer_str(&checked->reason))) &&
         lb_json_set(object, "source", text_or_null(grounds->source)) &&
         lb_json_set(object, "kind", text_or_null(lb_rule_kind_name(grounds->kind)));
    if (ok && checked->waiver)
        ok = lb_json_set(object, "waiver", waiver_object(checked->waiver));
    if (!ok) {
        json_decref(object);
        return lb_fail_memory(error, "writing down a check");
    }
    if (json_array_append_new(checks, object) != 0)
        return lb_fail_memory(error, "writing down a check");
    return LB_OK;
}

static bool breaks(const check *checked) {
    return checked->severity == LB_SEVERITY_ERROR &&
           (strcmp(checked->verdict, "fail") == 0 || strcmp(checked->verdict, "unknown") == 0);
}

static int policy_judge(json_t *checks, const lb_results *results, const lb_policy *policy,
                        const json_t *baseline, lb_date today, bool *broken, lb_error *error) {
    int status = LB_OK;
    if (policy->people.units) {
        check checked = {.policy = policy, .grounds = &policy->people.grounds};
        status = people_judge(&checked, results, policy, error);
        if (status == LB_OK)
            status = check_append(checks, &checked, error);
        *broken = *broken || (status == LB_OK && breaks(&checked));
        check_free(&checked);
    }
    for (size_t i = 0; status == LB_OK && i < policy->rule_count; i++) {
        const lb_rule *rule = &policy->rules[i];
        check checked = {.policy = policy, .grounds = &rule->grounds};
        status = rule_judge(&checked, results, policy, rule, baseline, today, error);
        if (status == LB_OK)
            status = check_append(checks, &checked, error);
        *broken = *broken || (status == LB_OK && breaks(&checked));
        check_free(&checked);
    }
    return status;
}

/* The weakest claim that a policy makes: one that promises no more than pseudonyms decides what the
 * report may say. */
static const char *claim_of(const lb_policy *const *policies, size_t count) {
    lb_claim claim = LB_CLAIM_NONE;
    for (size_t i = 0; i < count; i++)
        if (policies[i]->claim > claim)
            claim = policies[i]->claim;
    return lb_claim_name(claim);
}

static json_t *gate_object(const char *verdict, const lb_policy *const *policies, size_t count,
                           json_t *checks) {
    json_t *object = json_object(), *names = json_array();
    bool ok = names != NULL;
    for (size_t i = 0; ok && i < count; i++)
        ok = json_array_append_new(names, text_or_null(policies[i]->name)) == 0;
    ok = ok && lb_json_set(object, "verdict", json_string(verdict));
    ok = ok && json_object_set(object, "policies", names) == 0;
    ok = ok && lb_json_set(object, "claim", text_or_null(claim_of(policies, count)));
    ok = ok && json_object_set(object, "checks", checks) == 0;
    json_decref(names);
    if (ok)
        return object;
    json_decref(object);
    return NULL;
}

int lb_gate_run(lb_results *results, const lb_policy *const *policies, size_t count,
                const json_t *baseline, lb_date today, lb_gate_verdict *verdict, lb_error *error) {
    static const char *const VERDICTS[] = {"none", "pass", "fail"};
    json_t *checks = json_array();
    bool broken = false;
    int status = checks ? LB_OK : lb_fail_memory(error, "judging by a policy");
    for (size_t i = 0; status == LB_OK && i < count; i++)
        status = policy_judge(checks, results, policies[i], baseline, today, &broken, error);
    if (status == LB_OK) {
        *verdict = count == 0 ? LB_GATE_NONE : broken ? LB_GATE_FAIL : LB_GATE_PASS;
        status = lb_results_put(results, "gate",
                                gate_object(VERDICTS[*verdict], policies, count, checks), error);
    }
    json_decref(checks);
    return status;
}
