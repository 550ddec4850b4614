#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/policy/config.h"
#include "base/file.h"

/* The folder of this test, as the current one: errors then name "linkback.yaml". */
static int folder_make(void **state) {
    static char folder[] = "/tmp/linkback-config-XXXXXX";
    *state = folder;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int folder_remove(void **state) {
    unlink("linkback.yaml");
    return chdir("/") == 0 && rmdir(*state) == 0 ? 0 : -1;
}

static int config_of(lb_config **config, const char *text, lb_error *error) {
    assert_int_equal(lb_file_write("linkback.yaml", lb_str_of(text), NULL), LB_OK);
    return lb_config_load(config, "linkback.yaml", error);
}

static void the_example_of_the_contract_is_read(void **state) {
    (void)state;
    lb_config *config = NULL;
    lb_error error = {0};
    assert_int_equal(config_of(&config,
                               "corpus:\n"
                               "  format: wildchat            # or a mapping of one's own:\n"
                               "  map:\n"
                               "    user: hashed_ip\n"
                               "    conversation: conversation_hash\n"
                               "    text: conversation[].content\n"
                               "    role: conversation[].role\n"
                               "    time: timestamp\n"
                               "  quasi_identifiers: [country, state, language]\n"
                               "  sensitive: [toxic]\n"
                               "  population: 2000000\n"
                               "measure:\n"
                               "  k: 10\n"
                               "  ngrams: 2\n"
                               "  measures: all\n"
                               "  hierarchies: {illness: icd.csv, age: ages.csv}\n"
                               "policy:\n"
                               "  extends: release\n"
                               "  claim: unlinkable\n"
                               "  rules:\n"
                               "    - metric: qi.k\n"
                               "      min: 5\n"
                               "      severity: error\n"
                               "    - metric: tokens.unique_share\n"
                               "      max_increase: 0.02\n"
                               "  waivers:\n"
                               "    - metric: tokens.unicity_p1\n"
                               "      until: 2027-03-31\n"
                               "      reason: \"accepted by the review board, ticket 412\"\n",
                               &error),
                     LB_OK);
    assert_string_equal(config->corpus.format, "wildchat");
    assert_int_equal(config->corpus.maps.count, 5);
    assert_string_equal(config->corpus.maps.items[0], "user=hashed_ip");
    assert_string_equal(config->corpus.maps.items[4], "text=conversation[].content");
    assert_int_equal(config->corpus.quasi_identifiers.count, 3);
    assert_string_equal(config->corpus.quasi_identifiers.items[2], "language");
    assert_true(config->corpus.population.given);
    assert_int_equal(config->corpus.population.value, 2000000);
    assert_null(config->corpus.max_errors);
    assert_int_equal(config->measure.k.value, 10);
    assert_string_equal(config->measure.measures, "all");
    assert_null(config->measure.split);
    assert_int_equal(config->measure.hierarchy_files.count, 2);
    assert_string_equal(config->measure.hierarchy_fields.items[1], "age");
    assert_string_equal(config->measure.hierarchy_files.items[1], "ages.csv");
    assert_string_equal(config->policy->name, "linkback.yaml");
    assert_int_equal(config->policy->waiver_count, 1);
    lb_config_free(config);
}

static void an_empty_file_configures_nothing(void **state) {
    (void)state;
    static const char *const TEXTS[] = {"", "\n", "# nothing\n", "---\n"};
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        lb_config *config = NULL;
        assert_int_equal(config_of(&config, TEXTS[i], NULL), LB_OK);
        assert_null(config->policy);
        assert_false(config->measure.k.given);
        lb_config_free(config);
    }
}

static void an_empty_list_is_not_the_same_as_none(void **state) {
    (void)state;
    lb_config *config = NULL;
    assert_int_equal(config_of(&config,
                               "corpus:\n  quasi_identifiers: []\n  roles: [user, human]\n"
                               "measure: {measures: 'qi, tokens', seed: 0}\n",
                               NULL),
                     LB_OK);
    assert_true(config->corpus.quasi_identifiers.given);
    assert_int_equal(config->corpus.quasi_identifiers.count, 0);
    assert_false(config->corpus.sensitive.given);
    assert_string_equal(config->corpus.roles, "user,human");
    assert_string_equal(config->measure.measures, "qi,tokens");
    assert_true(config->measure.seed.given);
    lb_config_free(config);
}

static void every_error_says_where_it_is(void **state) {
    (void)state;
    static const struct {
        const char *yaml, *where, *mend;
    } CASES[] = {
        {"corpsu: {}\n", "linkback.yaml:1:1", "\"corpus\""},
        {"corpus:\n  quasi_identifer: [a]\n", "linkback.yaml:2:3", "\"quasi_identifiers\""},
        {"corpus:\n  map:\n    usr: a\n", "linkback.yaml:3:5", "\"user\""},
        {"measure:\n  k: 1\n", "linkback.yaml:2:6", "from 2"},
        {"measure:\n  k: 2.5\n", "linkback.yaml:2:6", "whole number"},
        {"measure:\n  k: -3\n", "linkback.yaml:2:6", "whole number"},
        {"measure:\n  k: 99999999999999999999\n", "linkback.yaml:2:6", "whole number"},
        {"measure:\n  sampling_fraction: 1.5\n", "linkback.yaml:2:22", "from 0 to 1"},
        {"measure:\n  missing: none\n", "linkback.yaml:2:12", "own, any"},
        {"corpus:\n  sensitive: {a: b}\n", "linkback.yaml:2:14", "- "},
        {"corpus:\n  sensitive: [[a]]\n", "linkback.yaml:2:15", "text"},
        {"corpus:\n", "linkback.yaml:1:8", "key: value"},
        {"policy:\n  rules:\n    - metric: nope\n", "linkback.yaml:3:15", "nearest"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        lb_config *config = NULL;
        lb_error error = {0};
        assert_int_equal(config_of(&config, CASES[i].yaml, &error), LB_E_USAGE);
        assert_string_equal(error.where, CASES[i].where);
        assert_non_null(strstr(error.mend, CASES[i].mend));
    }
}

static void a_missing_file_is_a_wrong_command_line(void **state) {
    (void)state;
    lb_config *config = NULL;
    lb_error error = {0};
    assert_int_equal(lb_config_load(&config, "none.yaml", &error), LB_E_USAGE);
    assert_int_equal(error.code, LB_E_USAGE);
    assert_string_equal(error.where, "none.yaml");
}

static void lack_of_memory_leaks_nothing(void **state) {
    (void)state;
    static const char TEXT[] = "corpus: {map: {user: u}, roles: [a, b], sensitive: [x]}\n"
                               "measure: {measures: all}\npolicy: {extends: release}\n";
    assert_int_equal(lb_file_write("linkback.yaml", LB_STR(TEXT), NULL), LB_OK);
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_config *config = NULL;
        lb_error error = {0};
        lb_memory_fail_after(n);
        status = lb_config_load(&config, "linkback.yaml", &error);
        lb_memory_fail_after(0);
        assert_true(status == LB_OK || error.code == LB_E_RESOURCE);
        lb_config_free(config);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_contract_is_read),
        cmocka_unit_test(an_empty_file_configures_nothing),
        cmocka_unit_test(an_empty_list_is_not_the_same_as_none),
        cmocka_unit_test(every_error_says_where_it_is),
        cmocka_unit_test(a_missing_file_is_a_wrong_command_line),
        cmocka_unit_test(lack_of_memory_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
