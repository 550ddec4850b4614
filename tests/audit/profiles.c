#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "audit/policy/gate.h"

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
        cmocka_unit_test(every_threshold_says_whose_it_is_and_shows_its_neighbours),
        cmocka_unit_test(the_five_profiles_are_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
