#include "corpus/mapping/format.h"

#include <stdio.h>

#include "reading.h"

typedef struct expectation {
    const char *sample, *format;
    uint64_t records, messages, own, service;
    lb_unit unit;
    const char *first_attribute; /* NULL: none */
} expectation;

static void each_sample_is_recognised_and_read_to_the_last_message(void **state) {
    (void)state;
    static const expectation expected[] = {
        {"datasets/wildchat/sample.jsonl", "wildchat", 4, 10, 5, 0, LB_UNIT_USER, "country"},
        {"datasets/lmsys-chat/sample.jsonl", "lmsys-chat", 3, 6, 3, 0, LB_UNIT_CONVERSATION,
         "language"},
        {"datasets/openai-messages/sample.jsonl", "openai-messages", 3, 8, 3, 0, LB_UNIT_USER,
         NULL},
        {"datasets/nps-chat/sample", "nps-chat", 10, 8, 8, 2, LB_UNIT_USER, "file(age)"},
        {"datasets/irc/sample.2024-01-31.log", "irc", 5, 5, 5, 4, LB_UNIT_USER, NULL}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", LINKBACK_SOURCE_DIR, expected[i].sample);
        reading r = read_file(path);
        assert_int_equal(r.status, LB_OK);
        size_t count;
        const lb_source *sources = lb_corpus_sources(r.corpus, &count);
        assert_string_equal(sources[0].format, expected[i].format);
        assert_int_equal(r.counts.records, expected[i].records);
        assert_int_equal(r.counts.rejected, 0);
        assert_int_equal(r.counts.messages, expected[i].messages);
        assert_int_equal(r.counts.own_messages, expected[i].own);
        assert_int_equal(r.counts.service_lines, expected[i].service);
        assert_int_equal(lb_corpus_unit(r.corpus), expected[i].unit);
        const lb_attribute *attributes = lb_corpus_attributes(r.corpus, &count);
        if (expected[i].first_attribute)
            assert_string_equal(attributes[0].name, expected[i].first_attribute);
        else
            assert_int_equal(count, 0);
        reading_free(&r);
    }
}

static void expect_error(const char *yaml, const char *where, const char *what) {
    lb_arena *arena = lb_arena_new();
    lb_format format;
    lb_error error = {0};
    assert_int_equal(lb_format_read(&format, lb_str_of(yaml), "f.yaml", arena, &error), LB_E_USAGE);
    assert_string_equal(error.where, where);
    assert_non_null(strstr(error.what, what));
    lb_arena_free(arena);
}

static void errors_in_a_format_name_line_and_column(void **state) {
    (void)state;
    expect_error("name: x\ncontainers: jsonl\nmap:\n  usr: a\n", "f.yaml:4:3", "\"usr\"");
    expect_error("name: x\ncontainers: [parchment]\n", "f.yaml:2:13", "parchment");
    expect_error("name: [x\n", "f.yaml:2:1", "malformed");
    expect_error("name: x\ncontainers: jsonl\nmap:\n  user: 'a['\n", "f.yaml:4:9", "bracket");
    expect_error("name: x\n", "f.yaml:1:1", "containers");
    expect_error("- a\n", "f.yaml:1:1", "mapping");
    expect_error("", "f.yaml:1:1", "empty");
    expect_error("name: x\ncontainers: log\nfile: {pattern: '(', fields: a}\n", "f.yaml:3:17",
                 "regular");
}

static void the_formats_built_in_are_listed_by_name_and_then_the_generic_ones(void **state) {
    (void)state;
    lb_formats *formats;
    lb_error error;
    assert_int_equal(lb_formats_load(&formats, &error), LB_OK);
    size_t count;
    const lb_format *all = lb_formats_all(formats, &count);
    assert_true(count >= 10);
    for (size_t i = 1; i < count; i++)
        assert_true(all[i].generic || strcmp(all[i - 1].name, all[i].name) < 0);
    assert_non_null(lb_formats_find(formats, "wildchat"));
    assert_true(lb_formats_find(formats, "csv")->generic);
    assert_null(lb_formats_find(formats, "wildcat"));
    assert_int_equal(lb_formats_unknown(formats, "wildcat", &error), LB_E_USAGE);
    assert_non_null(strstr(error.mend, "wildchat"));
    lb_formats_free(formats);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_sample_is_recognised_and_read_to_the_last_message),
        cmocka_unit_test(errors_in_a_format_name_line_and_column),
        cmocka_unit_test(the_formats_built_in_are_listed_by_name_and_then_the_generic_ones)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
