#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "audit/policy/gate.h"
#include "base/interval.h"

static const lb_date TODAY = {2026, 11, 23};

/* The verdict on one rule of a profile, where its figure is `value`, 0 in the baseline. */
static lb_gate_verdict judge(const lb_policy *policy, const lb_rule *rule, double value) {
    const char *name = lb_metric_get(rule->metric)->name;
    json_t *baseline = json_pack("{s:{s:{s:f}}}", "metrics", name, "value", 0.0);
    lb_policy alone = *policy;
    lb_results *results = NULL;
    lb_gate_verdict verdict = LB_GATE_NONE;
    alone.rules = rule;
    alone.rule_count = 1;
    alone.people.units = 0;
    alone.claim = LB_CLAIM_UNLINKABLE;
    assert_int_equal(lb_results_new(&results, NULL), LB_OK);
    assert_int_equal(lb_results_set(results, rule->metric, value, NULL), LB_OK);
    if (rule->has_needs)
        assert_int_equal(lb_results_set(results, rule->needs_metric, rule->needs_least, NULL),
                         LB_OK);
    const lb_policy *const policies[] = {&alone};
    assert_int_equal(lb_gate_run(results, policies, 1, baseline, TODAY, &verdict, NULL), LB_OK);
    const json_t *check = json_array_get(lb_results_at(results, "gate.checks"), 0);
    bool holds = strcmp(json_string_value(json_object_get(check, "verdict")), "held") == 0;
    bool error = rule->grounds.severity == LB_SEVERITY_ERROR;
    assert_int_equal(verdict, holds || !error ? LB_GATE_PASS : LB_GATE_FAIL);
    lb_results_free(results);
    json_decref(baseline);
    return holds ? LB_GATE_PASS : LB_GATE_FAIL;
}

static void every_threshold_of_every_profile_holds_to_its_value_and_not_beyond(void **state) {
    (void)state;
    char name[LB_PROFILE_NAME_MAX];
    size_t judged = 0;
    for (size_t i = 0; lb_policy_profile(i, name); i++) {
        lb_policy *policy = NULL;
        assert_int_equal(lb_policy_load(&policy, name, NULL), LB_OK);
        for (size_t j = 0; j < policy->rule_count; j++, judged++) {
            const lb_rule *rule = &policy->rules[j];
            double away = rule->limit == LB_LIMIT_MIN ? -INFINITY : INFINITY;
            assert_int_equal(judge(policy, rule, rule->threshold), LB_GATE_PASS);
            assert_int_equal(judge(policy, rule, nextafter(rule->threshold, away)), LB_GATE_FAIL);
        }
        lb_policy_free(policy);
    }
    assert_true(judged > 30);
}

/* The verdict of a whole profile where every figure is at its threshold, but the one that rule
 * `missing` bounds is not known; the claim is made. */
static lb_gate_verdict verdict_without(const lb_policy *policy, size_t missing, lb_absence absence,
                                       bool *judged) {
    lb_results *results = NULL;
    lb_gate_verdict verdict = LB_GATE_NONE;
    lb_policy claimed = *policy;
    claimed.claim = LB_CLAIM_UNLINKABLE;
    assert_int_equal(lb_results_new(&results, NULL), LB_OK);
    assert_int_equal(lb_results_put(results, "corpus.unit", json_string("user"), NULL), LB_OK);
    for (size_t i = 0; i < policy->rule_count; i++) {
        const lb_rule *rule = &policy->rules[i];
        if (rule->limit != LB_LIMIT_MAX_INCREASE || !lb_results_get(results, rule->metric)->known)
            assert_int_equal(lb_results_set(results, rule->metric, rule->threshold, NULL), LB_OK);
        if (rule->has_needs)
            assert_int_equal(lb_results_set(results, rule->needs_metric, rule->needs_least, NULL),
                             LB_OK);
    }
    lb_metric_id gone = policy->rules[missing].metric;
    assert_int_equal(lb_results_set_absent(results, gone, absence, "so it is", NULL), LB_OK);
    const lb_policy *const policies[] = {&claimed};
    assert_int_equal(lb_gate_run(results, policies, 1, NULL, TODAY, &verdict, NULL), LB_OK);
    const json_t *checks = lb_results_at(results, "gate.checks");
    const json_t *check = json_array_get(checks, missing + 1); /* behind the one on people */
    assert_string_equal(json_string_value(json_object_get(check, "metric")),
                        lb_metric_get(gone)->name);
    *judged = strcmp(json_string_value(json_object_get(check, "verdict")), "not_judged") != 0;
    lb_results_free(results);
    return verdict;
}

static bool bounds_more_than_a_note(const lb_policy *policy, lb_metric_id metric) {
    for (size_t i = 0; i < policy->rule_count; i++)
        if (policy->rules[i].metric == metric &&
            policy->rules[i].grounds.severity != LB_SEVERITY_NOTE)
            return true;
    return false;
}

static bool begins(const char *name, const char *with) {
    return strncmp(name, with, strlen(with)) == 0;
}

