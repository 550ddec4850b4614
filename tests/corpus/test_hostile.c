/* Every format's sample as it should not be: cut short, empty, with marks and line ends of other
 * systems, in another encoding, with one huge line, with brackets nested beyond reason. */
#include <stdio.h>
#include <stdlib.h>

#include "reading.h"

#if defined(__SANITIZE_ADDRESS__)
enum { HUGE_LINE = 4 << 20 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { HUGE_LINE = 4 << 20 };
#else
enum { HUGE_LINE = 100 << 20 };
#endif
#else
enum { HUGE_LINE = 100 << 20 };
#endif

static const char *const samples[] = {"chatbot-arena/sample.jsonl",
                                      "chatgpt-export/sample.json",
                                      "claude-export/sample.json",
                                      "convokit/sample/utterances.jsonl",
                                      "discord/sample.json",
                                      "hh-rlhf/sample.jsonl",
                                      "hh-rlhf/sample.red-team.jsonl",
                                      "irc/sample.2024-01-31.log",
                                      "lmsys-chat/sample.jsonl",
                                      "nps-chat/sample/01-02-20s_6posts.xml",
                                      "oasst/sample.jsonl",
                                      "oasst/sample.trees.jsonl",
                                      "openai-messages/sample.jsonl",
                                      "pan-author/sample/3f1c0001.xml",
                                      "prism/sample/conversations.jsonl",
                                      "sharegpt/sample.json",
                                      "slack/sample/general/2023-11-14.json",
                                      "stackexchange/sample/Posts.xml",
                                      "telegram/sample.account.json",
                                      "telegram/sample.json",
                                      "ultrachat/sample.jsonl",
                                      "ultrachat/sample.original.jsonl",
                                      "whatsapp/sample.ios.txt",
                                      "whatsapp/sample.txt",
                                      "wildchat/sample.jsonl"};
enum { SAMPLES = sizeof samples / sizeof *samples };

typedef struct sample {
    char *data;
    size_t size;
    const char *name; /* without folders */
    reading r;
} sample;

static sample open_sample(size_t number) {
    char path[600];
    sample s;
    snprintf(path, sizeof path, "datasets/%s", samples[number]);
    s.data = read_source_file(path, &s.size);
    s.name = strrchr(samples[number], '/') + 1;
    s.r = read_file(put(s.name, s.data, s.size));
    if (s.r.status != LB_OK)
        fail_msg("%s: %s", samples[number], s.r.error.what);
    return s;
}

static void close_sample(sample *s) {
    free(s->data);
    reading_free(&s->r);
}

static void check_error(const reading *r, const char *what) {
    if (r->status < 0 && (r->error.mend[0] == '\0' || r->error.where[0] == '\0'))
        fail_msg("%s: an error without a place or a mend: %s", what, r->error.what);
    if (r->status != LB_OK && r->status != LB_E_INPUT)
        fail_msg("%s: status %d: %s", what, r->status, r->error.what);
}

static void cut_short_a_sample_never_gains_messages(void **state) {
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        sample s = open_sample(i);
        for (size_t keep = 0; keep < s.size; keep += 1 + s.size / 40) {
            reading r = read_file(put(s.name, s.data, keep));
            check_error(&r, samples[i]);
            if (keep == 0)
                assert_int_equal(r.status, LB_E_INPUT);
            if (r.status == LB_OK && r.corpus && r.counts.rejected == 0 &&
                strcmp(lb_corpus_sources(r.corpus, &(size_t){0})->format,
                       lb_corpus_sources(s.r.corpus, &(size_t){0})->format) == 0)
                assert_true(r.counts.messages + r.counts.service_lines <=
                            s.r.counts.messages + s.r.counts.service_lines);
            reading_free(&r);
        }
        close_sample(&s);
    }
}

static void check_same(const sample *s, const char *data, size_t size, const char *what) {
    reading r = read_file(put(s->name, data, size));
    if (r.status != LB_OK)
        fail_msg("%s %s: %s", s->name, what, r.error.what);
    lb_corpus_counts a = r.counts, b = s->r.counts;
    if (a.messages != b.messages || a.own_messages != b.own_messages || a.rejected != 0 ||
        a.service_lines != b.service_lines)
        fail_msg("%s %s: %d messages, %d rejected", s->name, what, (int)a.messages,
                 (int)a.rejected);
    assert_string_equal(lb_corpus_sources(r.corpus, &(size_t){0})->format,
                        lb_corpus_sources(s->r.corpus, &(size_t){0})->format);
    reading_free(&r);
}

static void marks_and_line_ends_of_other_systems_change_nothing(void **state) {
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        sample s = open_sample(i);
        char *other = malloc(2 * s.size + 3);
        memcpy(other, "\xEF\xBB\xBF", 3);
        memcpy(other + 3, s.data, s.size);
        check_same(&s, other, s.size + 3, "with a byte order mark");
        size_t size = 0;
        for (size_t j = 0; j < s.size; j++) {
            if (s.data[j] == '\n')
                other[size++] = '\r';
            other[size++] = s.data[j];
        }
        check_same(&s, other, size, "with CRLF");
        free(other);
        close_sample(&s);
    }
}

