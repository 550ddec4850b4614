#include "corpus/read/log.h"

#include <regex.h>
#include <stdlib.h>

#include "reading.h"

typedef struct line_case {
    const char *line;
    lb_log_kind kind;
    const char *nick, *text;
} line_case;

static void the_lines_of_many_clients_are_understood(void **state) {
    (void)state;
    static const line_case cases[] = {
        {"[12:34] <ann> hi  there", LB_LOG_MESSAGE, "ann", "hi  there"},
        {"[12:34:56] <ann> hi", LB_LOG_MESSAGE, "ann", "hi"},
        {"12:34 < ann> hi", LB_LOG_MESSAGE, "ann", "hi"},
        {"12:34 <@ann> hi", LB_LOG_MESSAGE, "ann", "hi"},
        {"12:34 <+ann> ", LB_LOG_MESSAGE, "ann", ""},
        {"12:34 <ann>", LB_LOG_MESSAGE, "ann", ""},
        {"12:34  * ann waves", LB_LOG_MESSAGE, "ann", "waves"},
        {"[03:34 PM] <ann> hi", LB_LOG_MESSAGE, "ann", "hi"},
        {"2024-01-01T12:34:56  <ann> hi", LB_LOG_MESSAGE, "ann", "hi"},
        {"[2024-01-01 12:34:56] <ann> hi", LB_LOG_MESSAGE, "ann", "hi"},
        {"2024-01-01 12:34:56\tann\thi\tyou", LB_LOG_MESSAGE, "ann", "hi\tyou"},
        {"2024-01-01 12:34:56\t@ann\thi", LB_LOG_MESSAGE, "ann", "hi"},
        {"2024-01-01 12:34:56\t *\tann waves", LB_LOG_MESSAGE, "ann", "waves"},
        {"rust 2018-05-29 [21:20:37] <ann> hi ", LB_LOG_MESSAGE, "ann", "hi "},
        {"12:34 -!- ann [~ann@host.example] has joined #c", LB_LOG_SERVICE, NULL, NULL},
        {"[12:34:56] *** Joins: ann (~ann@host)", LB_LOG_SERVICE, NULL, NULL},
        {"2024-01-01 12:34:56\t-->\tann has joined", LB_LOG_SERVICE, NULL, NULL},
        {"=== ann is now known as ann_", LB_LOG_SERVICE, NULL, NULL},
        {"--- Day changed Mon Jan 01 2024", LB_LOG_DAY, NULL, NULL},
        {"--- Log opened Mon Jan 01 12:00:00 2024", LB_LOG_DAY, NULL, NULL},
        {"just a line", LB_LOG_UNKNOWN, NULL, NULL},
        {"[25:34] <ann> hi", LB_LOG_UNKNOWN, NULL, NULL},
        {"[12:34] <an n> hi", LB_LOG_UNKNOWN, NULL, NULL},
        {"[12:34] <> hi", LB_LOG_UNKNOWN, NULL, NULL},
        {"", LB_LOG_UNKNOWN, NULL, NULL}};
    lb_formats *formats;
    lb_log_templates *templates;
    lb_error error;
    assert_int_equal(lb_formats_load(&formats, &error), LB_OK);
    assert_int_equal(lb_log_compile(&templates, lb_formats_find(formats, "irc"), "irc", &error),
                     LB_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        lb_log_line line;
        lb_log_kind kind = lb_log_match(templates, lb_str_of(cases[i].line), &line);
        if (kind != cases[i].kind)
            fail_msg("\"%s\" is of kind %d", cases[i].line, kind);
        if (cases[i].nick) {
            assert_str(line.nick, cases[i].nick);
            assert_str(line.text, cases[i].text);
        }
    }
    lb_log_templates_free(templates);
    lb_formats_free(formats);
}

static void the_day_comes_from_the_line_the_log_or_the_path(void **state) {
    (void)state;
    size_t at, size;
    lb_date date = lb_log_date_in_path("logs/2004/11/15/#ubuntu.txt", &at, &size);
    assert_true(date.year == 2004 && date.month == 11 && date.day == 15 && at == 5 && size == 10);
    assert_int_equal(lb_log_date_in_path("x_20041115.log", &at, &size).day, 15);
    assert_int_equal(lb_log_date_in_path("x_20041315.log", &at, &size).year, 0);
    reading r = read_text("#c_2024-02-28.log", "[23:59] <a> x\n[00:01] <b> \x02y\x03"
                                               "04,05z\x0f\n"
                                               "--- Day changed Sat Mar 02 2024\n[10:00] <a> w\n");
    assert_int_equal(r.status, LB_OK);
    assert_str(r.messages[0].conversation, "#c/2024-02-28");
    assert_str(r.messages[1].conversation, "#c/2024-02-29");
    assert_str(r.messages[1].text, "yz");
    assert_str(r.messages[2].conversation, "#c/2024-03-02");
    assert_int_equal(r.messages[0].time, 1709164740000000);
    assert_int_equal(r.counts.service_lines, 1);
    reading_free(&r);
    r = read_text("plain.log", "[23:59] <a> x\n[00:01] <b> y\nnonsense\n");
    assert_str(r.messages[0].conversation, "plain/day 1");
    assert_str(r.messages[1].conversation, "plain/day 2");
    assert_false(r.messages[0].has_time);
    assert_int_equal(r.counts.rejected, 1);
    size_t count;
    assert_int_equal(lb_corpus_rejections(r.corpus, &count)[0].byte, 28);
    reading_free(&r);
}

static void a_format_that_is_named_is_used_even_where_it_fits_badly(void **state) {
    (void)state;
    const char *path = put_text("odd.txt", "some\nother\nlines\n[12:34] <a> x\n");
    lb_corpus_options o = {
        .inputs = &path, .input_count = 1, .format = "irc", .tolerance = {10, 1}};
    reading r = read_corpus(&o, 1);
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.counts.messages, 1);
    assert_int_equal(r.counts.rejected, 3);
    reading_free(&r);
}

/* An independent count: a regular expression over the lines of the file. */
static void check_raw(const char *name, const char *pattern) {
    const char *path = shared_file(name);
    if (!path)
        return;
    size_t size, matches = 0, lines = 0;
    char *text = read_source_file(path, &size), *place;
    regex_t regex;
    assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
    for (char *line = strtok_r(text, "\n", &place); line; line = strtok_r(NULL, "\n", &place)) {
        matches += regexec(&regex, line, 0, NULL, 0) == 0;
        lines++;
    }
    regfree(&regex);
    free(text);
    reading r = read_file(path);
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.counts.messages, matches);
    assert_int_equal(r.counts.service_lines, lines - matches);
    assert_int_equal(r.counts.rejected, 0);
    reading_free(&r);
}

static void real_logs_have_as_many_messages_as_a_regular_expression_finds(void **state) {
    (void)state;
    check_raw("corpora/irc-raw/2007-06-04.train-a.raw.txt", "^\\[[0-9]{2}:[0-9]{2}\\] +(<|\\* )");
    check_raw("corpora/irc-raw/rust.0.ascii.txt", "^rust [0-9-]+ \\[[0-9:]+\\] (<|\\* )");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lines_of_many_clients_are_understood),
        cmocka_unit_test(the_day_comes_from_the_line_the_log_or_the_path),
        cmocka_unit_test(a_format_that_is_named_is_used_even_where_it_fits_badly),
        cmocka_unit_test(real_logs_have_as_many_messages_as_a_regular_expression_finds)};
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
