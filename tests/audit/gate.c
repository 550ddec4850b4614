#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "audit/policy/gate.h"
#include "base/memory.h"

static const lb_date TODAY = {2026, 11, 23};

static lb_policy *policy_of(const char *text) {
    lb_yaml *yaml = NULL;
    lb_policy *policy = NULL;
    lb_error error = {0};
    assert_int_equal(lb_yaml_parse(&yaml, "p.yaml", lb_str_of(text), &error), LB_OK);
    int status = lb_policy_read(&policy, yaml, lb_yaml_root(yaml), "p.yaml", &error);
    if (status < 0)
        print_error("%s: %s\n", error.where, error.what);
    assert_int_equal(status, LB_OK);
    lb_yaml_free(yaml);
    return policy;
}

static lb_results *some_results(void) {
    lb_results *results = NULL;
    assert_int_equal(lb_results_new(&results, NULL), LB_OK);
    assert_int_equal(lb_results_put(results, "corpus.unit", json_string("user"), NULL), LB_OK);
    return results;
}

/* A rule that is judged and held, so that those beside it need not be. */
#define AND_ONE_HELD ", {metric: coverage.unread_files, max: 0}"

static lb_results *results_with_one_held(void) {
    lb_results *results = some_results();
    assert_int_equal(lb_results_set(results, LB_METRIC_COVERAGE_UNREAD_FILES, 0, NULL), LB_OK);
    return results;
}

static lb_gate_verdict run(lb_results *results, const char *text, const json_t *baseline) {
    lb_policy *policy = policy_of(text);
    const lb_policy *const policies[] = {policy};
    lb_gate_verdict verdict = LB_GATE_NONE;
    assert_int_equal(lb_gate_run(results, policies, 1, baseline, TODAY, &verdict, NULL), LB_OK);
    lb_policy_free(policy);
    return verdict;
}

static const char *check_text(const lb_results *results, size_t index, const char *key) {
    const json_t *check = json_array_get(lb_results_at(results, "gate.checks"), index);
    return json_string_value(json_object_get(check, key));
}

/* Judges tokens.rtu = 0.5 [0.4, 0.6] by one rule. */
static void expect(const char *rule, lb_gate_verdict verdict, const char *check_verdict) {
    char text[512];
    lb_results *results = some_results();
    assert_int_equal(lb_results_set_interval(results, LB_METRIC_TOKENS_RTU, 0.5, 0.4, 0.6, NULL),
                     LB_OK);
    snprintf(text, sizeof text, "rules:\n  - {metric: tokens.rtu, %s}\n", rule);
    assert_int_equal(run(results, text, NULL), verdict);
    assert_string_equal(check_text(results, 0, "verdict"), check_verdict);
    lb_results_free(results);
}

static void a_threshold_holds_up_to_its_very_value(void **state) {
    (void)state;
    expect("min: 0.5", LB_GATE_PASS, "held");
    expect("min: 0.5000001", LB_GATE_FAIL, "broken");
    expect("max: 0.5", LB_GATE_PASS, "held");
    expect("max: 0.4999999", LB_GATE_FAIL, "broken");
}

static void the_bound_says_which_end_is_judged(void **state) {
    (void)state;
    expect("max: 0.55, bound: estimate", LB_GATE_PASS, "held");
    expect("max: 0.55, bound: upper", LB_GATE_FAIL, "broken");
    expect("max: 0.6, bound: upper", LB_GATE_PASS, "held");
    expect("min: 0.45, bound: lower", LB_GATE_FAIL, "broken");
    expect("min: 0.4, bound: lower", LB_GATE_PASS, "held");
}

static void only_errors_break_the_gate(void **state) {
    (void)state;
    expect("max: 0.1, severity: warning", LB_GATE_PASS, "broken");
    expect("max: 0.1, severity: note", LB_GATE_PASS, "broken");
    expect("max: 0.1, severity: error", LB_GATE_FAIL, "broken");
}

