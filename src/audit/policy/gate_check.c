#include "audit/policy/gate_check.h"

#include <stdio.h>
#include <string.h>

#include "results/number.h"

enum { DIGITS = 3 };

const char *lb_check_verdict_name(lb_check_verdict verdict) {
    static const char *const names[] = {"held", "broken", "waived", "not_judged"};
    return names[verdict];
}

void lb_check_free(lb_check *check) {
    lb_buffer_free(&check->why);
    lb_buffer_free(&check->reason);
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
    return lb_metric_family(metric)->question == LB_QUESTION_LINKED;
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

/* There is nothing to judge: `why` says so. `excuse`: why that does no harm, "" where `why` says
 * that too, NULL where it does. */
static int not_judged(lb_check *check, const char *why, const char *excuse, lb_error *error) {
    check->verdict = LB_CHECK_NOT_JUDGED;
    check->must = !excuse;
    int status = lb_buffer_printf(&check->why, error, "%s", why);
    return status == LB_OK ? lb_buffer_printf(&check->reason, error, "not judged, %s%s%s%s", why,
                                              excuse ? "; it need not be" : "",
                                              excuse && *excuse ? ": " : "", excuse ? excuse : "")
                           : status;
}

static unsigned unit_of(const lb_results *results) {
    const char *unit = json_string_value(lb_results_at(results, "corpus.unit"));
    if (unit && strcmp(unit, "user") == 0)
        return LB_PEOPLE_USER;
    if (unit && strcmp(unit, "conversation") == 0)
        return LB_PEOPLE_CONVERSATION;
    return unit && strcmp(unit, "record") == 0 ? LB_PEOPLE_RECORD : 0;
}

static bool is_of_fields(const lb_metric *metric) {
    return metric->family == LB_FAMILY_FIELDS || metric->family == LB_FAMILY_SPECIAL_UNIQUES;
}

/* Has every field of the corpus been looked at by some measure? */
static bool all_fields_searched(const lb_results *results) {
    const lb_value *unsearched = lb_results_get(results, LB_METRIC_COVERAGE_UNSEARCHED_FIELDS);
    return unsearched->known && unsearched->value == 0;
}

static bool fields_declared_none(const lb_results *results) {
    const char *who =
        json_string_value(lb_results_at(results, "corpus.quasi_identifiers_declared"));
    return who && strcmp(who, "none") == 0;
}

/* Why a rule need not be judged; NULL: it must be. In a profile `must: false` excuses what the audit
 * was not given (a list, a limit, a baseline), and not what was left out or could not be computed;
 * what a user's own rule says holds as it stands. */
static const char *excuse_of(const lb_rule *rule, bool given) {
    if (rule->must)
        return NULL;
    if (rule->own)
        return rule->grounds.reason ? rule->grounds.reason : "it only warns";
    return given && rule->grounds.severity != LB_SEVERITY_NOTE ? NULL : "";
}

static int judge_missing(lb_check *check, const lb_gate_input *input, const lb_rule *rule,
                         const lb_value *value, lb_error *error) {
    const char *why = value->why ? value->why : "not measured";
    const char *excuse = excuse_of(rule, value->absence != LB_ABSENT_NOT_GIVEN);
    if (is_of_fields(lb_metric_get(rule->metric)) && fields_declared_none(input->results)) {
        why = "there are no quasi-identifiers, as was declared (--qi none)";
        excuse = "";
    } else if (value->absence == LB_ABSENT_NO_TEXT && unit_of(input->results) == LB_PEOPLE_RECORD &&
               all_fields_searched(input->results)) {
        why = "a plain table has no words, and every field of it was looked at";
        excuse = "";
    }
    return not_judged(check, why, excuse, error);
}

static int not_compared(lb_check *check, const lb_rule *rule, bool has_baseline, lb_error *error) {
    return not_judged(check,
                      has_baseline ? "the baseline does not have this figure: --write-baseline "
                                     "FILE makes a new one"
                                   : "there is no baseline to compare with: --write-baseline FILE "
                                     "makes one",
                      excuse_of(rule, has_baseline), error);
}

static int judge_increase(lb_check *check, const lb_rule *rule, const lb_value *value,
                          const json_t *baseline, lb_error *error) {
    const char *unit = lb_metric_get(rule->metric)->unit;
    const json_t *before = baseline_value(baseline, lb_metric_get(rule->metric));
    if (!json_is_number(before))
        return not_compared(check, rule, baseline != NULL, error);
    char now_text[LB_NUMBER_MAX], before_text[LB_NUMBER_MAX], most[LB_NUMBER_MAX];
    double judged = judged_value(rule, value), earlier = json_number_value(before);
    lb_number_display(judged, unit, DIGITS, now_text);
    lb_number_display(earlier, unit, DIGITS, before_text);
    lb_number_display(rule->threshold, unit, DIGITS, most);
    check->verdict = judged - earlier <= rule->threshold ? LB_CHECK_HELD : LB_CHECK_BROKEN;
    return lb_buffer_printf(&check->reason, error,
                            "%s%s, after %s in the baseline; it may rise by %s at most", now_text,
                            bound_words(rule, value), before_text, most);
}

static int judge_limit(lb_check *check, const lb_rule *rule, const lb_value *value,
                       lb_error *error) {
    const char *unit = lb_metric_get(rule->metric)->unit;
    char judged_text[LB_NUMBER_MAX], threshold[LB_NUMBER_MAX];
    double judged = judged_value(rule, value);
    bool least = rule->limit == LB_LIMIT_MIN;
    bool holds = least ? judged >= rule->threshold : judged <= rule->threshold;
    check->verdict = holds ? LB_CHECK_HELD : LB_CHECK_BROKEN;
    lb_number_display(judged, unit, DIGITS, judged_text);
    lb_number_display(rule->threshold, unit, DIGITS, threshold);
    return lb_buffer_printf(&check->reason, error, "%s%s; at %s %s is %s", judged_text,
                            bound_words(rule, value), least ? "least" : "most", threshold,
                            least ? "required" : "allowed");
}

bool lb_check_holds_at(const lb_check *check, const lb_gate_input *input, double threshold) {
    const lb_rule *rule = check->limit;
    if (!rule || !check->value->known)
        return false;
    double judged = judged_value(rule, check->value);
    if (rule->limit == LB_LIMIT_MIN)
        return judged >= threshold;
    if (rule->limit == LB_LIMIT_MAX)
        return judged <= threshold;
    const json_t *before = baseline_value(input->baseline, lb_metric_get(rule->metric));
    return json_is_number(before) && judged - json_number_value(before) <= threshold;
}

/* A bound is shown by enough people attacked, or it is not shown at all. */
static bool is_shown(const lb_rule *rule, const lb_results *results, double *attacked) {
    const lb_value *needed = lb_results_get(results, rule->needs_metric);
    *attacked = needed->known ? needed->value : 0;
    return !rule->has_needs || *attacked >= rule->needs_least;
}

static int judge_not_shown(lb_check *check, const lb_rule *rule, double attacked, lb_error *error) {
    char seen[LB_NUMBER_MAX], least[LB_NUMBER_MAX], why[256];
    lb_number_display(attacked, "", DIGITS, seen);
    lb_number_display(rule->needs_least, "", DIGITS, least);
    snprintf(why, sizeof why, "%s is %s, and the bound needs at least %s",
             lb_metric_get(rule->needs_metric)->name, seen, least);
    return not_judged(check, why, excuse_of(rule, true), error);
}

/* Figures of what fewer than k people share: the smaller k is, the less of it there is. */
static bool counts_below_k(lb_metric_id id) {
    return id == LB_METRIC_QI_BELOW_K_SHARE || id == LB_METRIC_TOKENS_BELOW_K ||
           id == LB_METRIC_TOKENS_SIGNATURE_SHARE || id == LB_METRIC_TOKENS_IDENTIFYING_BELOW_K ||
           id == LB_METRIC_TOKENS_IDENTIFYING_USERS_SHARE;
}

/* A bound that holds by a k below the policy's is not shown; one that is broken is broken by any
 * larger k too. */
static bool k_is_too_small(const lb_check *check, const lb_gate_input *input, const lb_rule *rule,
                           json_int_t *k) {
    const json_t *used = lb_results_at(input->results, "run.options.k");
    *k = json_integer_value(used);
    return json_is_integer(used) && (uint64_t)*k < check->policy->least_k &&
           rule->limit == LB_LIMIT_MAX && counts_below_k(rule->metric) &&
           lb_check_holds_at(check, input, rule->threshold);
}

static int judge_small_k(lb_check *check, const lb_rule *rule, json_int_t k, lb_error *error) {
    char why[160];
    snprintf(why, sizeof why,
             "it holds for what fewer than %lld people share, and the policy asks for %llu: use "
             "--k %llu",
             (long long)k, (unsigned long long)check->policy->least_k,
             (unsigned long long)check->policy->least_k);
    return not_judged(check, why, excuse_of(rule, true), error);
}

/* What does not hold may be waived. */
static int waive(lb_check *check, const lb_policy *policy, lb_metric_id metric, lb_date today,
                 lb_error *error) {
    const lb_waiver *ended;
    if (check->verdict == LB_CHECK_HELD)
        return LB_OK;
    check->waiver = waiver_for(policy, metric, today, &ended);
    if (check->waiver)
        check->verdict = LB_CHECK_WAIVED;
    char until[LB_DATE_MAX];
    if (check->waiver || !ended)
        return LB_OK;
    lb_date_format(ended->until, until);
    return lb_buffer_printf(&check->reason, error, "; its waiver ended on %s", until);
}

static int judge(lb_check *check, const lb_gate_input *input, const lb_rule *rule,
                 const lb_value *value, lb_error *error) {
    double attacked;
    if (!value->known)
        return judge_missing(check, input, rule, value, error);
    if (!is_shown(rule, input->results, &attacked))
        return judge_not_shown(check, rule, attacked, error);
    json_int_t k;
    if (k_is_too_small(check, input, rule, &k))
        return judge_small_k(check, rule, k, error);
    if (rule->limit == LB_LIMIT_MAX_INCREASE)
        return judge_increase(check, rule, value, input->baseline, error);
    return judge_limit(check, rule, value, error);
}

int lb_check_rule(lb_check *check, const lb_gate_input *input, const lb_policy *policy,
                  const lb_rule *rule, lb_error *error) {
    const lb_metric *metric = lb_metric_get(rule->metric);
    const char *unit = json_string_value(lb_results_at(input->results, "corpus.unit"));
    char threshold[LB_NUMBER_MAX];
    lb_number_format(rule->threshold, threshold);
    *check = (lb_check){.policy = policy,
                        .grounds = &rule->grounds,
                        .limit = rule,
                        .metric = metric->name,
                        .value = lb_results_get(input->results, rule->metric),
                        .bound = lb_bound_name(rule->bound),
                        .severity = rule->grounds.severity,
                        .must = rule->must};
    snprintf(check->rule, sizeof check->rule, "%s %s", lb_limit_name(rule->limit), threshold);
    int status = lb_metric_phrase(metric->title, unit ? unit : "user", &check->reason, error);
    if (status == LB_OK)
        status = lb_buffer_append(&check->reason, ": ", 2, error);
    if (status == LB_OK)
        status = judge(check, input, rule, check->value, error);
    if (status == LB_OK && !rule->own && policy->claim != LB_CLAIM_UNLINKABLE &&
        is_linkage(metric->name)) {
        check->severity = LB_SEVERITY_NOTE;
        check->must = false;
        status = lb_buffer_printf(&check->reason, error,
                                  "; the policy does not claim unlinkability, so that linkage is "
                                  "reported and not gated");
    }
    return status == LB_OK ? waive(check, policy, rule->metric, input->today, error) : status;
}

static const char *unit_name(unsigned unit) {
    return unit == LB_PEOPLE_USER           ? "user"
           : unit == LB_PEOPLE_CONVERSATION ? "conversation"
                                            : "record";
}

/* Was a field taken for `key`? `from` is where that is known from; NULL: wherever. */
static bool has_field(const lb_results *results, const char *key, const char *from) {
    const json_t *fields = lb_results_at(results, "corpus.fields"), *field;
    size_t i;
    json_array_foreach(fields, i, field) {
        const char *origin = json_string_value(json_object_get(field, "from"));
        if (strcmp(json_string_value(json_object_get(field, "key")), key) == 0 &&
            (!from || (origin && strcmp(origin, from) == 0)))
            return true;
    }
    return false;
}

/* Was it only guessed who wrote what, and has nobody written twice? Then the field is more likely an
 * id of the message, and each person counts as many. */
static bool people_are_messages(const lb_results *results) {
    enum { ENOUGH = 100 };
    json_int_t users = json_integer_value(lb_results_at(results, "corpus.users"));
    return users > ENOUGH &&
           users == json_integer_value(lb_results_at(results, "corpus.messages")) &&
           has_field(results, "user", "guessed") && has_field(results, "text", NULL);
}

int lb_check_people(lb_check *check, const lb_gate_input *input, const lb_policy *policy,
                    lb_error *error) {
    const lb_people *people = &policy->people;
    unsigned unit = unit_of(input->results);
    *check = (lb_check){.policy = policy,
                        .grounds = &people->grounds,
                        .metric = lb_check_on_people,
                        .severity = people->grounds.severity,
                        .must = people->grounds.severity == LB_SEVERITY_ERROR};
    size_t used = (size_t)snprintf(check->rule, sizeof check->rule, "is");
    const char *join = "";
    for (unsigned one = LB_PEOPLE_USER; one <= LB_PEOPLE_RECORD; one *= 2)
        if (people->units & one) {
            used += (size_t)snprintf(check->rule + used, sizeof check->rule - used, "%s %s", join,
                                     unit_name(one));
            join = " or";
        }
    if (unit == 0)
        return not_judged(check, "it is not known who counts as a person",
                          check->must ? NULL : "it only warns", error);
    if (unit == LB_PEOPLE_RECORD && has_field(input->results, "user", NULL)) {
        check->verdict = LB_CHECK_BROKEN;
        return lb_buffer_printf(&check->reason, error,
                                "each record counts as a person, and a field says whose it is");
    }
    if (unit == LB_PEOPLE_USER && people_are_messages(input->results)) {
        check->verdict = LB_CHECK_BROKEN;
        return lb_buffer_printf(&check->reason, error,
                                "the user was guessed and is another one in every message: say "
                                "--map user=FIELD with the field that names the person");
    }
    bool holds = people->units & unit;
    check->verdict = holds ? LB_CHECK_HELD : LB_CHECK_BROKEN;
    return lb_buffer_printf(&check->reason, error, "each %s counts as a person%s%s",
                            unit_name(unit), holds || !people->grounds.reason ? "" : "; ",
                            holds || !people->grounds.reason ? "" : people->grounds.reason);
}

bool lb_check_breaks(const lb_check *check) {
    return check->severity == LB_SEVERITY_ERROR && check->verdict == LB_CHECK_BROKEN;
}

/* A note decides nothing, also where its rule must be judged: linkage without the claim is one. */
bool lb_check_leaves_undecided(const lb_check *check) {
    return check->must && check->severity != LB_SEVERITY_NOTE &&
           check->verdict == LB_CHECK_NOT_JUDGED;
}
