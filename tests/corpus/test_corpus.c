#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "corpus/inspect.h"
#include "reading.h"

static char *many_records(size_t count, bool array) {
    char *text = malloc(count * 120 + 10), *end = text;
    if (array)
        *end++ = '[';
    for (size_t i = 0; i < count; i++)
        end += sprintf(
            end, "{\"user\":\"u%zu\",\"conversation_id\":\"c%zu\",\"text\":\"no %zu, \\\"[{\"}%s\n",
            i % 97, i / 5, i, array && i + 1 < count ? "," : "");
    if (array)
        *end++ = ']';
    *end = '\0';
    return text;
}

static void threads_and_the_order_of_inputs_do_not_change_the_messages(void **state) {
    (void)state;
    char *lines = many_records(30000, false), *array = many_records(30000, true);
    const char *ab[] = {put_text("a.jsonl", lines), put_text("b.json", array)};
    const char *ba[] = {ab[1], ab[0]};
    lb_corpus_options o = {.inputs = ab, .input_count = 2};
    reading one = read_corpus(&o, 1), four = read_corpus(&o, 4);
    o.inputs = ba;
    reading turned = read_corpus(&o, 2);
    char *a = summary(&one), *b = summary(&four), *c = summary(&turned);
    assert_int_equal(one.counts.messages, 60000);
    assert_true(strcmp(a, b) == 0);
    assert_true(strcmp(a, c) == 0);
    assert_memory_equal(&one.counts, &four.counts, sizeof one.counts);
    free(a);
    free(b);
    free(c);
    reading_free(&one);
    reading_free(&four);
    reading_free(&turned);
    free(lines);
    free(array);
}

static void more_malformed_records_than_allowed_end_the_reading_at_the_first(void **state) {
    (void)state;
    const char *path =
        put_text("e.jsonl", "{\"user\":\"a\",\"text\":\"x\"}\n{oops\n{oops\n{oops\n");
    lb_corpus_options o = {.inputs = &path, .input_count = 1, .tolerance = {3, 1}};
    reading r = read_corpus(&o, 1);
    assert_int_equal(r.status, LB_OK);
    reading_free(&r);
    o.tolerance.records = 2;
    r = read_corpus(&o, 1);
    assert_int_equal(r.status, LB_E_INPUT);
    assert_non_null(strstr(r.error.where, "e.jsonl:2 (byte 24)"));
    reading_free(&r);
}

static void skipping_leaves_out_quotes_code_and_urls_and_counts_them(void **state) {
    (void)state;
    const char *path = put_text(
        "s.jsonl", "{\"user\":\"a\",\"text\":\"> quoted\\nmine `x` http://h.example/p end\\n```\\n"
                   "code\\n```\\nlast\"}\n");
    lb_corpus_options o = {.inputs = &path, .input_count = 1, .skip = "quotes,code,urls"};
    reading r = read_corpus(&o, 1);
    assert_int_equal(r.status, LB_OK);
    assert_str(r.messages[0].text, "mine   end\nlast");
    assert_int_equal(r.counts.skipped_bytes, 9 + 3 + 18 + 13);
    reading_free(&r);
    o.skip = "none";
    r = read_corpus(&o, 1);
    assert_int_equal(r.counts.skipped_bytes, 0);
    reading_free(&r);
    o.skip = "quotes,nonsense";
    r = read_corpus(&o, 1);
    assert_int_equal(r.status, LB_E_USAGE);
    reading_free(&r);
}

static void roles_bots_and_units_are_as_asked(void **state) {
    (void)state;
    const char *path =
        put_text("r.jsonl", "{\"conversations\":[{\"from\":\"human\",\"value\":\"q\"},"
                            "{\"from\":\"gpt\",\"value\":\"a\"}],\"id\":\"c1\"}\n");
    lb_corpus_options o = {.inputs = &path, .input_count = 1};
    reading r = read_corpus(&o, 1);
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(lb_corpus_unit(r.corpus), LB_UNIT_CONVERSATION);
    assert_str(r.messages[0].role, "human");
    assert_true(r.messages[0].own && !r.messages[1].own);
    reading_free(&r);
    o.roles = "gpt";
    r = read_corpus(&o, 1);
    assert_true(!r.messages[0].own && r.messages[1].own);
    reading_free(&r);
    o.unit = LB_UNIT_USER;
    r = read_corpus(&o, 1);
    assert_int_equal(r.status, LB_E_USAGE);
    reading_free(&r);
}

static void wrong_options_are_errors_of_usage(void **state) {
    (void)state;
    const char *path = put_text("w.csv", "user,text\na,b\n");
    static const char *const maps[] = {"user", "usr=user", "user=uesr", "user=a[", "text=text.["};
    for (size_t i = 0; i < 5; i++) {
        lb_corpus_options o = {.inputs = &path, .input_count = 1, .maps = &maps[i], .map_count = 1};
        reading r = read_corpus(&o, 1);
        if (r.status != LB_E_USAGE)
            fail_msg("--map %s: status %d", maps[i], r.status);
        reading_free(&r);
    }
    lb_corpus_options o = {.inputs = &path, .input_count = 1, .format = "cvs"};
    reading r = read_corpus(&o, 1);
    assert_int_equal(r.status, LB_E_USAGE);
    assert_non_null(strstr(r.error.mend, "csv"));
    reading_free(&r);
    o = (lb_corpus_options){0};
    r = read_corpus(&o, 1);
    assert_int_equal(r.status, LB_E_USAGE);
    reading_free(&r);
}

