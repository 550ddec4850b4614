#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <string.h>

#include "report/fixture.h"
#include "report/report.h"

typedef struct page {
    char *text;
    xmlDocPtr tree;
    xmlXPathContextPtr paths;
} page;

static page page_of(const json_t *document) {
    page made = {0};
    size_t size;
    made.text = fixture_render(document, LB_REPORT_HTML, &size);
    made.tree = xmlReadMemory(made.text, (int)size, "report.html", NULL,
                              XML_PARSE_NONET | XML_PARSE_PEDANTIC);
    assert_non_null(made.tree);
    made.paths = xmlXPathNewContext(made.tree);
    assert_non_null(made.paths);
    xmlXPathRegisterNs(made.paths, BAD_CAST "h", BAD_CAST "http://www.w3.org/1999/xhtml");
    xmlXPathRegisterNs(made.paths, BAD_CAST "s", BAD_CAST "http://www.w3.org/2000/svg");
    return made;
}

static void page_free(page *made) {
    xmlXPathFreeContext(made->paths);
    xmlFreeDoc(made->tree);
    lb_free(made->text);
}

static int count(const page *made, const char *path) {
    char expression[512];
    snprintf(expression, sizeof expression, "count(%s)", path);
    xmlXPathObjectPtr found = xmlXPathEval(BAD_CAST expression, made->paths);
    assert_non_null(found);
    int number = (int)found->floatval;
    xmlXPathFreeObject(found);
    return number;
}

static void expect_text(const page *made, const char *path, const char *wanted) {
    char expression[512];
    snprintf(expression, sizeof expression, "normalize-space(%s)", path);
    xmlXPathObjectPtr found = xmlXPathEval(BAD_CAST expression, made->paths);
    assert_non_null(found);
    assert_string_equal((const char *)found->stringval, wanted);
    xmlXPathFreeObject(found);
}

static void the_first_screen_has_verdict_findings_and_three_answers(void **state) {
    (void)state;
    json_t *document = fixture_load();
    page made = page_of(document);
    assert_int_equal(count(&made, "//h:h1"), 1);
    expect_text(&made, "//h:h1", "Do not release");
    expect_text(&made, "//h:header//h:p[@class='lead']",
                "2 of 8 rules of profile release are broken, 2 need attention, 1 was not judged.");
    assert_int_equal(count(&made, "//h:section[@id='broken']//h:li/h:a"), 2);
    assert_int_equal(count(&made, "//h:section[@id='attention']//h:li/h:a"), 2);
    assert_int_equal(count(&made, "//h:div[@class='rule'][not(h:p[@class='mend'])]"), 0);
    assert_int_equal(count(&made, "//h:section[@id='not-judged']//h:li"), 1);
    /* What was read comes before what is broken, and both before the appendix. */
    assert_int_equal(count(&made, "//h:section[@id='broken'][preceding::h:dl[@class='read']]"), 1);
    assert_int_equal(count(&made, "//h:div[@class='appendix']//h:section[@class='front']"), 0);
    assert_int_equal(count(&made, "//h:article"), 3);
    expect_text(&made, "(//h:article)[1]//h:p[@class='figure']", "56\xC2\xA0%");
    expect_text(&made, "(//h:article)[1]//h:p[@class='figure-of']",
                "of 4,812 people have a word that nobody else uses");
    expect_text(&made, "(//h:article)[2]/h:p[1]",
                "Not known: the attack was not asked for (--measures).");
    page_free(&made);
    json_decref(document);
}

static void every_part_of_the_document_has_its_section(void **state) {
    (void)state;
    static const char *const IDS[] = {
        "quasi-identifiers", "suda",  "words", "population", "inference", "people", "policy",
        "figures",           "method"};
    json_t *document = fixture_load();
    page made = page_of(document);
    for (size_t i = 0; i < sizeof IDS / sizeof *IDS; i++) {
        char path[128];
        snprintf(path, sizeof path, "//h:section[@id='%s']/h:h2", IDS[i]);
        assert_int_equal(count(&made, path), 1);
    }
    assert_int_equal(count(&made, "//h:section[@id='policy']//h:tbody/h:tr"), 8);
    assert_int_equal(count(&made, "//h:section[@id='people']//h:tbody/h:tr"), 12);
    assert_int_equal(count(&made, "//s:svg[@role='img'][s:title][s:desc]"), 1);
    page_free(&made);
    json_decref(document);
}

