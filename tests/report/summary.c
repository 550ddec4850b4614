#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "report/fixture.h"
#include "report/summary.h"

#define GOLDEN LINKBACK_SOURCE_DIR "/tests/report/harbour.summary.txt"

static lb_buffer summary_of(const json_t *document, const lb_summary_options *options) {
    lb_buffer into = {0};
    assert_int_equal(lb_report_summary(document, options, &into, NULL), LB_OK);
    return into;
}

static void the_summary_says_verdict_answers_findings_and_reports(void **state) {
    (void)state;
    static const char *const REPORTS[] = {"linkback-report/report.html",
                                          "linkback-report/report.json"};
    const lb_summary_options options = {.width = 80, .reports = REPORTS, .report_count = 2};
    json_t *document = fixture_load();
    lb_buffer golden = {0}, text = summary_of(document, &options);
    assert_int_equal(lb_file_read(GOLDEN, 1 << 20, &golden, NULL), LB_OK);
    assert_int_equal(text.size, golden.size);
    assert_memory_equal(text.data, golden.data, golden.size);
    lb_buffer_free(&golden);
    lb_buffer_free(&text);
    json_decref(document);
}

static void what_was_read_stands_first_and_what_to_do_last(void **state) {
    (void)state;
    static const char *const ORDER[] = {"What was read",
                                        "4,812 people, 23,117 conversations, 235,028 messages",
                                        "Taken as known to outsiders: country, state",
                                        "Warnings",
                                        "Do not release: 2 of 8 rules",
                                        "Broken (2)",
                                        "at least 11 are required",
                                        "Not judged, and must be (1)",
                                        "Can someone be singled out?",
                                        "56\xC2\xA0% of 4,812 people",
                                        "What to do next",
                                        "linkback explain qi.k"};
    const lb_summary_options options = {.width = 80};
    json_t *document = fixture_load();
    lb_buffer text = summary_of(document, &options);
    assert_int_equal(lb_buffer_append(&text, "", 1, NULL), LB_OK);
    const char *at = text.data;
    for (size_t i = 0; i < sizeof ORDER / sizeof *ORDER; i++) {
        at = strstr(at, ORDER[i]);
        if (!at)
            fail_msg("\"%s\" is missing, or stands too early", ORDER[i]);
    }
    lb_buffer_free(&text);
    json_decref(document);
}

static void three_warnings_are_shown_and_all_with_v(void **state) {
    (void)state;
    json_t *document = fixture_load();
    json_t *list = json_array();
    for (int i = 1; i <= 5; i++)
        json_array_append_new(list, json_sprintf("warning number %d", i));
    json_object_set_new(document, "warnings", list);
    for (int verbose = 0; verbose < 2; verbose++) {
        const lb_summary_options options = {.verbose = verbose};
        lb_buffer text = summary_of(document, &options);
        assert_int_equal(lb_buffer_append(&text, "", 1, NULL), LB_OK);
        assert_non_null(strstr(text.data, "warning number 3"));
        assert_int_equal(strstr(text.data, "warning number 4") != NULL, verbose);
        assert_int_equal(strstr(text.data, "2 more with -v") != NULL, !verbose);
        lb_buffer_free(&text);
    }
    json_decref(document);
}

static void set_share(json_t *document, const char *metric, double value, double low, double high) {
    json_object_set_new(json_object_get(document, "metrics"), metric,
                        json_pack("{s:f, s:f, s:f, s:s, s:s}", "value", value, "low", low, "high",
                                  high, "unit", "share", "worse", "higher"));
}

static void set_count(json_t *document, const char *metric, int value) {
    json_object_set_new(
        json_object_get(document, "metrics"), metric,
        json_pack("{s:i, s:s, s:s}", "value", value, "unit", "users", "worse", "neither"));
}

static void a_low_linkage_is_no_proof(void **state) {
    (void)state;
    const lb_summary_options options = {.width = 100};
    for (int high = 0; high < 2; high++) {
        json_t *document = fixture_load();
        set_share(document, "link.top1", high ? 0.6 : 0.05, 0.01, 0.7);
        set_count(document, "link.eligible_users", 591);
        set_count(document, "link.candidates", 4812);
        lb_buffer text = summary_of(document, &options);
        assert_int_equal(lb_buffer_append(&text, "", 1, NULL), LB_OK);
        assert_non_null(strstr(text.data, "of the 591 people who wrote enough to be attacked "
                                          "(12\xC2\xA0% of all 4,812) were linked"));
        assert_int_equal(strstr(text.data, "A low figure is no proof") != NULL, !high);
        lb_buffer_free(&text);
        json_decref(document);
    }
}