static void an_exact_figure_has_one_value_for_every_bound(void **state) {
    (void)state;
    lb_results *results = some_results();
    assert_int_equal(lb_results_set(results, LB_METRIC_QI_K, 11, NULL), LB_OK);
    assert_int_equal(run(results, "rules: [{metric: qi.k, min: 11, bound: upper}]", NULL),
                     LB_GATE_PASS);
    assert_int_equal(run(results, "rules: [{metric: qi.k, min: 12, bound: upper}]", NULL),
                     LB_GATE_FAIL);
    assert_string_equal(check_text(results, 0, "rule"), "min 12");
    assert_string_equal(check_text(results, 0, "reason"),
                        "people in the rarest combination of fields: 11; at least 12 is required");
    lb_results_free(results);
}

static void
what_is_not_known_is_not_judged_and_leaves_the_gate_undecided_where_it_must_be(void **state) {
    (void)state;
    lb_results *results = results_with_one_held();
    assert_int_equal(lb_results_set_unknown(results, LB_METRIC_QI_K, "no fields", NULL), LB_OK);
    assert_int_equal(run(results, "rules: [{metric: qi.k, min: 1}]", NULL), LB_GATE_UNDECIDED);
    assert_string_equal(check_text(results, 0, "verdict"), "not_judged");
    assert_string_equal(check_text(results, 0, "why"), "no fields");
    assert_string_equal(check_text(results, 0, "reason"),
                        "people in the rarest combination of fields: not judged, no fields");
    assert_int_equal(
        run(results, "rules: [{metric: qi.k, min: 1, severity: warning, must: true}]", NULL),
        LB_GATE_UNDECIDED);
    assert_int_equal(
        run(results, "rules: [{metric: qi.k, min: 1, severity: warning}" AND_ONE_HELD "]", NULL),
        LB_GATE_PASS);
    assert_int_equal(
        run(results,
            "rules: [{metric: qi.k, min: 1, must: false, reason: a table}" AND_ONE_HELD "]", NULL),
        LB_GATE_PASS);
    assert_string_equal(check_text(results, 0, "verdict"), "not_judged");
    assert_non_null(strstr(check_text(results, 0, "reason"), "a table"));
    assert_int_equal(
        run(results, "rules: [{metric: qi.k, min: 1, severity: note}" AND_ONE_HELD "]", NULL),
        LB_GATE_PASS);
    assert_int_equal(run(results, "rules: [{metric: qi.k, min: 1, severity: note}]", NULL),
                     LB_GATE_UNDECIDED);
    lb_results_free(results);
}

/* The rules of `text` where nothing but some figures of release is known. */
static lb_gate_verdict run_with(lb_results *results, const char *text, lb_metric_id id,
                                lb_absence absence) {
    assert_int_equal(lb_results_set_absent(results, id, absence, "so it is", NULL), LB_OK);
    return run(results, text, NULL);
}

static void a_rule_of_ones_own_need_not_be_judged_where_it_says_so_and_why(void **state) {
    (void)state;
    static const char RULE[] = "rules: [{metric: retention.expired_messages, max: 0, must: false, "
                               "reason: we keep no times}" AND_ONE_HELD "]";
    lb_results *results = results_with_one_held();
    for (lb_absence absence = LB_ABSENT_NOT_MEASURED; absence <= LB_ABSENT_NO_TEXT; absence++)
        assert_int_equal(run_with(results, RULE, LB_METRIC_RETENTION_EXPIRED_MESSAGES, absence),
                         LB_GATE_PASS);
    lb_results_free(results);
}

