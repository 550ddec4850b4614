#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "audit/policy/policy.h"

/* Reads `text` as the policy section of "p.yaml". */
static int policy_of(lb_policy **policy, const char *text, lb_error *error) {
    lb_yaml *yaml = NULL;
    int status = lb_yaml_parse(&yaml, "p.yaml", lb_str_of(text), error);
    if (status == LB_OK)
        status = lb_policy_read(policy, yaml, lb_yaml_root(yaml), "p.yaml", error);
    lb_yaml_free(yaml);
    return status;
}

static void a_rule_says_all_that_it_may_say(void **state) {
    (void)state;
    lb_policy *policy = NULL;
    lb_error error = {0};
    assert_int_equal(policy_of(&policy,
                               "name: ours\n"
                               "claim: unlinkable\n"
                               "rules:\n"
                               "  - metric: tokens.rtu\n"
                               "    min: 0.1\n"
                               "    max: 0.5\n"
                               "    bound: upper\n"
                               "    severity: warning\n"
                               "    must: true\n"
                               "    source: us\n"
                               "    kind: judgement\n"
                               "  - {metric: qi.k, min: 5}\n"
                               "waivers:\n"
                               "  - metric: qi.k\n"
                               "    until: 2027-03-31\n"
                               "    reason: ticket 412\n",
                               &error),
                     LB_OK);
    assert_string_equal(policy->name, "ours");
    assert_int_equal(policy->claim, LB_CLAIM_UNLINKABLE);
    assert_int_equal(policy->rule_count, 3);
    const lb_rule *rule = &policy->rules[1];
    assert_int_equal(rule->metric, LB_METRIC_TOKENS_RTU);
    assert_int_equal(rule->limit, LB_LIMIT_MAX);
    assert_true(rule->threshold == 0.5);
    assert_int_equal(rule->bound, LB_BOUND_UPPER);
    assert_true(rule->must);
    assert_int_equal(rule->grounds.severity, LB_SEVERITY_WARNING);
    assert_int_equal(rule->grounds.kind, LB_KIND_JUDGEMENT);
    assert_string_equal(rule->grounds.source, "us");
    assert_string_equal(rule->grounds.place, "p.yaml:4:5");
    assert_int_equal(policy->rules[2].grounds.severity, LB_SEVERITY_ERROR);
    assert_true(policy->rules[2].must);
    assert_int_equal(policy->waiver_count, 1);
    assert_int_equal(policy->waivers[0].until.year, 2027);
    lb_policy_free(policy);
}