static void few_people_have_no_percentage(void **state) {
    (void)state;
    const lb_summary_options options = {.width = 100};
    json_t *document = fixture_load();
    set_share(document, "link.top1", 0.5, 0.1, 0.9);
    set_count(document, "link.eligible_users", 4);
    set_count(document, "link.candidates", 4812);
    lb_buffer text = summary_of(document, &options);
    assert_int_equal(lb_buffer_append(&text, "", 1, NULL), LB_OK);
    assert_non_null(strstr(text.data, "Too few for a figure: 2 of the 4 people"));
    assert_null(strstr(text.data, "50\xC2\xA0%"));
    lb_buffer_free(&text);
    json_decref(document);
}

static void conversations_are_not_called_people(void **state) {
    (void)state;
    static const char *const UNITS[] = {"conversation", "record"};
    const lb_summary_options options = {.width = 80, .verbose = true};
    for (size_t i = 0; i < 2; i++) {
        json_t *document = fixture_load();
        json_t *corpus = json_object_get(document, "corpus");
        json_object_set_new(corpus, "unit", json_string(UNITS[i]));
        json_object_set_new(corpus, "units", json_integer(4812));
        json_object_set_new(corpus, "users", json_null());
        json_object_set_new(document, "warnings", json_array());
        lb_buffer text = summary_of(document, &options);
        assert_int_equal(lb_buffer_append(&text, "", 1, NULL), LB_OK);
        assert_non_null(strstr(text.data, i == 0 ? "4,812 conversations" : "4,812 rows"));
        assert_null(strstr(text.data, "4,812 people"));
        assert_null(strstr(text.data, "person"));
        lb_buffer_free(&text);
        json_decref(document);
    }
}

static void lines_fit_the_terminal(void **state) {
    (void)state;
    json_t *document = fixture_load();
    for (unsigned width = 40; width <= 100; width += 7) {
        static const char *const REPORTS[] = {"out/report.html", "out/report.json"};
        const lb_summary_options options = {.width = width, .reports = REPORTS, .report_count = 2};
        lb_buffer text = summary_of(document, &options);
        unsigned columns = 0;
        for (size_t i = 0; i < text.size; i++) {
            bool inside = (text.data[i] & 0xC0) == 0x80;
            columns = text.data[i] == '\n' ? 0 : columns + !inside;
            assert_true(columns <= width);
        }
        lb_buffer_free(&text);
    }
    json_decref(document);
}

static void no_control_character_reaches_the_terminal(void **state) {
    (void)state;
    static const char TEXT[] = "\x1b]0;owned\x07\xC2\x9B"
                               "31m\xE2\x80\xAE\r\n\t\x7F\0end";
    json_t *document = fixture_hostile(TEXT, sizeof TEXT - 1);
    const char *const reports[] = {"bad\x1b[2J\xFFname"};
    const lb_summary_options options = {.width = 60, .reports = reports, .report_count = 1};
    lb_buffer text = summary_of(document, &options);
    for (size_t i = 0; i < text.size; i++)
        assert_true(text.data[i] == '\n' || (unsigned char)text.data[i] >= 0x20);
    assert_null(memchr(text.data, 0x7F, text.size));
    lb_buffer_free(&text);
    json_decref(document);
}

static void colour_comes_only_when_asked_for(void **state) {
    (void)state;
    json_t *document = fixture_load();
    const lb_summary_options options = {.width = 80, .colour = true};
    lb_buffer text = summary_of(document, &options);
    assert_non_null(memchr(text.data, 0x1b, text.size));
    lb_buffer_free(&text);
    json_decref(document);
}

static void lack_of_memory_leaks_nothing(void **state) {
    (void)state;
    const lb_summary_options options = {.width = 80};
    json_t *document = fixture_load();
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_buffer into = {0};
        lb_error error = {0};
        lb_memory_fail_after(n);
        status = lb_report_summary(document, &options, &into, &error);
        lb_memory_fail_after(0);
        assert_true(status == LB_OK || error.code == LB_E_RESOURCE);
        lb_buffer_free(&into);
    }
    json_decref(document);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_summary_says_verdict_answers_findings_and_reports),
        cmocka_unit_test(what_was_read_stands_first_and_what_to_do_last),
        cmocka_unit_test(three_warnings_are_shown_and_all_with_v),
        cmocka_unit_test(a_low_linkage_is_no_proof),
        cmocka_unit_test(few_people_have_no_percentage),
        cmocka_unit_test(conversations_are_not_called_people),
        cmocka_unit_test(lines_fit_the_terminal),
        cmocka_unit_test(no_control_character_reaches_the_terminal),
        cmocka_unit_test(colour_comes_only_when_asked_for),
        cmocka_unit_test(lack_of_memory_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