/* `mark` bytes of a byte order mark in front; `high`: where the zero of a letter stands. */
static void check_utf16(const sample *s, size_t mark, size_t high) {
    char *wide = malloc(2 * s->size + 2);
    const char marks[] = {(char)0xFE, (char)0xFF};
    for (size_t i = 0; i < mark; i++)
        wide[i] = marks[high == 0 ? i : 1 - i];
    for (size_t i = 0; i < s->size; i++) {
        wide[mark + 2 * i + high] = 0;
        wide[mark + 2 * i + 1 - high] = s->data[i];
    }
    reading r = read_file(put(s->name, wide, mark + 2 * s->size));
    assert_int_equal(r.status, LB_E_INPUT);
    assert_non_null(strstr(r.error.mend, "iconv"));
    reading_free(&r);
    free(wide);
}

static void utf16_is_refused_with_the_mend(void **state) {
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        sample s = open_sample(i);
        for (size_t high = 0; high < 2; high++)
            for (size_t mark = 0; mark <= 2; mark += 2)
                check_utf16(&s, mark, high);
        close_sample(&s);
    }
}

static void nested_brackets_reject_a_record_and_not_the_rest(void **state) {
    (void)state;
    enum { DEPTH = 10000 };
    for (size_t i = 0; i < SAMPLES; i++) {
        sample s = open_sample(i);
        char *deep = malloc(s.size + 2 * DEPTH + 20);
        size_t size = s.size;
        memcpy(deep, s.data, size);
        if (strstr(s.name, ".jsonl")) {
            size += (size_t)sprintf(deep + size, "{\"a\":");
            memset(deep + size, '[', DEPTH);
            memset(deep + size + DEPTH, ']', DEPTH);
            size += 2 * DEPTH;
            size += (size_t)sprintf(deep + size, "}\n");
            reading r = read_file(put(s.name, deep, size));
            assert_int_equal(r.status, LB_OK);
            assert_int_equal(r.counts.rejected, 1);
            assert_int_equal(r.counts.messages, s.r.counts.messages);
            reading_free(&r);
        } else {
            bool xml = strstr(s.name, ".xml") != NULL;
            for (size_t j = 0; j < DEPTH; j++)
                memcpy(deep + 3 * j % (2 * DEPTH), xml ? "<a>" : "[[{", 3);
            reading r = read_file(put(s.name, deep, 2 * DEPTH));
            check_error(&r, samples[i]);
            reading_free(&r);
        }
        free(deep);
        close_sample(&s);
    }
}

/* In front of one more text that is already there, as many letters as make the line huge. */
static void check_huge(const char *name, const char *before, const char *after) {
    size_t n = strlen(before), m = strlen(after);
    char *text = malloc(n + HUGE_LINE + m);
    memcpy(text, before, n);
    memset(text + n, 'x', HUGE_LINE);
    memcpy(text + n + HUGE_LINE, after, m);
    reading r = read_file(put(name, text, n + HUGE_LINE + m));
    free(text);
    if (r.status != LB_OK)
        fail_msg("%s: %s; %s", name, r.error.what, r.error.mend);
    assert_int_equal(r.counts.messages, 2);
    size_t largest = 0;
    for (size_t i = 0; i < r.count; i++)
        largest = r.messages[i].text.size > largest ? r.messages[i].text.size : largest;
    assert_true(largest >= HUGE_LINE);
    reading_free(&r);
    remove(in_folder(name));
}

static void one_huge_line_is_read_whole(void **state) {
    (void)state;
    check_huge("a.jsonl", "{\"user\":\"a\",\"text\":\"", "\"}\n{\"user\":\"b\",\"text\":\"y\"}\n");
    check_huge("a.json", "[{\"user\":\"b\",\"text\":\"y\"},{\"user\":\"a\",\"text\":\"", "\"}]");
    check_huge("a.csv", "user,text\nb,y\na,", "\n");
    check_huge("a.xml", "<log><entry user=\"b\"><text>y</text></entry><entry user=\"a\"><text>",
               "</text></entry></log>");
    check_huge("a.txt", "1/1/24, 10:00 - Bo: hi\n1/1/24, 10:01 - Ann: ", "\n");
    check_huge("a.log", "[10:00] <bo> hi\n[10:01] <ann> ", "\n");
    check_huge("result.json",
               "{\"name\":\"c\",\"type\":\"private_group\",\"id\":7,\"messages\":[{\"id\":1,"
               "\"type\":\"message\",\"date\":\"2024-01-01T10:00:00\",\"date_unixtime\":\"1\","
               "\"from_id\":\"user1\",\"text\":\"hi\"},{\"id\":2,\"type\":\"message\",\"date\":"
               "\"2024-01-01T10:00:00\",\"date_unixtime\":\"1\",\"from_id\":\"user1\",\"text\":\"",
               "\"}]}");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_short_a_sample_never_gains_messages),
        cmocka_unit_test(marks_and_line_ends_of_other_systems_change_nothing),
        cmocka_unit_test(utf16_is_refused_with_the_mend),
        cmocka_unit_test(nested_brackets_reject_a_record_and_not_the_rest),
        cmocka_unit_test(one_huge_line_is_read_whole)};
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
