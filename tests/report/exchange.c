/* The reports that other programs read: XML, SARIF, JUnit, Markdown, CSV. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "report/fixture.h"
#include "report/json.h"
#include "report/kit/uri.h"
#include "report/markdown.h"
#include "report/report.h"
#include "report/sarif.h"
#include "results/stored.h"

static const lb_report_format FORMATS[] = {LB_REPORT_XML, LB_REPORT_SARIF, LB_REPORT_JUNIT,
                                           LB_REPORT_MARKDOWN, LB_REPORT_CSV};
enum { FORMAT_COUNT = sizeof FORMATS / sizeof *FORMATS };

static const char *const HOSTILE[] = {"</testcase><script>alert(1)</script>",
                                      "]]>&#60;!--\x01\x1b[31m",
                                      "\xE2\x80\xAE \xEF\xBF\xBE",
                                      "=1+1,\"\r\nnext,row",
                                      "| <b> [x](javascript:1) @everyone `",
                                      ""};

static json_t *parse(const char *text, size_t size) {
    json_t *tree = NULL;
    assert_int_equal(lb_stored_json_parse(&tree, (lb_str){text, size}, "x", NULL), LB_OK);
    return tree;
}

static void hostile_text_breaks_no_format(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof HOSTILE / sizeof *HOSTILE; i++) {
        json_t *document = fixture_hostile(HOSTILE[i], strlen(HOSTILE[i]));
        size_t size;
        for (size_t j = 0; j < 2; j++) {
            char *text = fixture_render(document, j ? LB_REPORT_JUNIT : LB_REPORT_XML, &size);
            xmlDocPtr tree =
                xmlReadMemory(text, (int)size, "x", NULL, XML_PARSE_NONET | XML_PARSE_PEDANTIC);
            assert_non_null(tree);
            xmlFreeDoc(tree);
            lb_free(text);
        }
        char *sarif = fixture_render(document, LB_REPORT_SARIF, &size);
        json_decref(parse(sarif, size));
        lb_free(sarif);
        char *markdown = fixture_render(document, LB_REPORT_MARKDOWN, &size);
        assert_null(strstr(markdown, "<b>"));
        assert_null(strstr(markdown, "<script"));
        assert_null(strstr(markdown, "](java"));
        assert_null(strstr(markdown, "@every"));
        lb_free(markdown);
        json_decref(document);
    }
}

static void spreadsheets_get_no_formula(void **state) {
    (void)state;
    json_t *document = json_pack("{s:[s,s,s,f], s:{s:[i,i]}}", "texts", "=1+1", "a,\"b\"\r\nc",
                                 "plain", -0.5, "part", "pair", 3, 4);
    size_t size;
    char *text = fixture_render(document, LB_REPORT_CSV, &size);
    assert_string_equal(text, "table,row,field,value\r\n"
                              "texts,,1,\"'=1+1\"\r\n"
                              "texts,,2,\"a,\"\"b\"\"\r\nc\"\r\n"
                              "texts,,3,plain\r\n"
                              "texts,,4,-0.5\r\n"
                              "part.pair,,1,3\r\n"
                              "part.pair,,2,4\r\n");
    lb_free(text);
    json_decref(document);
}

static void sarif_keeps_the_worst_and_says_how_many_it_left_out(void **state) {
    (void)state;
    json_t *document = fixture_load();
    json_t *checks = json_object_get(json_object_get(document, "gate"), "checks");
    json_array_clear(checks);
    for (int i = 0; i < LB_SARIF_RESULTS_MAX + 500; i++)
        json_array_append_new(checks, json_pack("{s:s, s:s, s:s, s:n, s:s, s:s, s:s}", "policy",
                                                "p", "metric", "qi.k", "rule", "min 3", "value",
                                                "verdict", "broken", "severity",
                                                i < 5000 ? "note" : "error", "reason", "too few"));
    size_t size;
    char *text = fixture_render(document, LB_REPORT_SARIF, &size);
    json_t *log = parse(text, size);
    json_t *run = json_array_get(json_object_get(log, "runs"), 0);
    json_t *results = json_object_get(run, "results");
    assert_int_equal(json_array_size(results), LB_SARIF_RESULTS_MAX);
    const json_t *first = json_array_get(results, 0), *last = json_array_get(results, 4999);
    assert_string_equal(json_string_value(json_object_get(first, "level")), "error");
    assert_string_equal(json_string_value(json_object_get(last, "level")), "note");
    assert_non_null(strstr(text, "500 more results were left out"));
    json_decref(log);
    lb_free(text);
    json_decref(document);
}

static void places_become_relative_uris(void **state) {
    (void)state;
    static const struct {
        const char *path, *uri;
    } CASES[] = {{"data/chats.jsonl", "data/chats.jsonl"},
                 {"./a b/\xC3\xA9#?.csv", "a%20b/%C3%A9%23%3F.csv"},
                 {"a/../b//c", "b/c"},
                 {"/home/somebody/secret/x.yaml", "x.yaml"},
                 {"../outside/x.yaml", "x.yaml"},
                 {"a/../../x", "x"},
                 {"..", "corpus"},
                 {"/", "corpus"},
                 {"", "corpus"},
                 {"C:\\x.zip!in.txt", "C%3A%5Cx.zip%21in.txt"}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        lb_buffer uri = {0};
        assert_int_equal(lb_uri_relative(lb_str_of(CASES[i].path), &uri, NULL), LB_OK);
        assert_int_equal(lb_buffer_append(&uri, "", 1, NULL), LB_OK);
        assert_string_equal(uri.data, CASES[i].uri);
        lb_buffer_free(&uri);
    }
    lb_position place = lb_position_parse("a:1.yaml:17:5");
    assert_int_equal(place.file.size, 8);
    assert_int_equal(place.line, 17);
    assert_int_equal(place.column, 5);
    place = lb_position_parse("b.jsonl:3");
    assert_int_equal(place.line, 3);
    assert_int_equal(place.column, 0);
    place = lb_position_parse("c.jsonl");
    assert_int_equal(place.line, 0);
}

static void fingerprints_change_with_the_rule_and_not_with_the_figure(void **state) {
    (void)state;
    json_t *document = fixture_load();
    size_t size;
    char *before = fixture_render(document, LB_REPORT_SARIF, &size);
    json_t *checks = json_object_get(json_object_get(document, "gate"), "checks");
    for (size_t i = 0; i < json_array_size(checks); i++)
        json_object_set_new(json_array_get(checks, i), "reason", json_string("another figure"));
    char *after = fixture_render(document, LB_REPORT_SARIF, &size);
    const char *key = "primaryLocationLineHash\": \"";
    for (const char *a = before, *b = after;;) {
        a = strstr(a, key);
        b = strstr(b, key);
        assert_true((a == NULL) == (b == NULL));
        if (!a)
            break;
        assert_memory_equal(a, b, strlen(key) + 18);
        a++, b++;
    }
    lb_free(before);
    lb_free(after);
    json_decref(document);
}

static void *counted_alloc(size_t size) {
    return lb_alloc(size, 1);
}

static void lack_of_memory_leaks_nothing(void **state) {
    (void)state;
    json_set_alloc_funcs(counted_alloc, lb_free);
    json_t *document = fixture_load();
    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        int status = LB_E_RESOURCE;
        for (uint64_t n = 1; status < 0; n += 1 + n / 8) {
            lb_buffer into = {0};
            lb_error error = {0};
            lb_memory_fail_after(n);
            status = lb_report_render(document, FORMATS[i], &into, &error);
            lb_memory_fail_after(0);
            assert_true(status == LB_OK || error.code == LB_E_RESOURCE);
            lb_buffer_free(&into);
        }
    }
    json_decref(document);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_text_breaks_no_format),
        cmocka_unit_test(spreadsheets_get_no_formula),
        cmocka_unit_test(sarif_keeps_the_worst_and_says_how_many_it_left_out),
        cmocka_unit_test(places_become_relative_uris),
        cmocka_unit_test(fingerprints_change_with_the_rule_and_not_with_the_figure),
        cmocka_unit_test(lack_of_memory_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