static void a_part_that_is_empty_has_no_section(void **state) {
    (void)state;
    lb_results *results = NULL;
    json_t *document = NULL;
    assert_int_equal(lb_results_new(&results, NULL), LB_OK);
    assert_int_equal(lb_results_document(results, &document, NULL), LB_OK);
    page made = page_of(document);
    expect_text(&made, "//h:h1", "No policy was applied");
    assert_int_equal(count(&made, "//h:section[@id='words']"), 0);
    assert_int_equal(count(&made, "//h:section[@id='policy']"), 0);
    assert_int_equal(count(&made, "//h:section[@id='method']"), 1);
    page_free(&made);
    json_decref(document);
    lb_results_free(results);
}

static void without_a_policy_the_largest_figures_speak(void **state) {
    (void)state;
    json_t *document = fixture_load();
    json_object_set_new(document, "gate",
                        json_pack("{s:s, s:[], s:[]}", "verdict", "none", "policies", "checks"));
    page made = page_of(document);
    assert_int_equal(count(&made, "//h:section[@id='attention']//h:li"), 4);
    expect_text(&made, "//h:section[@id='attention']/h:h2", "The largest figures");
    expect_text(&made, "(//h:section[@id='attention']//h:li)[1]/h:a",
                "People with a word of their own: 55.9\xC2\xA0% (54.5 to 57.3\xC2\xA0%) of 4,812 "
                "people");
    assert_int_equal(count(&made, "//@href[not(substring(., 2) = //@id)]"), 0);
    page_free(&made);
    json_decref(document);
}

static void a_report_that_reveals_says_so(void **state) {
    (void)state;
    json_t *document = fixture_load();
    page made = page_of(document);
    assert_int_equal(count(&made, "//h:p[@class='revealed']"), 0);
    page_free(&made);
    json_object_set_new(json_object_get(document, "run"), "revealed", json_true());
    made = page_of(document);
    assert_int_equal(count(&made, "//h:p[@class='revealed']"), 1);
    page_free(&made);
    json_decref(document);
}

static void expect_self_contained(const page *made) {
    assert_int_equal(count(made, "//@src | //@srcset | //@action | //@data | //@style"), 0);
    assert_int_equal(count(made, "//@*[starts-with(name(), 'on')]"), 0);
    assert_int_equal(count(made, "//@href[not(starts-with(., '#'))]"), 0);
    assert_int_equal(count(made, "//h:link | //h:iframe | //h:object | //h:img"), 0);
    assert_int_equal(count(made, "//h:script"), 1); /* ours, known to the policy by its hash */
    assert_int_equal(count(made, "//h:body/h:script[last()][not(following::*)]"), 1);
    assert_int_equal(count(made, "//h:meta[@http-equiv='Content-Security-Policy']"), 1);
    assert_null(strstr(made->text, "url("));
    assert_null(strstr(made->text, "@import"));
}

static void the_page_loads_nothing_and_runs_one_script_of_its_own(void **state) {
    (void)state;
    json_t *document = fixture_load();
    page made = page_of(document);
    expect_self_contained(&made);
    page_free(&made);
    json_decref(document);
}

static void every_link_has_its_target_and_every_id_is_unique(void **state) {
    (void)state;
    json_t *document = fixture_load();
    page made = page_of(document);
    assert_int_equal(count(&made, "//@href[not(substring(., 2) = //@id)]"), 0);
    assert_int_equal(count(&made, "//*[@id][@id = preceding::*/@id]"), 0);
    page_free(&made);
    json_decref(document);
}

static void elements_are_closed_as_html_wants_it(void **state) {
    (void)state;
    static const char *const WRONG[] = {"<div/>", "<p/>",  "<td/>",    "<span/>", "<bdi/>",
                                        "<th/>",  "<ul/>", "<style/>", "<title/>"};
    json_t *document = fixture_hostile("", 0);
    page made = page_of(document);
    assert_memory_equal(made.text, "<!DOCTYPE html>\n", 16);
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        assert_null(strstr(made.text, WRONG[i]));
    page_free(&made);
    json_decref(document);
}

static void hostile_text_stays_text(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t size;
        const char *shown; /* what must be found as text */
    } CASES[] = {
        {"<script>alert(1)</script>", 25, "<script>alert(1)</script>"},
        {"\"'><img src=x onerror=y>", 24, "\"'><img src=x onerror=y>"},
        {"]]> --> <!-- & &amp; &#0;", 25, "]]> --> <!-- & &amp; &#0;"},
        {"nul\0end", 7,
         "nul\xEF\xBF\xBD"
         "end"},
        {"\xE2\x80\xAEright to left", 16, "\xEF\xBF\xBDright to left"},
        {"not \xEF\xBF\xBE a character \x01", 19, "not \xEF\xBF\xBD a character"},
        {"javascript:alert(1)", 19, "javascript:alert(1)"},
        {"%s%n%d", 6, "%s%n%d"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        json_t *document = fixture_hostile(CASES[i].text, CASES[i].size);
        page made = page_of(document);
        expect_self_contained(&made);
        xmlXPathObjectPtr user =
            xmlXPathEval(BAD_CAST "string(//h:section[@id='people']//h:bdi)", made.paths);
        assert_non_null(user);
        assert_non_null(strstr((const char *)user->stringval, CASES[i].shown));
        xmlXPathFreeObject(user);
        page_free(&made);
        json_decref(document);
    }
}