static void every_error_says_where_and_names_the_nearest(void **state) {
    (void)state;
    static const struct {
        const char *yaml, *where, *mend;
    } CASES[] = {
        {"rules:\n  - metric: qi.kk\n    min: 5\n", "p.yaml:2:13", "\"qi.k\""},
        {"rule: []\n", "p.yaml:1:1", "\"rules\""},
        {"rules:\n  - metric: qi.k\n    mni: 5\n", "p.yaml:3:5", "\"min\""},
        {"rules:\n  - metric: qi.k\n    min: five\n", "p.yaml:3:10", "number"},
        {"rules:\n  - metric: qi.k\n    min: 0,5\n", "p.yaml:3:10", "number"},
        {"rules:\n  - metric: qi.k\n    min: [5]\n", "p.yaml:3:10", "number"},
        {"rules:\n  - metric: qi.k\n    min: .nan\n", "p.yaml:3:10", "number"},
        {"rules:\n  - metric: qi.k\n", "p.yaml:2:5", "min, max"},
        {"rules:\n  - min: 3\n", "p.yaml:2:5", "metric"},
        {"rules:\n  metric: qi.k\n", "p.yaml:2:3", "- "},
        {"rules:\n  - qi.k\n", "p.yaml:2:5", "key: value"},
        {"rules:\n  - {metric: qi.k, min: 1, severity: fatal}\n", "p.yaml:2:38", "warning"},
        {"rules:\n  - {metric: tokens.rtu, max: 50}\n", "p.yaml:2:31", "0.5 for 50 %"},
        {"rules:\n  - {metric: tokens.rtu, max: 50 %}\n", "p.yaml:2:31", "0.5 for 50 %"},
        {"rules:\n  - {metric: tokens.rtu, max: 0.5 %}\n", "p.yaml:2:31", "0.005 for 0.5 %"},
        {"rules:\n  - {metric: tokens.rtu, min: -0.1}\n", "p.yaml:2:31", "from 0 to 1"},
        {"rules:\n  - {metric: tokens.rtu, max: .inf}\n", "p.yaml:2:31", "from 0 to 1"},
        {"rules:\n  - {metric: tokens.rtu, max: nan}\n", "p.yaml:2:31", "from 0 to 1"},
        {"rules:\n  - {metric: tokens.rtu, max: [1]}\n", "p.yaml:2:31", "from 0 to 1"},
        {"rules:\n  - {metric: tokens.rtu, max_increase: 2}\n", "p.yaml:2:40", "0.02 for 2 %"},
        {"rules:\n  - {metric: tokens.rtu, max: 1, neighbours: [20]}\n", "p.yaml:2:47",
         "0.2 for 20 %"},
        {"rules:\n  - {metric: qi.k, min: 1e999}\n", "p.yaml:2:25", "number"},
        {"rules:\n  - {metric: qi.k, min: 1, must: false}\n", "p.yaml:2:34", "reason"},
        {"rules:\n  - {metric: qi.k, min: 1, must: maybe}\n", "p.yaml:2:34", "true"},
        {"rules:\n  - {metric: qi.k, min: 1, must: true, severity: note}\n", "p.yaml:2:34",
         "warning"},
        {"rules:\n  - {metric: qi.k, min: 1, if_missing: pass, reason: a table}\n", "p.yaml:2:28",
         "must: false"},
        {"rules:\n  - {metric: qi.k, min: 1, min: 2}\n", "p.yaml:2:28", "one of the two"},
        {"claim: anonymous\n", "p.yaml:1:8", "pseudonymous"},
        {"extends: releas\n", "p.yaml:1:10", "did you mean release?"},
        {"waivers:\n  - metric: qi.k\n    reason: x\n", "p.yaml:2:5", "until"},
        {"waivers:\n  - metric: qi.k\n    until: 2027-03-31\n", "p.yaml:2:5", "reason"},
        {"waivers:\n  - metric: qi.k\n    until: 31.3.2027\n    reason: x\n", "p.yaml:3:12",
         "YYYY-MM-DD"},
        {"rules:\n  - {metric: qi.k, min: 1, needs: {metric: qi.klasses, min: 1}}\n", "p.yaml:2:44",
         "qi.classes"},
        {"rules:\n  - {metric: qi.k, min: 1, needs: {metric: qi.k}}\n", "p.yaml:2:35", "min"},
        {"rules:\n  - {metric: qi.k, min: 1, neighbours: 5}\n", "p.yaml:2:40", "- "},
        {"people:\n  severity: note\n", "p.yaml:2:3", "units"},
        {"people: {units: [person]}\n", "p.yaml:1:18", "conversation"},
        {"rules: [\n", "p.yaml:2:1", "YAML"},
        {"rules:\n\t- x\n", "p.yaml:2:1", "tabs"},
        {"just text\n", "p.yaml:1:1", "key: value"},
        {"? [a]\n: b\n", "p.yaml:1:3", "plain text"},
        {"name: \"a\\0b\"\n", "p.yaml:1:7", "text"},
        {"name: ''\n", "p.yaml:1:7", "text"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        lb_policy *policy = NULL;
        lb_error error = {0};
        assert_int_equal(policy_of(&policy, CASES[i].yaml, &error), LB_E_USAGE);
        if (!strstr(error.mend, CASES[i].mend) || strcmp(error.where, CASES[i].where) != 0)
            print_error("%s\n%s: %s; %s\n", CASES[i].yaml, error.where, error.what, error.mend);
        assert_string_equal(error.where, CASES[i].where);
        assert_non_null(strstr(error.mend, CASES[i].mend));
    }
}

static void invalid_bytes_are_an_error_with_their_place(void **state) {
    (void)state;
    lb_policy *policy = NULL;
    lb_error error = {0};
    assert_int_equal(policy_of(&policy, "name: \xFF\n", &error), LB_E_USAGE);
    assert_string_equal(error.where, "p.yaml (byte 6)");
}

static void a_rule_of_ones_own_replaces_the_inherited_one(void **state) {
    (void)state;
    lb_policy *release = NULL, *ours = NULL;
    lb_error error = {0};
    assert_int_equal(lb_policy_load(&release, "release", &error), LB_OK);
    assert_int_equal(policy_of(&ours,
                               "extends: release\n"
                               "rules:\n"
                               "  - {metric: qi.k, min: 5}\n"
                               "  - {metric: qi.k, max: 900}\n",
                               &error),
                     LB_OK);
    assert_string_equal(ours->name, "p.yaml");
    assert_string_equal(ours->extends, "release");
    assert_int_equal(ours->rule_count, release->rule_count + 1);
    unsigned minima = 0;
    for (size_t i = 0; i < ours->rule_count; i++) {
        const lb_rule *rule = &ours->rules[i];
        if (rule->metric == LB_METRIC_QI_K && rule->limit == LB_LIMIT_MIN) {
            assert_true(rule->threshold == 5);
            assert_true(rule->must);
            assert_true(rule->own);
            minima++;
        }
    }
    assert_int_equal(minima, 1);
    assert_int_equal(ours->people.units, release->people.units);
    lb_policy_free(ours);
    lb_policy_free(release);
}

static void every_built_in_profile_reads_and_gives_its_sources(void **state) {
    (void)state;
    char name[LB_PROFILE_NAME_MAX];
    bool release = false;
    size_t i = 0;
    for (; lb_policy_profile(i, name); i++) {
        lb_policy *policy = NULL;
        lb_error error = {0};
        assert_int_equal(lb_policy_load(&policy, name, &error), LB_OK);
        assert_string_equal(policy->name, name);
        assert_non_null(policy->title);
        assert_non_null(policy->purpose);
        for (size_t j = 0; j < policy->rule_count; j++) {
            assert_non_null(policy->rules[j].grounds.source);
            assert_int_not_equal(policy->rules[j].grounds.kind, LB_KIND_NONE);
        }
        release = release || strcmp(name, "release") == 0;
        lb_policy_free(policy);
    }
    assert_true(release);
}

static void release_asks_for_classes_of_eleven_not_for_a_risk(void **state) {
    (void)state;
    lb_policy *policy = NULL;
    assert_int_equal(lb_policy_load(&policy, "release", NULL), LB_OK);
    assert_int_equal(policy->rules[0].metric, LB_METRIC_QI_K);
    assert_int_equal(policy->rules[0].limit, LB_LIMIT_MIN);
    assert_true(policy->rules[0].threshold == 11);
    lb_policy_free(policy);
}

static void a_policy_that_is_nowhere_names_the_nearest_profile(void **state) {
    (void)state;
    lb_policy *policy = NULL;
    lb_error error = {0};
    assert_int_equal(lb_policy_load(&policy, "relaese", &error), LB_E_USAGE);
    assert_string_equal(error.where, "--policy");
    assert_non_null(strstr(error.mend, "did you mean release?"));
    assert_int_equal(lb_policy_load(&policy, "no/such.yaml", &error), LB_E_USAGE);
    assert_string_equal(error.where, "no/such.yaml");
    assert_int_equal(lb_policy_load(&policy, "../release", &error), LB_E_USAGE);
}

static void lack_of_memory_leaks_nothing(void **state) {
    (void)state;
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_policy *policy = NULL;
        lb_error error = {0};
        lb_memory_fail_after(n);
        status =
            policy_of(&policy, "extends: release\nrules:\n  - {metric: qi.k, min: 5}\n", &error);
        lb_memory_fail_after(0);
        assert_true(status == LB_OK || error.code == LB_E_RESOURCE);
        lb_policy_free(policy);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_says_all_that_it_may_say),
        cmocka_unit_test(every_error_says_where_and_names_the_nearest),
        cmocka_unit_test(invalid_bytes_are_an_error_with_their_place),
        cmocka_unit_test(a_rule_of_ones_own_replaces_the_inherited_one),
        cmocka_unit_test(every_built_in_profile_reads_and_gives_its_sources),
        cmocka_unit_test(release_asks_for_classes_of_eleven_not_for_a_risk),
        cmocka_unit_test(a_policy_that_is_nowhere_names_the_nearest_profile),
        cmocka_unit_test(lack_of_memory_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