static void a_rule_on_linkage_gates_in_ones_own_policy_and_is_a_note_in_a_profile(void **state) {
    (void)state;
    lb_results *results = some_results();
    assert_int_equal(lb_results_set(results, LB_METRIC_LINK_TOP1, 0.4, NULL), LB_OK);
    assert_int_equal(run(results, "rules: [{metric: link.top1, max: 0.1}]", NULL), LB_GATE_FAIL);
    assert_string_equal(check_text(results, 0, "severity"), "error");
    assert_int_equal(
        run(results, "claim: pseudonymous\nrules: [{metric: link.top1, max: 0.1}]", NULL),
        LB_GATE_FAIL);
    assert_int_equal(run(results, "rules: [{metric: ext.top1, max: 0.1}]", NULL),
                     LB_GATE_UNDECIDED);
    run(results, "extends: release", NULL);
    const json_t *checks = lb_results_at(results, "gate.checks");
    for (size_t i = 0; i < json_array_size(checks); i++)
        if (strcmp(check_text(results, i, "metric"), "link.top1") == 0)
            assert_string_equal(check_text(results, i, "severity"), "note");
    lb_results_free(results);
}

static void fields_that_are_declared_not_to_be_there_need_not_be_judged(void **state) {
    (void)state;
    static const char RULES[] =
        "rules: [{metric: qi.k, min: 5}, {metric: suda.dis_max, max: 0.5}" AND_ONE_HELD "]";
    lb_results *results = results_with_one_held();
    assert_int_equal(run(results, RULES, NULL), LB_GATE_UNDECIDED);
    assert_int_equal(
        lb_results_put(results, "corpus.quasi_identifiers_declared", json_string("none"), NULL),
        LB_OK);
    assert_int_equal(run(results, RULES, NULL), LB_GATE_PASS);
    assert_string_equal(check_text(results, 0, "verdict"), "not_judged");
    assert_non_null(strstr(check_text(results, 0, "why"), "--qi none"));
    assert_int_equal(run(results, "rules: [{metric: tokens.rtu, max: 0.5}]", NULL),
                     LB_GATE_UNDECIDED);
    lb_results_free(results);
}

static void words_need_not_be_judged_in_a_plain_table_that_was_looked_at_whole(void **state) {
    (void)state;
    static const char RULE[] = "rules: [{metric: identifiers.total, max: 0}" AND_ONE_HELD "]";
    static const lb_metric_id ID = LB_METRIC_IDENTIFIERS_TOTAL,
                              UNSEARCHED = LB_METRIC_COVERAGE_UNSEARCHED_FIELDS;
    lb_results *results = results_with_one_held();
    assert_int_equal(lb_results_set(results, UNSEARCHED, 0, NULL), LB_OK);
    assert_int_equal(run_with(results, RULE, ID, LB_ABSENT_NO_TEXT), LB_GATE_UNDECIDED);
    assert_int_equal(lb_results_put(results, "corpus.unit", json_string("record"), NULL), LB_OK);
    assert_int_equal(run_with(results, RULE, ID, LB_ABSENT_NO_TEXT), LB_GATE_PASS);
    assert_non_null(strstr(check_text(results, 0, "why"), "plain table"));
    assert_int_equal(run_with(results, RULE, ID, LB_ABSENT_NOT_MEASURED), LB_GATE_UNDECIDED);
    assert_int_equal(lb_results_set(results, UNSEARCHED, 1, NULL), LB_OK);
    assert_int_equal(run_with(results, RULE, ID, LB_ABSENT_NO_TEXT), LB_GATE_UNDECIDED);
    assert_int_equal(lb_results_set_unknown(results, UNSEARCHED, "not looked", NULL), LB_OK);
    assert_int_equal(run_with(results, RULE, ID, LB_ABSENT_NO_TEXT), LB_GATE_UNDECIDED);
    lb_results_free(results);
}

static void what_is_rare_below_a_smaller_k_than_the_policys_is_not_shown(void **state) {
    (void)state;
    static const char RULE[] = "least_k: 5\nrules: [{metric: tokens.below_k, max: 3}]";
    static const struct {
        int k;
        double below;
        lb_gate_verdict verdict;
    } CASES[] = {{5, 3, LB_GATE_PASS},
                 {4, 3, LB_GATE_UNDECIDED},
                 {4, 4, LB_GATE_FAIL},
                 {5, 4, LB_GATE_FAIL},
                 {2, 0, LB_GATE_UNDECIDED}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        lb_results *results = some_results();
        assert_int_equal(lb_results_put(results, "run.options.k", json_integer(CASES[i].k), NULL),
                         LB_OK);
        assert_int_equal(lb_results_set(results, LB_METRIC_TOKENS_BELOW_K, CASES[i].below, NULL),
                         LB_OK);
        assert_int_equal(run(results, RULE, NULL), CASES[i].verdict);
        if (CASES[i].verdict == LB_GATE_UNDECIDED)
            assert_non_null(strstr(check_text(results, 0, "why"), "--k 5"));
        lb_results_free(results);
    }
}