/* A document may come from a file that anyone wrote: values of the wrong type are not there. */
static void values_of_the_wrong_type_do_no_harm(void **state) {
    (void)state;
    static const char *const VALUES[] = {"7",          "\"x\"",
                                         "[]",         "{}",
                                         "null",       "[[[]]]",
                                         "[7, \"x\"]", "{\"a\": {\"b\": []}}",
                                         "-1e308",     "[[1, -5], [0, 0]]"};
    for (size_t i = 0; i < sizeof VALUES / sizeof *VALUES; i++) {
        json_t *document = fixture_load();
        const char *section;
        json_t *parts;
        json_object_foreach(document, section, parts) {
            json_t *copy = json_deep_copy(document), *value;
            json_object_set_new(copy, section, json_loads(VALUES[i], JSON_DECODE_ANY, NULL));
            page made = page_of(copy);
            page_free(&made);
            json_decref(copy);
            const char *key;
            json_object_foreach(parts, key, value) {
                copy = json_deep_copy(document);
                json_object_set_new(json_object_get(copy, section), key,
                                    json_loads(VALUES[i], JSON_DECODE_ANY, NULL));
                made = page_of(copy);
                page_free(&made);
                json_decref(copy);
            }
        }
        json_decref(document);
    }
}

static void the_evidence_of_every_metric_has_a_part_of_the_page(void **state) {
    (void)state;
    static const char *const anchors[] = {
#define LB_HTML_PART(name, path, anchor, title) anchor,
#include "report/html/parts.def"
    };
    for (int i = 0; i < LB_METRIC_COUNT; i++) {
        const lb_metric *metric = lb_metric_get((lb_metric_id)i);
        const char *wanted = lb_metric_family(metric->name)->anchor;
        bool found = false;
        for (size_t part = 0; part < sizeof anchors / sizeof *anchors; part++)
            found = found || strcmp(anchors[part], wanted) == 0;
        if (!found)
            print_error("%s: no part #%s\n", metric->name, wanted);
        assert_true(found);
    }
}

/* A mend says "the section TITLE shows ...": TITLE is that of a part. */
static void every_mend_names_a_part_of_the_page(void **state) {
    (void)state;
    static const char *const titles[] = {
#define LB_HTML_PART(name, path, anchor, title) title,
#include "report/html/parts.def"
    };
    static const char *const mends[] = {
#define LB_FAMILY(id, anchor, question, severity, mend) mend,
#include "results/metrics.def"
    };
    for (size_t m = 0; m < sizeof mends / sizeof *mends; m++) {
        const char *naming = strstr(mends[m], "section ");
        bool found = !naming;
        for (size_t t = 0; naming && t < sizeof titles / sizeof *titles; t++) {
            char wanted[128];
            snprintf(wanted, sizeof wanted, "the section %s shows", titles[t]);
            found = found || strstr(mends[m], wanted);
        }
        if (!found)
            fail_msg("no part of the page is named by: %s", mends[m]);
    }
}

/* Where the part is not there, the mend ends before it would name it. */
static void a_mend_names_no_part_that_the_page_has_not(void **state) {
    (void)state;
    json_t *document = fixture_load();
    page made = page_of(document);
    assert_int_equal(count(&made, "//h:p[@class='mend']/h:a[.='Fields']"), 1);
    assert_int_equal(count(&made, "//h:p[@class='mend']/h:a[not(substring(@href, 2) = "
                                  "//h:section/@id)]"),
                     0);
    page_free(&made);
    json_object_del(json_object_get(document, "singling_out"), "quasi_identifiers");
    made = page_of(document);
    assert_int_equal(count(&made, "//h:p[@class='mend']/h:a[.='Fields']"), 0);
    assert_int_equal(count(&made, "//h:p[@class='mend'][contains(., 'section Fields')]"), 0);
    assert_int_equal(count(&made, "//h:p[@class='mend'][contains(., 'or drop it.')]"), 1);
    page_free(&made);
    json_decref(document);
}