static void every_lack_of_memory_is_an_error_and_leaks_nothing(void **state) {
    (void)state;
    char path[1024];
    static const char *const samples[] = {
        "wildchat/sample.jsonl",    "nps-chat/sample",     "irc/sample.2024-01-31.log",
        "pan-author/sample",        "prism/sample",        "whatsapp/sample.txt",
        "oasst/sample.trees.jsonl", "hh-rlhf/sample.jsonl"};
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        snprintf(path, sizeof path, "%s/datasets/%s", LINKBACK_SOURCE_DIR, samples[i]);
        const char *inputs = path;
        lb_corpus_options o = {.inputs = &inputs, .input_count = 1};
        int status = LB_E_RESOURCE;
        for (uint64_t n = 1; status != LB_OK; n += 1 + n / 20) {
            lb_corpus *corpus = NULL;
            lb_error error = {0};
            lb_memory_fail_after(n);
            lb_block *block = lb_block_new();
            lb_batch batch = {0};
            status = block ? lb_corpus_open(&corpus, &o, &error) : LB_E_RESOURCE;
            while (status >= 0 && (status = lb_corpus_next(corpus, block, &error)) == 1)
                status = lb_corpus_parse(corpus, block, &batch, &error);
            lb_memory_fail_after(0);
            if (status < 0)
                assert_int_equal(status, LB_E_RESOURCE);
            lb_batch_free(&batch);
            lb_block_free(block);
            lb_corpus_free(corpus);
        }
    }
}

static void an_inspection_shows_fields_candidates_and_samples(void **state) {
    (void)state;
    char path[1024];
    snprintf(path, sizeof path, "%s/datasets/wildchat/sample.jsonl", LINKBACK_SOURCE_DIR);
    const char *inputs = path;
    lb_corpus_options o = {.inputs = &inputs, .input_count = 1};
    lb_inspection seen;
    lb_error error;
    assert_int_equal(lb_inspect(&seen, &o, 2, 1000, &error), LB_OK);
    assert_int_equal(seen.source_count, 1);
    assert_int_equal(seen.samples.count, 2);
    assert_int_equal(seen.users, 3);
    assert_string_equal(seen.sources[0].keys[0].key, "user");
    assert_string_equal(seen.sources[0].keys[0].origin, "format");
    bool country = false, text = false;
    for (size_t i = 0; i < seen.sources[0].field_count; i++) {
        const lb_inspect_field *field = &seen.sources[0].fields[i];
        if (strcmp(field->path, "country") == 0)
            country = field->candidate && field->distinct == 3 && field->filled == 1.0;
        if (strcmp(field->path, "conversation[].content") == 0)
            text = field->candidate;
    }
    assert_true(country);
    assert_false(text);
    lb_inspection_free(&seen);
}

static int compare_hashes(const void *a, const void *b) {
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void check_shared(const char *name, uint64_t messages, uint64_t users) {
    const char *path = shared_file(name);
    if (!path)
        return;
    lb_corpus_options o = {.inputs = &path, .input_count = 1};
    reading r = read_corpus(&o, 2);
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.counts.messages, messages);
    uint64_t *hashes = malloc(r.count * sizeof *hashes), distinct = 0;
    for (size_t i = 0; i < r.count; i++)
        hashes[i] = lb_hash_str(r.messages[i].user);
    qsort(hashes, r.count, sizeof *hashes, compare_hashes);
    for (size_t i = 0; i < r.count; i++)
        distinct += i == 0 || hashes[i] != hashes[i - 1];
    assert_int_equal(distinct, users);
    free(hashes);
    reading_free(&r);
}

static void the_shared_corpora_have_the_messages_and_people_they_are_known_to_have(void **state) {
    (void)state;
    check_shared("corpora/ubuntu-irc.jsonl.gz", 235028, 18626);
    check_shared("corpora/real-persona-chat-ja.jsonl.gz", 408619, 233);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_and_the_order_of_inputs_do_not_change_the_messages),
        cmocka_unit_test(more_malformed_records_than_allowed_end_the_reading_at_the_first),
        cmocka_unit_test(skipping_leaves_out_quotes_code_and_urls_and_counts_them),
        cmocka_unit_test(roles_bots_and_units_are_as_asked),
        cmocka_unit_test(wrong_options_are_errors_of_usage),
        cmocka_unit_test(every_lack_of_memory_is_an_error_and_leaks_nothing),
        cmocka_unit_test(an_inspection_shows_fields_candidates_and_samples),
        cmocka_unit_test(the_shared_corpora_have_the_messages_and_people_they_are_known_to_have)};
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
