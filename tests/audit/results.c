#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "results/json_value.h"
#include "results/results.h"

static lb_results *some_results(void) {
    lb_results *results = NULL;
    assert_int_equal(lb_results_new(&results, NULL), LB_OK);
    return results;
}

static json_t *document_of(const lb_results *results) {
    json_t *document = NULL;
    assert_int_equal(lb_results_document(results, &document, NULL), LB_OK);
    return document;
}

static const json_t *metric(const json_t *document, const char *name) {
    return json_object_get(json_object_get(document, "metrics"), name);
}

static void an_empty_document_has_every_section_and_metric(void **state) {
    (void)state;
    static const char *const KEYS[] = {"schema",    "tool",       "run",          "corpus",
                                       "coverage",  "metrics",    "singling_out", "linkability",
                                       "inference", "population", "consent",      "retention",
                                       "what_if",   "users",      "gate",         "warnings"};
    lb_results *results = some_results();
    json_t *document = document_of(results);
    const char *key;
    json_t *value;
    size_t i = 0;
    json_object_foreach(document, key, value) assert_string_equal(key, KEYS[i++]);
    assert_int_equal(i, sizeof KEYS / sizeof *KEYS);
    assert_int_equal(json_object_size(json_object_get(document, "metrics")), LB_METRIC_COUNT);
    const json_t *k = metric(document, "qi.k");
    assert_true(json_is_null(json_object_get(k, "value")));
    assert_string_equal(json_string_value(json_object_get(k, "why")), "not measured");
    assert_string_equal(json_string_value(json_object_get(k, "unit")), "users");
    assert_string_equal(json_string_value(json_object_get(k, "worse")), "lower");
    json_decref(document);
    lb_results_free(results);
}

static void a_metric_has_a_value_an_interval_or_a_reason(void **state) {
    (void)state;
    lb_results *results = some_results();
    assert_int_equal(lb_results_set(results, LB_METRIC_QI_K, 1, NULL), LB_OK);
    assert_int_equal(lb_results_set_interval(results, LB_METRIC_TOKENS_RTU, 0.5, 0.4, 0.6, NULL),
                     LB_OK);
    assert_int_equal(lb_results_set_unknown(results, LB_METRIC_QI_CLASSES, "no fields", NULL),
                     LB_OK);
    assert_int_equal(lb_results_set(results, LB_METRIC_QI_UNIQUE_SHARE, NAN, NULL), LB_OK);
    json_t *document = document_of(results);
    assert_true(json_is_integer(json_object_get(metric(document, "qi.k"), "value")));
    assert_null(json_object_get(metric(document, "qi.k"), "low"));
    assert_true(json_real_value(json_object_get(metric(document, "tokens.rtu"), "high")) == 0.6);
    assert_string_equal(json_string_value(json_object_get(metric(document, "qi.classes"), "why")),
                        "no fields");
    assert_true(json_is_null(json_object_get(metric(document, "qi.unique_share"), "value")));
    json_decref(document);
    lb_results_free(results);
}

static void the_unit_is_the_one_that_was_audited(void **state) {
    (void)state;
    lb_results *results = some_results();
    assert_int_equal(lb_results_put(results, "corpus.unit", json_string("conversation"), NULL),
                     LB_OK);
    json_t *document = document_of(results);
    assert_string_equal(json_string_value(json_object_get(metric(document, "qi.k"), "unit")),
                        "conversations");
    json_decref(document);
    lb_results_free(results);
}

static void sections_are_made_and_found_by_path(void **state) {
    (void)state;
    lb_results *results = some_results();
    json_t *section = lb_results_section(results, "singling_out.tokens");
    assert_non_null(section);
    assert_ptr_equal(section, lb_results_at(results, "singling_out.tokens"));
    assert_int_equal(lb_results_put(results, "a.b.c", json_integer(7), NULL), LB_OK);
    assert_int_equal(json_integer_value(lb_results_at(results, "a.b.c")), 7);
    assert_null(lb_results_at(results, "a.x.c"));
    assert_int_equal(lb_results_put(results, "a.b", NULL, NULL), LB_E_RESOURCE);
    lb_results_free(results);
}