static void a_threshold_that_decides_nothing_is_warned_of(void **state) {
    (void)state;
    static const struct {
        const char *rule, *words;
    } CASES[] = {{"metric: tokens.rtu, max: 1", "can never be broken"},
                 {"metric: tokens.rtu, max_increase: 1", "can never be broken"},
                 {"metric: tokens.rtu, min: 0", "can never be broken"},
                 {"metric: qi.k, min: 1", "can never be broken"},
                 {"metric: qi.classes, min: -3", "can never be broken"},
                 {"metric: qi.k, max: 0", "can never be held"},
                 {"metric: identifiers.total, max: -1", "can never be held"},
                 {"metric: tokens.rtu, max: 0.999", NULL},
                 {"metric: link.advantage, min: 0", NULL},
                 {"metric: qi.k, min: 2", NULL}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char text[256];
        json_t *document = NULL;
        lb_results *results = some_results();
        snprintf(text, sizeof text, "rules: [{%s}]", CASES[i].rule);
        run(results, text, NULL);
        assert_int_equal(lb_results_document(results, &document, NULL), LB_OK);
        const json_t *warnings = json_object_get(document, "warnings");
        assert_int_equal(json_array_size(warnings), CASES[i].words ? 1 : 0);
        if (CASES[i].words)
            assert_non_null(strstr(json_string_value(json_array_get(warnings, 0)), CASES[i].words));
        json_decref(document);
        lb_results_free(results);
    }
}

static long long count_of(const lb_results *results, const char *path) {
    return json_integer_value(lb_results_at(results, path));
}

static void a_broken_rule_wins_over_one_that_was_not_judged_and_all_are_counted(void **state) {
    (void)state;
    static const char RULES[] = "rules: [{metric: qi.k, min: 5}, {metric: qi.classes, min: 1},"
                                " {metric: tokens.rtu, max: 1}, {metric: qi.marketer, max: 0.1}]\n"
                                "waivers: [{metric: qi.marketer, until: 2030-01-01, reason: so}]\n";
    lb_results *results = some_results();
    assert_int_equal(lb_results_set(results, LB_METRIC_QI_CLASSES, 9, NULL), LB_OK);
    assert_int_equal(lb_results_set(results, LB_METRIC_QI_MARKETER, 0.5, NULL), LB_OK);
    assert_int_equal(run(results, RULES, NULL), LB_GATE_UNDECIDED);
    assert_int_equal(lb_results_set(results, LB_METRIC_QI_K, 4, NULL), LB_OK);
    assert_int_equal(run(results, RULES, NULL), LB_GATE_FAIL);
    assert_int_equal(count_of(results, "gate.judged"), 3);
    assert_int_equal(count_of(results, "gate.broken"), 1);
    assert_int_equal(count_of(results, "gate.waived"), 1);
    assert_int_equal(count_of(results, "gate.not_judged"), 1);
    lb_results_free(results);
}

static void a_waiver_may_accept_that_a_rule_was_not_judged(void **state) {
    (void)state;
    lb_results *results = some_results();
    assert_int_equal(run(results,
                         "rules: [{metric: qi.k, min: 5}]\n"
                         "waivers: [{metric: qi.k, until: 2030-01-01, reason: so}]\n",
                         NULL),
                     LB_GATE_PASS);
    assert_string_equal(check_text(results, 0, "verdict"), "waived");
    assert_non_null(check_text(results, 0, "why"));
    assert_int_equal(count_of(results, "gate.judged"), 0);
    lb_results_free(results);
}