/* The first page never calls nothing what was not counted. */
static void what_was_not_read_is_said_first(void **state) {
    (void)state;
    static const char dd[] = "//h:dl[@class='read']/h:dt[.='Not read']/following-sibling::h:dd[1]";
    static const char *const counted[] = {
        "coverage.rejected_share",       "coverage.unread_bytes_share",
        "coverage.unread_files",         "coverage.messages_without_text",
        "coverage.times_not_understood", "coverage.without_user_share",
        "coverage.unsearched_fields",    "coverage.listed_unknown"};
    json_t *document = fixture_load(), *metrics = json_object_get(document, "metrics");
    page made = page_of(document);
    expect_text(&made, dd, "not known.");
    page_free(&made);
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++)
        json_object_set_new(metrics, counted[i],
                            json_pack("{s:i, s:s, s:s}", "value", 0, "unit",
                                      strstr(counted[i], "share") ? "share" : "files", "worse",
                                      "higher"));
    made = page_of(document);
    expect_text(&made, dd, "nothing: all that the inputs hold was read.");
    page_free(&made);
    json_object_set_new(json_object_get(metrics, "coverage.unread_files"), "value",
                        json_integer(2));
    json_object_del(metrics, "coverage.unsearched_fields");
    made = page_of(document);
    expect_text(&made, dd,
                "2 files. No figure covers them. Not counted: fields that nothing looked at.");
    page_free(&made);
    json_decref(document);
}

static void too_few_people_for_a_figure_say_so(void **state) {
    (void)state;
    json_t *document = fixture_load();
    json_t *words = json_object_get(json_object_get(document, "singling_out"), "tokens");
    json_object_set_new(json_array_get(words, 0), "units", json_integer(7));
    json_object_set_new(json_object_get(document, "corpus"), "units", json_integer(7));
    json_object_set_new(json_object_get(document, "corpus"), "users", json_integer(7));
    page made = page_of(document);
    assert_int_equal(
        count(&made, "//h:header//h:p[@class='few'][starts-with(., 'Only 7 people:')]"), 1);
    assert_int_equal(count(&made, "//h:article[1]/h:p[@class='figure']"), 0);
    assert_int_equal(count(&made, "//h:article[1]//s:svg[@class='bar']"), 0);
    page_free(&made);
    json_decref(document);
}

/* A conversation is no person. */
static void whom_the_audit_counts_is_called_so_everywhere(void **state) {
    (void)state;
    json_t *document = fixture_load();
    json_object_set_new(json_object_get(document, "corpus"), "unit", json_string("conversation"));
    json_object_del(document, "linkability");
    json_object_set_new(document, "linkability", json_object());
    page made = page_of(document);
    assert_int_equal(count(&made, "//h:th[contains(., 'people') or contains(., 'person')]"
                                  "[not(ancestor::h:section[@id='figures' or @id='consent'])]"),
                     0);
    assert_int_equal(count(&made, "//s:desc[contains(., 'people')] | "
                                  "//h:figcaption[contains(., 'people')]"),
                     0);
    page_free(&made);
    json_decref(document);
}

static void lack_of_memory_leaks_nothing(void **state) {
    (void)state;
    json_t *document = fixture_load();
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_buffer into = {0};
        lb_error error = {0};
        lb_memory_fail_after(n);
        status = lb_report_render(document, LB_REPORT_HTML, &into, &error);
        lb_memory_fail_after(0);
        assert_true(status == LB_OK || error.code == LB_E_RESOURCE);
        lb_buffer_free(&into);
        n += n / 16; /* every step at first, then coarser: there are thousands */
    }
    json_decref(document);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_screen_has_verdict_findings_and_three_answers),
        cmocka_unit_test(every_part_of_the_document_has_its_section),
        cmocka_unit_test(a_part_that_is_empty_has_no_section),
        cmocka_unit_test(without_a_policy_the_largest_figures_speak),
        cmocka_unit_test(a_report_that_reveals_says_so),
        cmocka_unit_test(the_page_loads_nothing_and_runs_one_script_of_its_own),
        cmocka_unit_test(every_link_has_its_target_and_every_id_is_unique),
        cmocka_unit_test(elements_are_closed_as_html_wants_it),
        cmocka_unit_test(hostile_text_stays_text),
        cmocka_unit_test(values_of_the_wrong_type_do_no_harm),
        cmocka_unit_test(the_evidence_of_every_metric_has_a_part_of_the_page),
        cmocka_unit_test(every_mend_names_a_part_of_the_page),
        cmocka_unit_test(a_mend_names_no_part_that_the_page_has_not),
        cmocka_unit_test(what_was_not_read_is_said_first),
        cmocka_unit_test(too_few_people_for_a_figure_say_so),
        cmocka_unit_test(whom_the_audit_counts_is_called_so_everywhere),
        cmocka_unit_test(lack_of_memory_leaks_nothing),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    xmlCleanupParser();
    return failed;
}