static void ill_formed_text_is_repaired(void **state) {
    (void)state;
    lb_results *results = some_results();
    assert_int_equal(lb_results_warn(results, NULL, "bad \xFF file %d", 3), LB_OK);
    const json_t *warnings = lb_results_at(results, "warnings");
    assert_string_equal(json_string_value(json_array_get(warnings, 0)), "bad \xEF\xBF\xBD file 3");
    json_t *nothing = lb_json_text((lb_str){0});
    assert_true(json_is_null(nothing));
    lb_results_free(results);
}

static lb_results *filled_results(void) {
    lb_results *results = some_results();
    for (size_t i = 0; i < LB_METRIC_COUNT; i += 2)
        assert_int_equal(
            lb_results_set_interval(results, (lb_metric_id)i, 0.1 * (double)i, 0, 1, NULL), LB_OK);
    assert_int_equal(lb_results_set_unknown(results, LB_METRIC_QI_CLASSES, "no fields", NULL),
                     LB_OK);
    assert_int_equal(lb_results_put(results, "corpus.unit", json_string("record"), NULL), LB_OK);
    assert_int_equal(lb_results_put(results, "tool.version", json_string("0.0.9"), NULL), LB_OK);
    assert_int_equal(
        lb_results_put(results, "users", json_pack("[{s:s}]", "user", "user #1"), NULL), LB_OK);
    assert_int_equal(lb_results_warn(results, NULL, "something"), LB_OK);
    return results;
}

static void a_document_that_is_loaded_gives_the_same_document(void **state) {
    (void)state;
    lb_results *results = filled_results(), *again = NULL;
    json_t *first = document_of(results);
    assert_int_equal(lb_results_load(&again, first, NULL), LB_OK);
    json_t *second = document_of(again);
    assert_true(json_equal(first, second));
    json_decref(first);
    json_decref(second);
    lb_results_free(again);
    lb_results_free(results);
}

static void what_is_no_report_is_refused(void **state) {
    (void)state;
    json_t *const documents[] = {json_object(), json_array(),
                                 json_pack("{s:s}", "schema", "other/1"),
                                 json_pack("{s:s, s:[]}", "schema", "linkback.report/1", "corpus"),
                                 json_pack("{s:s, s:{}}", "schema", "linkback.report/1", "users")};
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        lb_results *results = NULL;
        lb_error error = {0};
        assert_int_equal(lb_results_load(&results, documents[i], &error), LB_E_INPUT);
        assert_true(error.mend[0] != '\0');
        json_decref(documents[i]);
    }
}

static void *counted_alloc(size_t size) {
    return lb_alloc(size, 1);
}

/* Everything the results allocate, jansson's memory included, may fail at any step. */
static void lack_of_memory_loses_and_leaks_nothing(void **state) {
    (void)state;
    json_t *document = NULL;
    lb_results *filled = filled_results();
    json_set_alloc_funcs(counted_alloc, lb_free);
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_results *results = NULL, *again = NULL;
        lb_error error = {0};
        lb_memory_fail_after(n);
        status = lb_results_new(&results, &error);
        if (status == LB_OK)
            status = lb_results_set_unknown(results, LB_METRIC_QI_K, "no fields", &error);
        if (status == LB_OK)
            status = lb_results_put(results, "corpus.unit", json_string("record"), &error);
        if (status == LB_OK)
            status = lb_results_warn(results, &error, "a warning \xFF");
        if (status == LB_OK)
            status = lb_results_document(filled, &document, &error);
        if (status == LB_OK)
            status = lb_results_load(&again, document, &error);
        lb_memory_fail_after(0);
        assert_true(status == LB_OK || error.code == LB_E_RESOURCE);
        json_decref(document);
        document = NULL;
        lb_results_free(again);
        lb_results_free(results);
    }
    lb_results_free(filled);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_document_has_every_section_and_metric),
        cmocka_unit_test(a_metric_has_a_value_an_interval_or_a_reason),
        cmocka_unit_test(the_unit_is_the_one_that_was_audited),
        cmocka_unit_test(sections_are_made_and_found_by_path),
        cmocka_unit_test(ill_formed_text_is_repaired),
        cmocka_unit_test(a_document_that_is_loaded_gives_the_same_document),
        cmocka_unit_test(what_is_no_report_is_refused),
        cmocka_unit_test(lack_of_memory_loses_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
