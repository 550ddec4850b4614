#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "report/kit/lookup.h"
#include "report/report.h"
#include "report/summary.h"
#include "results/stored.h"

#define GOLDEN LINKBACK_SOURCE_DIR "/tests/golden/expected/report.json"

/* Renders every report, and the page into *html; returns how many look-ups were missed. */
static size_t render(const json_t *document, lb_buffer *html, const char **last) {
    const lb_summary_options options = {.width = 80};
    lb_buffer summary = {0};
    lb_lookup_missed(last);
    for (int format = 0; format < LB_REPORT_COUNT; format++) {
        lb_buffer text = {0};
        lb_buffer *into = format == LB_REPORT_HTML ? html : &text;
        assert_int_equal(lb_report_render(document, (lb_report_format)format, into, NULL), LB_OK);
        lb_buffer_free(&text);
    }
    assert_int_equal(lb_report_summary(document, &options, &summary, NULL), LB_OK);
    lb_buffer_free(&summary);
    return lb_lookup_missed(last);
}

static json_t *load(void) {
    json_t *document = NULL;
    assert_int_equal(lb_stored_load(&document, GOLDEN, NULL), LB_OK);
    return document;
}

static size_t count_of(const lb_buffer *text, const char *words) {
    size_t count = 0, length = strlen(words);
    for (size_t i = 0; i + length <= text->size; i++)
        count += memcmp(text->data + i, words, length) == 0;
    return count;
}

static void every_report_finds_all_that_it_looks_up(void **state) {
    (void)state;
    json_t *document = load();
    lb_buffer html = {0};
    const char *last;
    size_t missed = render(document, &html, &last);
    if (missed > 0)
        print_error("%zu look-ups were missed, the last of %s\n", missed, last);
    assert_int_equal(missed, 0);
    lb_buffer_free(&html);
    json_decref(document);
}

/* What a wrong path in the code does, done from the other side: the key is not there. */
static void what_is_not_there_is_missed_and_not_known(void **state) {
    (void)state;
    static const char *const PLACES[][2] = {
        {"singling_out.quasi_identifiers.by_unit.record", "classes"},
        {"singling_out.suda.values.0", "share"},
        {"corpus.inputs.0", "rejected"},
        {"users.0", "risk"},
        {"singling_out.tokens.0", "below_k"},
        {"linkability.self", "eligible"},
        {"gate.checks.0", "reason"},
        {"metrics", "qi.unique_share"},
    };
    lb_buffer whole = {0};
    json_t *document = load();
    const char *last;
    render(document, &whole, &last);
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++) {
        json_t *copy = json_deep_copy(document), *at = copy;
        char path[128], *next = path;
        lb_buffer html = {0};
        snprintf(path, sizeof path, "%s", PLACES[i][0]);
        for (char *name; (name = strsep(&next, "."));)
            at = json_is_array(at) ? json_array_get(at, (size_t)(name[0] - '0'))
                                   : json_object_get(at, name);
        assert_int_equal(json_object_del(at, PLACES[i][1]), 0);
        assert_true(render(copy, &html, &last) > 0);
        assert_string_equal(last, PLACES[i][1]);
        assert_true(count_of(&html, "not known") > count_of(&whole, "not known"));
        lb_buffer_free(&html);
        json_decref(copy);
    }
    lb_buffer_free(&whole);
    json_decref(document);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_report_finds_all_that_it_looks_up),
        cmocka_unit_test(what_is_not_there_is_missed_and_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
