/* Linkability, what would help, and links.csv. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "report/fixture.h"
#include "report/links.h"
#include "report/report.h"
#include "report/summary.h"

/* The made-up audit with what an attack on itself and on another corpus found. */
static json_t *linked(void) {
    json_t *document = fixture_load();
    json_t *found = json_load_file(LINKBACK_SOURCE_DIR "/tests/report/linked.json", 0, NULL);
    assert_non_null(found);
    json_object_set(document, "linkability", json_object_get(found, "linkability"));
    json_object_set(document, "what_if", json_object_get(found, "what_if"));
    json_object_update(json_object_get(document, "metrics"), json_object_get(found, "metrics"));
    json_decref(found);
    return document;
}

static void expect(const char *page, const char *text) {
    if (!strstr(page, text))
        fail_msg("the page does not say: %s", text);
}

static void every_figure_has_its_chart_and_its_table(void **state) {
    (void)state;
    static const char *const CHARTS[] = {
        "link-precision-recall", "link-ranks", "link-sizes", "link-reliability",
        "ext-precision-recall",  "ext-ranks",  "ext-sizes",  "ext-reliability",
        "what-if-chart"};
    static const char *const TABLES[] = {"Precision and recall", "The attack in figures",
                                         "What links",           "By how much someone wrote",
                                         "Most surely linked",   "Reliability of the probabilities",
                                         "Conversations linked", "Links to the other corpus",
                                         "The surest links",     "Measures and what they cost"};
    json_t *document = linked();
    size_t size;
    char *page = fixture_render(document, LB_REPORT_HTML, &size), text[128];
    for (size_t i = 0; i < sizeof CHARTS / sizeof *CHARTS; i++) {
        snprintf(text, sizeof text, "id=\"%s-title\"", CHARTS[i]);
        expect(page, text);
    }
    for (size_t i = 0; i < sizeof TABLES / sizeof *TABLES; i++) {
        snprintf(text, sizeof text, "<caption>%s</caption>", TABLES[i]);
        expect(page, text);
    }
    expect(page, "<section id=\"what-if\">");
    expect(page, "suppress words of fewer than 50 people");
    expect(page, "drop <bdi>age</bdi>");
    lb_free(page);
    json_decref(document);
}

static void what_was_not_run_says_how_to_ask_for_it(void **state) {
    (void)state;
    json_t *document = linked(), *row;
    size_t i, size;
    json_array_foreach(json_object_get(document, "what_if"), i, row) {
        json_object_set_new(row, "top1", json_null());
        if (i > 0)
            json_object_set_new(row, "why", json_string("ask <for> it"));
    }
    char *page = fixture_render(document, LB_REPORT_HTML, &size);
    expect(page, "without a field: <bdi>ask &lt;for&gt; it</bdi>");
    expect(page, "<td class=\"number\">not run</td>");
    assert_null(strstr(page, "does not touch it"));
    assert_null(strstr(page, "suppress words of fewer than"));
    assert_null(strstr(page, "what-if-chart"));
    lb_free(page);
    json_decref(document);
}

static json_t *link_of(const char *a, const char *b, json_t *right) {
    return json_pack("{s:s, s:s, s:f, s:f, s:i, s:[s,s], s:o}", "a", a, "b", b, "probability", 0.75,
                     "margin", 0.5, "words", 12, "signals", "words", "style", "right", right);
}

static void links_are_rows_that_no_spreadsheet_runs(void **state) {
    (void)state;
    json_t *document =
        json_pack("{s:{s:{s:[o,o,o]}}}", "linkability", "external", "links",
                  link_of("user #1", "user #1", json_true()),
                  link_of("=1+1", "a,\"b\"\nc", json_false()), link_of("-x", "y", json_null()));
    json_t *unsure = json_array_get(
        json_object_get(json_object_get(json_object_get(document, "linkability"), "external"),
                        "links"),
        2);
    json_object_set_new(unsure, "probability", json_null());
    lb_buffer text = {0};
    assert_int_equal(lb_report_links(document, &text, NULL), LB_OK);
    assert_int_equal(lb_buffer_append(&text, "", 1, NULL), LB_OK);
    assert_string_equal(text.data, "a,b,probability,margin,words,signals,right\r\n"
                                   "user #1,user #1,0.75,0.5,12,words style,true\r\n"
                                   "\"'=1+1\",\"a,\"\"b\"\"\nc\",0.75,0.5,12,words style,false\r\n"
                                   "\"'-x\",y,,0.5,12,words style,\r\n");
    lb_buffer_free(&text);
    json_decref(document);
}

static void the_summary_of_a_linkage_asks_one_question(void **state) {
    (void)state;
    const lb_summary_options options = {.width = 100};
    json_t *document = linked();
    for (int link = 0; link < 2; link++) {
        lb_buffer text = {0};
        json_object_set_new(json_object_get(document, "run"), "job",
                            json_string(link ? "link" : "audit"));
        assert_int_equal(lb_report_summary(document, &options, &text, NULL), LB_OK);
        assert_int_equal(lb_buffer_append(&text, "", 1, NULL), LB_OK);
        assert_int_equal(strstr(text.data, "Can someone be singled out?") != NULL, !link);
        assert_non_null(strstr(text.data, "Can two pseudonyms be linked?"));
        assert_non_null(strstr(text.data, "found there"));
        lb_buffer_free(&text);
    }
    json_decref(document);
}

static void values_of_the_wrong_type_do_no_harm(void **state) {
    (void)state;
    static const char *const VALUES[] = {"7", "\"x\"", "[]", "{}", "null", "[[[]], 3, {}]"};
    json_t *document = linked();
    json_t *linkability = json_object_get(document, "linkability"), *part, *member;
    const char *name, *key;
    void *safe;
    size_t size;
    json_object_foreach(linkability, name, part) {
        json_object_foreach_safe(part, safe, key, member) {
            json_incref(member);
            for (size_t i = 0; i < sizeof VALUES / sizeof *VALUES; i++) {
                json_object_set_new(part, key, json_loads(VALUES[i], JSON_DECODE_ANY, NULL));
                lb_free(fixture_render(document, LB_REPORT_HTML, &size));
                lb_free(fixture_render(document, LB_REPORT_LINKS, &size));
            }
            json_object_set_new(part, key, member);
        }
    }
    json_decref(document);
}

static void lack_of_memory_is_told(void **state) {
    (void)state;
    json_t *document = linked();
    static const lb_report_format FORMATS[] = {LB_REPORT_HTML, LB_REPORT_LINKS};
    for (size_t f = 0; f < 2; f++) {
        int status = LB_E_RESOURCE;
        for (uint64_t n = 1; status < 0; n += 1 + n / 8) {
            lb_buffer into = {0};
            lb_memory_fail_after(n);
            status = lb_report_render(document, FORMATS[f], &into, NULL);
            lb_memory_fail_after(0);
            assert_true(status == LB_OK || status == LB_E_RESOURCE);
            lb_buffer_free(&into);
        }
    }
    json_decref(document);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_figure_has_its_chart_and_its_table),
        cmocka_unit_test(what_was_not_run_says_how_to_ask_for_it),
        cmocka_unit_test(links_are_rows_that_no_spreadsheet_runs),
        cmocka_unit_test(the_summary_of_a_linkage_asks_one_question),
        cmocka_unit_test(values_of_the_wrong_type_do_no_harm),
        cmocka_unit_test(lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
