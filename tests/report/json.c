#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/policy/gate.h"
#include "base/file.h"
#include "report/fixture.h"
#include "report/json.h"
#include "report/report.h"
#include "results/stored.h"

static void a_report_that_is_read_is_written_again_to_the_byte(void **state) {
    (void)state;
    json_t *document = fixture_load();
    lb_buffer golden = {0};
    size_t size;
    char *text = fixture_render(document, LB_REPORT_JSON, &size);
    assert_int_equal(lb_file_read(HARBOUR, 1 << 24, &golden, NULL), LB_OK);
    assert_int_equal(size, golden.size);
    assert_memory_equal(text, golden.data, size);
    lb_free(text);
    lb_buffer_free(&golden);
    json_decref(document);
}

static void expect_json(const json_t *value, const char *wanted) {
    lb_buffer into = {0};
    assert_int_equal(lb_report_json(value, &into, NULL), LB_OK);
    assert_int_equal(lb_buffer_append(&into, "", 1, NULL), LB_OK);
    assert_string_equal(into.data, wanted);
    lb_buffer_free(&into);
}

static void values_are_written_plainly(void **state) {
    (void)state;
    json_t *value =
        json_pack("{s:f, s:i, s:n, s:b, s:[ii], s:[[i]], s:{}, s:[]}", "real", 0.1, "whole", 3,
                  "null", "yes", 1, "list", 1, 2, "lists", 1, "empty", "none");
    expect_json(value, "{\n"
                       "  \"real\": 0.1,\n"
                       "  \"whole\": 3,\n"
                       "  \"null\": null,\n"
                       "  \"yes\": true,\n"
                       "  \"list\": [1, 2],\n"
                       "  \"lists\": [\n"
                       "    [1]\n"
                       "  ],\n"
                       "  \"empty\": {},\n"
                       "  \"none\": []\n"
                       "}\n");
    json_decref(value);
}

static void text_is_escaped_where_it_could_deceive(void **state) {
    (void)state;
    static const char TEXT[] = "a\0\"\\\n\x1b\xE2\x80\xAE\xEF\xBF\xBE<\xC3\xA9\xF0\x9F\x99\x82";
    json_t *value = json_stringn(TEXT, sizeof TEXT - 1);
    expect_json(value, "\"a\\u0000\\\"\\\\\\n\\u001b\\u202e\\ufffe<\xC3\xA9\xF0\x9F\x99\x82\"\n");
    json_decref(value);
}

static void a_hostile_text_survives_the_round_trip(void **state) {
    (void)state;
    static const char TEXT[] = "</script>\0]]>\xE2\x80\xAE\xEF\xBF\xBF\xF0\x9F\xBF\xBE\x7F\x01";
    json_t *document = fixture_hostile(TEXT, sizeof TEXT - 1), *again = NULL;
    size_t size;
    char *text = fixture_render(document, LB_REPORT_JSON, &size);
    assert_int_equal(lb_stored_json_parse(&again, (lb_str){text, size}, "x", NULL), LB_OK);
    assert_true(json_equal(document, again));
    lb_free(text);
    json_decref(again);
    json_decref(document);
}

static void what_is_no_json_says_where(void **state) {
    (void)state;
    json_t *document = NULL;
    lb_error error = {0};
    assert_int_equal(lb_stored_json_parse(&document, LB_STR("{\n  \"a\": 1,\n}"), "r.json", &error),
                     LB_E_INPUT);
    assert_string_equal(error.where, "r.json:3:1");
    assert_int_equal(lb_stored_json_parse(&document, LB_STR("{\"a\":1,\"a\":2}"), "r", &error),
                     LB_E_INPUT);
    assert_int_equal(lb_stored_json_parse(&document, (lb_str){0}, "r", &error), LB_E_INPUT);
}

static void a_format_is_found_by_name_or_by_its_neighbour(void **state) {
    (void)state;
    lb_report_format format;
    assert_true(lb_report_find("html", &format));
    assert_int_equal(format, LB_REPORT_HTML);
    assert_false(lb_report_find("jsno", &format));
    assert_string_equal(lb_report_name(format), "json");
    assert_string_equal(lb_report_file(LB_REPORT_SQLITE), "audit.db");
}

/* Also leaves the report for the check against the schema (CMakeLists.txt). */
static void a_report_is_whole_and_private(void **state) {
    (void)state;
    static const char PATH[] = "report-of-this-test.json";
    lb_results *results = NULL;
    lb_policy *policy = NULL;
    lb_gate_verdict verdict;
    struct stat facts;
    assert_int_equal(lb_results_new(&results, NULL), LB_OK);
    assert_int_equal(lb_results_put(results, "corpus.unit", json_string("user"), NULL), LB_OK);
    assert_int_equal(
        lb_results_set_interval(results, LB_METRIC_TOKENS_UNICITY_P1, 0.25, 0.2, 0.3, NULL), LB_OK);
    assert_int_equal(lb_results_set(results, LB_METRIC_QI_K, 3, NULL), LB_OK);
    assert_int_equal(lb_policy_load(&policy, "release", NULL), LB_OK);
    const lb_policy *const policies[] = {policy};
    assert_int_equal(
        lb_gate_run(results, policies, 1, NULL, (lb_date){2026, 11, 23}, &verdict, NULL), LB_OK);
    assert_int_equal(lb_report_write(results, &(lb_report_target){LB_REPORT_JSON, PATH}, 1, NULL),
                     LB_OK);
    assert_int_equal(stat(PATH, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    lb_error error = {0};
    assert_int_equal(lb_report_write(results,
                                     &(lb_report_target){LB_REPORT_JSON, "/dev/null/r.json"}, 1,
                                     &error),
                     LB_E_RESOURCE);
    lb_policy_free(policy);
    lb_results_free(results);
}

static void lack_of_memory_leaks_nothing(void **state) {
    (void)state;
    json_t *document = fixture_load();
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_buffer into = {0};
        lb_error error = {0};
        lb_memory_fail_after(n);
        status = lb_report_render(document, LB_REPORT_JSON, &into, &error);
        lb_memory_fail_after(0);
        assert_true(status == LB_OK || error.code == LB_E_RESOURCE);
        lb_buffer_free(&into);
    }
    json_decref(document);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_that_is_read_is_written_again_to_the_byte),
        cmocka_unit_test(values_are_written_plainly),
        cmocka_unit_test(text_is_escaped_where_it_could_deceive),
        cmocka_unit_test(a_hostile_text_survives_the_round_trip),
        cmocka_unit_test(what_is_no_json_says_where),
        cmocka_unit_test(a_format_is_found_by_name_or_by_its_neighbour),
        cmocka_unit_test(a_report_is_whole_and_private),
        cmocka_unit_test(lack_of_memory_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
