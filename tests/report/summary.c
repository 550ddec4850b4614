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

static void lines_fit_the_terminal(void **state) {
    (void)state;
    json_t *document = fixture_load();
    for (unsigned width = 40; width <= 100; width += 7) {
        const lb_summary_options options = {.width = width};
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
        cmocka_unit_test(lines_fit_the_terminal),
        cmocka_unit_test(no_control_character_reaches_the_terminal),
        cmocka_unit_test(colour_comes_only_when_asked_for),
        cmocka_unit_test(lack_of_memory_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