static void a_waiver_holds_to_its_last_day(void **state) {
    (void)state;
    static const struct {
        const char *until;
        lb_gate_verdict verdict;
        const char *check;
    } CASES[] = {{"2026-11-23", LB_GATE_PASS, "waived"},
                 {"2026-11-22", LB_GATE_FAIL, "broken"},
                 {"2030-01-01", LB_GATE_PASS, "waived"}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char text[512];
        lb_results *results = some_results();
        assert_int_equal(lb_results_set(results, LB_METRIC_QI_K, 1, NULL), LB_OK);
        snprintf(text, sizeof text,
                 "rules: [{metric: qi.k, min: 5}]\n"
                 "waivers: [{metric: qi.k, until: %s, reason: agreed}]\n",
                 CASES[i].until);
        assert_int_equal(run(results, text, NULL), CASES[i].verdict);
        assert_string_equal(check_text(results, 0, "verdict"), CASES[i].check);
        bool named = strstr(check_text(results, 0, "reason"), "waiver ended on 2026-11-22") != NULL;
        assert_int_equal(named, CASES[i].verdict == LB_GATE_FAIL);
        lb_results_free(results);
    }
}

static void a_waiver_leaves_what_holds_and_other_metrics_alone(void **state) {
    (void)state;
    lb_results *results = some_results();
    assert_int_equal(lb_results_set(results, LB_METRIC_QI_K, 9, NULL), LB_OK);
    assert_int_equal(lb_results_set(results, LB_METRIC_QI_CLASSES, 9, NULL), LB_OK);
    assert_int_equal(run(results,
                         "rules: [{metric: qi.k, min: 5}, {metric: qi.classes, max: 5}]\n"
                         "waivers: [{metric: qi.k, until: 2030-01-01, reason: agreed}]\n",
                         NULL),
                     LB_GATE_FAIL);
    assert_string_equal(check_text(results, 0, "verdict"), "held");
    assert_string_equal(check_text(results, 1, "verdict"), "broken");
    lb_results_free(results);
}

static void an_increase_is_judged_against_the_baseline(void **state) {
    (void)state;
    static const char RULE[] = "rules: [{metric: tokens.unique_share, max_increase: 0.125}]";
    lb_results *results = some_results();
    json_t *baseline = json_pack("{s:{s:{s:f}}}", "metrics", "tokens.unique_share", "value", 0.25);
    json_t *empty = json_pack("{s:{s:{s:n}}}", "metrics", "tokens.unique_share", "value");
    assert_int_equal(lb_results_set(results, LB_METRIC_TOKENS_UNIQUE_SHARE, 0.375, NULL), LB_OK);
    assert_int_equal(run(results, RULE, baseline), LB_GATE_PASS);
    assert_int_equal(run(results, RULE, empty), LB_GATE_UNDECIDED);
    assert_string_equal(check_text(results, 0, "verdict"), "not_judged");
    assert_int_equal(run(results, RULE, NULL), LB_GATE_UNDECIDED);
    assert_non_null(strstr(check_text(results, 0, "why"), "--write-baseline"));
    assert_int_equal(lb_results_set(results, LB_METRIC_TOKENS_UNIQUE_SHARE, 0.376, NULL), LB_OK);
    assert_int_equal(run(results, RULE, baseline), LB_GATE_FAIL);
    assert_string_equal(check_text(results, 0, "verdict"), "broken");
    json_decref(baseline);
    json_decref(empty);
    lb_results_free(results);
}

/* Every figure that a profile bounds, where its rules have it. */
static void fill(lb_results *results, const char *profile) {
    lb_policy *policy = NULL;
    assert_int_equal(lb_policy_load(&policy, profile, NULL), LB_OK);
    for (size_t i = 0; i < policy->rule_count; i++)
        if (policy->rules[i].limit != LB_LIMIT_MAX_INCREASE)
            assert_int_equal(
                lb_results_set(results, policy->rules[i].metric, policy->rules[i].threshold, NULL),
                LB_OK);
    lb_policy_free(policy);
}