/* What may stay unjudged: what is about something that an audit need not have been given. */
static bool may_be_missing(const lb_rule *rule) {
    static const char *const FREE[] = {"population.",
                                       "inference.",
                                       "identifiers.reversible_keys",
                                       "consent.",
                                       "retention.expired_mes",
                                       "coverage.listed_unknown",
                                       "coverage.messages_without_text",
                                       "coverage.without_text_share",
                                       "coverage.times_not_understood",
                                       "coverage.without_user_share",
                                       "tokens.signature_share"};
    for (size_t i = 0; i < sizeof FREE / sizeof *FREE; i++)
        if (begins(lb_metric_get(rule->metric)->name, FREE[i]))
            return true;
    return rule->limit == LB_LIMIT_MAX_INCREASE || rule->grounds.severity == LB_SEVERITY_NOTE;
}

static void every_rule_of_every_profile_says_whether_it_must_be_judged(void **state) {
    (void)state;
    char name[LB_PROFILE_NAME_MAX];
    for (size_t i = 0; lb_policy_profile(i, name); i++) {
        lb_policy *policy = NULL;
        assert_int_equal(lb_policy_load(&policy, name, NULL), LB_OK);
        for (size_t j = 0; j < policy->rule_count; j++) {
            const lb_rule *rule = &policy->rules[j];
            bool judged, free = may_be_missing(rule);
            if (rule->must == free)
                print_error("%s: %s\n", name, lb_metric_get(rule->metric)->name);
            assert_int_equal(rule->must, !free);
            assert_true(rule->must || rule->grounds.reason);
            bool decides = bounds_more_than_a_note(policy, rule->metric);
            bool ratchet = rule->limit == LB_LIMIT_MAX_INCREASE;
            lb_gate_verdict left_out = verdict_without(policy, j, LB_ABSENT_NOT_MEASURED, &judged);
            assert_false(judged);
            assert_int_equal(left_out, decides ? LB_GATE_UNDECIDED : LB_GATE_PASS);
            lb_gate_verdict not_given = verdict_without(policy, j, LB_ABSENT_NOT_GIVEN, &judged);
            assert_false(judged);
            if (!ratchet) /* its figure is bounded by other rules too */
                assert_int_equal(not_given, free ? LB_GATE_PASS : LB_GATE_UNDECIDED);
        }
        lb_policy_free(policy);
    }
}

static void a_profile_asks_for_as_many_people_as_its_bound_on_linkage_takes(void **state) {
    (void)state;
    char name[LB_PROFILE_NAME_MAX];
    size_t bounds = 0;
    for (size_t i = 0; lb_policy_profile(i, name); i++) {
        lb_policy *policy = NULL;
        assert_int_equal(lb_policy_load(&policy, name, NULL), LB_OK);
        for (size_t j = 0; j < policy->rule_count; j++) {
            const lb_rule *rule = &policy->rules[j];
            if (!rule->has_needs || rule->needs_metric != LB_METRIC_LINK_ELIGIBLE_USERS)
                continue;
            char words[64];
            uint64_t least = (uint64_t)rule->needs_least;
            double enough = lb_interval_clopper_pearson(0, least, 0.95).high;
            double too_few = lb_interval_clopper_pearson(0, least - 1, 0.95).high;
            assert_true(enough <= rule->threshold && too_few > rule->threshold);
            snprintf(words, sizeof words, "no fewer than %d people attacked", (int)least);
            assert_non_null(strstr(rule->grounds.source, words));
            bounds++;
        }
        lb_policy_free(policy);
    }
    assert_int_equal(bounds, 3);
}

static void every_threshold_says_whose_it_is_and_shows_its_neighbours(void **state) {
    (void)state;
    char name[LB_PROFILE_NAME_MAX];
    for (size_t i = 0; lb_policy_profile(i, name); i++) {
        lb_policy *policy = NULL;
        assert_int_equal(lb_policy_load(&policy, name, NULL), LB_OK);
        assert_non_null(policy->title);
        assert_non_null(policy->purpose);
        for (size_t j = 0; j < policy->rule_count; j++) {
            const lb_rule *rule = &policy->rules[j];
            assert_int_not_equal(rule->grounds.kind, LB_KIND_NONE);
            assert_non_null(rule->grounds.source);
            assert_true(rule->neighbour_count > 0 || rule->limit == LB_LIMIT_MAX_INCREASE);
        }
        lb_policy_free(policy);
    }
}

static void the_five_profiles_are_there(void **state) {
    (void)state;
    static const char *const NAMES[] = {"internal", "research", "release", "release-strict",
                                        "aggregate"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        lb_policy *policy = NULL;
        assert_int_equal(lb_policy_load(&policy, NAMES[i], NULL), LB_OK);
        assert_string_equal(policy->name, NAMES[i]);
        lb_policy_free(policy);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_threshold_of_every_profile_holds_to_its_value_and_not_beyond),
        cmocka_unit_test(every_rule_of_every_profile_says_whether_it_must_be_judged),
        cmocka_unit_test(a_profile_asks_for_as_many_people_as_its_bound_on_linkage_takes),
        cmocka_unit_test(every_threshold_says_whose_it_is_and_shows_its_neighbours),
        cmocka_unit_test(the_five_profiles_are_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
