/* The tokens of a whole corpus of real chats, against what ICU found there (tokens.json). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
// cmocka.h wants the headers above
#include <cmocka.h>
#include <jansson.h>

#include "base/hash.h"
#include "text/fold.h"
#include "text/words.h"

static int by_value(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static const char *shared_path(const char *name) {
    static char path[4096];
    const char *shared = getenv("LINKBACK_SHARED");
    snprintf(path, sizeof path, "%s/%s", shared ? shared : LINKBACK_SOURCE_DIR "/../shared", name);
    return path;
}

typedef struct tally {
    lb_splitter *splitter;
    lb_buffer folded, hashes; /* hashes: uint64_t of every folded token */
    size_t tokens;
} tally;

static void count_message(tally *counted, lb_str text) {
    const lb_word *words;
    size_t count;
    assert_int_equal(lb_splitter_words(counted->splitter, text, &words, &count, NULL), LB_OK);
    for (size_t i = 0; i < count; i++) {
        counted->folded.size = 0;
        lb_str word = {text.data + words[i].start, words[i].size};
        assert_int_equal(lb_fold(word, &counted->folded, NULL), LB_OK);
        uint64_t hash = lb_hash_str(lb_buffer_str(&counted->folded));
        assert_int_equal(lb_buffer_append(&counted->hashes, &hash, sizeof hash, NULL), LB_OK);
    }
    counted->tokens += count;
}

static void count_corpus(tally *counted, FILE *stream) {
    char *line = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, stream) > 0) {
        json_t *message = json_loads(line, JSON_ALLOW_NUL, NULL);
        const json_t *text = json_object_get(message, "text");
        assert_non_null(text);
        count_message(counted, (lb_str){json_string_value(text), json_string_length(text)});
        json_decref(message);
    }
    free(line);
}

static size_t distinct(lb_buffer *hashes) {
    uint64_t *values = (uint64_t *)(void *)hashes->data;
    size_t count = hashes->size / sizeof *values, found = 0;
    qsort(values, count, sizeof *values, by_value);
    for (size_t i = 0; i < count; i++)
        found += i == 0 || values[i] != values[i - 1];
    return found;
}

static void assert_close(double value, double expected) {
    print_message("%.0f, ICU: %.0f (%+.3f %%)\n", value, expected, 100 * (value / expected - 1));
    assert_true(value > expected * 0.995 && value < expected * 1.005);
}

/* ICU differs where it normalises before it segments, cuts at ":" between letters (CLDR took it out
 * of MidLetter), and counts "__" as a word. */
static void tokens_of_real_chats_are_within_half_a_percent_of_icu(void **state) {
    (void)state;
    json_t *expected = json_load_file(shared_path("reference/ubuntu-irc.tokens.json"), 0, NULL);
    char command[4200];
    snprintf(command, sizeof command, "zcat '%s'", shared_path("corpora/ubuntu-irc.jsonl.gz"));
    if (!expected || access(shared_path("corpora/ubuntu-irc.jsonl.gz"), R_OK) != 0) {
        print_message("no %s\n", shared_path("corpora/ubuntu-irc.jsonl.gz"));
        json_decref(expected);
        skip();
    }
    tally counted = {0};
    assert_int_equal(lb_splitter_new(&counted.splitter, NULL), LB_OK);
    FILE *stream = popen(command, "r");
    assert_non_null(stream);
    count_corpus(&counted, stream);
    assert_int_equal(pclose(stream), 0);
    assert_close((double)counted.tokens, json_number_value(json_object_get(expected, "tokens")));
    assert_close(
        (double)distinct(&counted.hashes),
        json_number_value(json_object_get(json_object_get(expected, "words"), "distinct")));
    lb_splitter_free(counted.splitter);
    lb_buffer_free(&counted.folded);
    lb_buffer_free(&counted.hashes);
    json_decref(expected);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_of_real_chats_are_within_half_a_percent_of_icu),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