static void
conversations_counted_as_people_break_release_unless_its_policy_accepts_them(void **state) {
    (void)state;
    lb_results *results = some_results();
    fill(results, "release");
    assert_int_equal(lb_results_put(results, "corpus.unit", json_string("conversation"), NULL),
                     LB_OK);
    assert_int_equal(run(results, "extends: release", NULL), LB_GATE_FAIL);
    assert_string_equal(check_text(results, 0, "metric"), "corpus.unit");
    assert_string_equal(check_text(results, 0, "verdict"), "broken");
    assert_int_equal(
        run(results, "extends: release\npeople: {units: [conversation], severity: warning}", NULL),
        LB_GATE_PASS);
    assert_int_equal(lb_results_put(results, "corpus.unit", json_string("record"), NULL), LB_OK);
    assert_int_equal(run(results, "extends: release", NULL), LB_GATE_PASS);
    assert_string_equal(check_text(results, 0, "verdict"), "held");
    lb_results_free(results);
}

static void
records_counted_as_people_break_release_where_a_field_says_whose_they_are(void **state) {
    (void)state;
    lb_results *results = some_results();
    fill(results, "release");
    assert_int_equal(lb_results_put(results, "corpus.unit", json_string("record"), NULL), LB_OK);
    assert_int_equal(run(results, "extends: release", NULL), LB_GATE_PASS);
    assert_int_equal(lb_results_put(results, "corpus.fields",
                                    json_pack("[{ss},{ss}]", "key", "text", "key", "user"), NULL),
                     LB_OK);
    assert_int_equal(run(results, "extends: release", NULL), LB_GATE_FAIL);
    assert_string_equal(check_text(results, 0, "verdict"), "broken");
    lb_results_free(results);
}

static void release_is_met_with_eleven_and_broken_with_ten(void **state) {
    (void)state;
    lb_results *results = some_results();
    fill(results, "release");
    assert_int_equal(run(results, "extends: release", NULL), LB_GATE_PASS);
    assert_int_equal(lb_results_set(results, LB_METRIC_QI_K, 10, NULL), LB_OK);
    assert_int_equal(run(results, "extends: release", NULL), LB_GATE_FAIL);
    lb_results_free(results);
}

static void a_bound_needs_enough_people_attacked(void **state) {
    (void)state;
    static const char RULE[] = "rules: [{metric: tokens.rtu, max: 0.9, bound: upper, needs: "
                               "{metric: qi.classes, min: 33}}]";
    lb_results *results = some_results();
    assert_int_equal(lb_results_set(results, LB_METRIC_TOKENS_RTU, 0.1, NULL), LB_OK);
    assert_int_equal(run(results, RULE, NULL), LB_GATE_UNDECIDED); /* nobody knows how many */
    assert_string_equal(check_text(results, 0, "verdict"), "not_judged");
    assert_int_equal(lb_results_set(results, LB_METRIC_QI_CLASSES, 32, NULL), LB_OK);
    assert_int_equal(run(results, RULE, NULL), LB_GATE_UNDECIDED);
    assert_non_null(strstr(check_text(results, 0, "why"), "needs at least 33"));
    assert_int_equal(lb_results_set(results, LB_METRIC_QI_CLASSES, 33, NULL), LB_OK);
    assert_int_equal(run(results, RULE, NULL), LB_GATE_PASS);
    lb_results_free(results);
}

static void neighbours_say_what_other_thresholds_would(void **state) {
    (void)state;
    lb_results *results = some_results();
    assert_int_equal(lb_results_set(results, LB_METRIC_QI_K, 7, NULL), LB_OK);
    assert_int_equal(run(results, "rules: [{metric: qi.k, min: 11, neighbours: [3, 5, 20]}]", NULL),
                     LB_GATE_FAIL);
    const json_t *check = json_array_get(lb_results_at(results, "gate.checks"), 0);
    const json_t *list = json_object_get(check, "neighbours");
    static const char *const WANTED[] = {"held", "held", "broken"};
    assert_int_equal(json_array_size(list), 3);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(json_string_value(json_object_get(json_array_get(list, i), "verdict")),
                            WANTED[i]);
    lb_results_free(results);
}

static void every_waiver_is_listed_with_what_became_of_it(void **state) {
    (void)state;
    static const char *const STATES[] = {"used", "unused", "ended"};
    lb_results *results = some_results();
    assert_int_equal(lb_results_set(results, LB_METRIC_QI_K, 1, NULL), LB_OK);
    assert_int_equal(lb_results_set(results, LB_METRIC_QI_CLASSES, 1, NULL), LB_OK);
    assert_int_equal(run(results,
                         "rules: [{metric: qi.k, min: 5}, {metric: qi.classes, max: 5}]\n"
                         "waivers:\n"
                         "  - {metric: qi.k, until: 2030-01-01, reason: agreed, owner: board}\n"
                         "  - {metric: qi.classes, until: 2030-01-01, reason: agreed}\n"
                         "  - {metric: qi.marketer, until: 2020-01-01, reason: agreed}\n",
                         NULL),
                     LB_GATE_PASS);
    const json_t *list = lb_results_at(results, "gate.waivers");
    assert_int_equal(json_array_size(list), 3);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(json_string_value(json_object_get(json_array_get(list, i), "state")),
                            STATES[i]);
    assert_string_equal(json_string_value(json_object_get(json_array_get(list, 0), "owner")),
                        "board");
    assert_string_equal(json_string_value(json_object_get(json_array_get(list, 0), "place")),
                        "p.yaml:3:5");
    lb_results_free(results);
}

static void people_are_linkable_by_design_unless_every_policy_claims_otherwise(void **state) {
    (void)state;
    lb_results *results = some_results();
    assert_int_equal(run(results, "rules: []", NULL), LB_GATE_UNDECIDED); /* nothing was judged */
    assert_string_equal(json_string_value(lb_results_at(results, "gate.claim")), "pseudonymous");
    run(results, "claim: unlinkable", NULL);
    assert_string_equal(json_string_value(lb_results_at(results, "gate.claim")), "unlinkable");
    lb_results_free(results);
}

static void a_rule_stands_at_its_line_or_where_its_profile_was_named(void **state) {
    (void)state;
    lb_results *results = some_results();
    run(results, "extends: internal\nrules:\n  - {metric: tokens.rtu, max: 1}\n", NULL);
    size_t last = json_array_size(lb_results_at(results, "gate.checks")) - 1;
    assert_string_equal(check_text(results, 1, "place"), "p.yaml:1:10");
    assert_string_equal(check_text(results, last, "place"), "p.yaml:3:5");
    lb_policy *policy = NULL;
    assert_int_equal(lb_policy_load(&policy, "internal", NULL), LB_OK);
    assert_null(policy->rules[0].grounds.place);
    lb_policy_free(policy);
    lb_results_free(results);
}

static void without_a_policy_there_is_no_verdict(void **state) {
    (void)state;
    lb_results *results = some_results();
    lb_gate_verdict verdict = LB_GATE_FAIL;
    assert_int_equal(lb_gate_run(results, NULL, 0, NULL, TODAY, &verdict, NULL), LB_OK);
    assert_int_equal(verdict, LB_GATE_NONE);
    assert_string_equal(json_string_value(lb_results_at(results, "gate.verdict")), "none");
    lb_results_free(results);
}

static void several_policies_are_all_judged_and_waived_apart(void **state) {
    (void)state;
    lb_results *results = some_results();
    assert_int_equal(lb_results_set(results, LB_METRIC_QI_K, 3, NULL), LB_OK);
    lb_policy *a = policy_of("name: a\nrules: [{metric: qi.k, min: 5}]\n"
                             "waivers: [{metric: qi.k, until: 2030-01-01, reason: agreed}]\n");
    lb_policy *b = policy_of("name: b\nclaim: pseudonymous\nrules: [{metric: qi.k, min: 5}]\n");
    const lb_policy *const policies[] = {a, b};
    lb_gate_verdict verdict = LB_GATE_NONE;
    assert_int_equal(lb_gate_run(results, policies, 2, NULL, TODAY, &verdict, NULL), LB_OK);
    assert_int_equal(verdict, LB_GATE_FAIL);
    assert_string_equal(check_text(results, 0, "verdict"), "waived");
    assert_string_equal(check_text(results, 1, "verdict"), "broken");
    assert_string_equal(check_text(results, 1, "policy"), "b");
    assert_string_equal(json_string_value(lb_results_at(results, "gate.claim")), "pseudonymous");
    lb_policy_free(a);
    lb_policy_free(b);
    lb_results_free(results);
}

static void *counted_alloc(size_t size) {
    return lb_alloc(size, 1);
}

static void lack_of_memory_leaves_the_gate_unset_and_leaks_nothing(void **state) {
    (void)state;
    lb_results *results = some_results();
    lb_policy *policy = policy_of("extends: release\n"
                                  "rules: [{metric: qi.k, min: 5}]\n"
                                  "waivers: [{metric: qi.k, until: 2030-01-01, reason: agreed}]\n");
    const lb_policy *const policies[] = {policy};
    json_set_alloc_funcs(counted_alloc, lb_free);
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_gate_verdict verdict;
        lb_error error = {0};
        lb_memory_fail_after(n);
        status = lb_gate_run(results, policies, 1, NULL, TODAY, &verdict, &error);
        lb_memory_fail_after(0);
        assert_true(status == LB_OK || error.code == LB_E_RESOURCE);
        assert_true(status == LB_OK || lb_results_at(results, "gate") == NULL);
    }
    lb_policy_free(policy);
    lb_results_free(results);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_threshold_holds_up_to_its_very_value),
        cmocka_unit_test(the_bound_says_which_end_is_judged),
        cmocka_unit_test(only_errors_break_the_gate),
        cmocka_unit_test(an_exact_figure_has_one_value_for_every_bound),
        cmocka_unit_test(
            what_is_not_known_is_not_judged_and_leaves_the_gate_undecided_where_it_must_be),
        cmocka_unit_test(a_broken_rule_wins_over_one_that_was_not_judged_and_all_are_counted),
        cmocka_unit_test(a_rule_of_ones_own_need_not_be_judged_where_it_says_so_and_why),
        cmocka_unit_test(a_rule_on_linkage_gates_in_ones_own_policy_and_is_a_note_in_a_profile),
        cmocka_unit_test(fields_that_are_declared_not_to_be_there_need_not_be_judged),
        cmocka_unit_test(words_need_not_be_judged_in_a_plain_table_that_was_looked_at_whole),
        cmocka_unit_test(what_is_rare_below_a_smaller_k_than_the_policys_is_not_shown),
        cmocka_unit_test(a_threshold_that_decides_nothing_is_warned_of),
        cmocka_unit_test(a_waiver_may_accept_that_a_rule_was_not_judged),
        cmocka_unit_test(a_waiver_holds_to_its_last_day),
        cmocka_unit_test(a_waiver_leaves_what_holds_and_other_metrics_alone),
        cmocka_unit_test(an_increase_is_judged_against_the_baseline),
        cmocka_unit_test(
            conversations_counted_as_people_break_release_unless_its_policy_accepts_them),
        cmocka_unit_test(records_counted_as_people_break_release_where_a_field_says_whose_they_are),
        cmocka_unit_test(release_is_met_with_eleven_and_broken_with_ten),
        cmocka_unit_test(a_bound_needs_enough_people_attacked),
        cmocka_unit_test(neighbours_say_what_other_thresholds_would),
        cmocka_unit_test(every_waiver_is_listed_with_what_became_of_it),
        cmocka_unit_test(people_are_linkable_by_design_unless_every_policy_claims_otherwise),
        cmocka_unit_test(a_rule_stands_at_its_line_or_where_its_profile_was_named),
        cmocka_unit_test(without_a_policy_there_is_no_verdict),
        cmocka_unit_test(several_policies_are_all_judged_and_waived_apart),
        cmocka_unit_test(lack_of_memory_leaves_the_gate_unset_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
