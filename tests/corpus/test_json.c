#include <stdio.h>
#include <stdlib.h>

#include "reading.h"

static lb_rejection rejection(const reading *r, size_t number) {
    size_t count;
    const lb_rejection *all = lb_corpus_rejections(r->corpus, &count);
    assert_true(number < count);
    return all[number];
}

static void malformed_lines_are_kept_with_their_line_and_byte(void **state) {
    (void)state;
    reading r = read_text("bad.jsonl", "{\"user\":\"a\",\"text\":\"x\"}\r\n"
                                       "\n"
                                       "{\"user\":\"b\",\"text\":}\n"
                                       "{\"user\":\"c\",\"text\":\"y\",\"unused\":tru}\n"
                                       "[1]\n"
                                       "{\"user\":\"d\",\"text\":\"z\"} x\n"
                                       "{\"user\":\"e\",\"text\":\"w\"}");
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.counts.messages, 2);
    assert_int_equal(r.counts.rejected, 4);
    assert_int_equal(r.counts.unread_bytes, 20 + 36 + 3 + 25);
    static const uint64_t lines[] = {3, 4, 5, 6}, bytes[] = {26, 47, 84, 88};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(rejection(&r, i).line, lines[i]);
        assert_int_equal(rejection(&r, i).byte, bytes[i]);
    }
    assert_int_equal(r.messages[1].line, 7);
    assert_int_equal(r.messages[1].byte, 114);
    reading_free(&r);
}

static void what_json_has_but_simdjson_refuses_is_mended_and_counted(void **state) {
    (void)state;
    reading r =
        read_text("odd.jsonl", "{\"user\":123456789012345678901234567890,\"text\":\"big\"}\n"
                               "{\"user\":\"b\",\"text\":\"\\ud800 lone \\udc00\"}\n"
                               "{\"user\":\"c\",\"text\":\"\\ud83d\\ude00 pair\",\"n\":1e999}\n"
                               "{\"user\":\"d\",\"text\":\"raw \xff byte\"}\n"
                               "{\"user\":\"e\",\"text\":\"nan\",\"n\":NaN,\"m\":-Infinity}\n"
                               "{\"user\":\"f\",\"text\":\"\\x41 escape\"}\n"
                               "{\"user\":\"g\",\"text\":\"nul \\u0000 byte\"}\n");
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.counts.rejected, 0);
    assert_int_equal(r.counts.messages, 7);
    assert_int_equal(r.counts.replaced_bytes, 3);
    assert_str(r.messages[0].user, "123456789012345678901234567890");
    assert_str(r.messages[1].text, "\xEF\xBF\xBD lone \xEF\xBF\xBD");
    assert_str(r.messages[2].text, "\xF0\x9F\x98\x80 pair");
    assert_str(r.messages[3].text, "raw \xEF\xBF\xBD byte");
    assert_str(r.messages[5].text, "A escape");
    assert_int_equal(r.messages[6].text.size, 10);
    reading_free(&r);
}

static void deep_nesting_is_one_malformed_record(void **state) {
    (void)state;
    enum { DEPTH = 10000 };
    char *text = malloc(3 * DEPTH);
    char *end = stpcpy(text, "{\"user\":\"a\",\"text\":\"x\"}\n{\"text\":");
    memset(end, '[', DEPTH);
    memset(end + DEPTH, ']', DEPTH);
    strcpy(end + 2 * DEPTH, "}\n{\"user\":\"b\",\"text\":\"y\"}\n");
    reading r = read_text("deep.jsonl", text);
    assert_int_equal(r.counts.messages, 2);
    assert_int_equal(r.counts.rejected, 1);
    assert_non_null(strstr(rejection(&r, 0).what, "1,024"));
    reading_free(&r);
    free(text);
}

static void a_line_larger_than_any_block_is_one_record(void **state) {
    (void)state;
    size_t size = 5 << 20;
    char *text = malloc(size + 200);
    char *end = stpcpy(text, "{\"user\":\"a\",\"text\":\"x\"}\n{\"user\":\"b\",\"text\":\"");
    memset(end, 'y', size);
    strcpy(end + size, "\"}\n{\"user\":\"c\",\"text\":\"z\"}\n");
    reading r = read_text("long.jsonl", text);
    assert_int_equal(r.counts.messages, 3);
    assert_int_equal(r.messages[1].text.size, size);
    assert_int_equal(r.messages[2].line, 3);
    assert_int_equal(r.messages[2].byte, end + size + 3 - text);
    reading_free(&r);
    free(text);
}

static void of_fields_of_one_name_the_first_counts(void **state) {
    (void)state;
    reading r = read_text(
        "twice.jsonl", "{\"user\":\"a\",\"text\":\"first\",\"user\":\"b\",\"text\":\"second\"}\n");
    assert_int_equal(r.count, 1);
    assert_str(r.messages[0].user, "a");
    assert_str(r.messages[0].text, "first");
    reading_free(&r);
}

static void an_array_is_cut_at_its_commas_and_nothing_is_passed_over(void **state) {
    (void)state;
    reading r = read_text(
        "a.json", "\xEF\xBB\xBF [ {\"user\":\"a\",\"text\":\"[x,{y\\\"\"},\n"
                  "{\"user\":\"b\",\"text\":\"1\"} {\"user\":\"c\",\"text\":\"2\"},,\n"
                  "{\"user\":\"d\",\"text\":\"3\"}, 17,\n{\"user\":\"e\",\"text\":\"4\"} ] x");
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.counts.messages, 5);
    assert_int_equal(r.counts.rejected, 4);
    assert_int_equal(r.counts.unread_bytes, 5); /* the 17 up to the brace, and the x */
    assert_int_equal(r.messages[0].byte, 6);
    assert_str(r.messages[0].text, "[x,{y\"");
    assert_int_equal(rejection(&r, 0).line, 2);
    assert_non_null(strstr(rejection(&r, 1).what, "missing"));
    assert_int_equal(rejection(&r, 2).line, 3);
    assert_non_null(strstr(rejection(&r, 3).what, "behind the array"));
    reading_free(&r);
    r = read_text("cut.json", "[{\"user\":\"a\",\"text\":\"x\"},{\"user\":\"b\",\"text\":\"y\"}");
    assert_int_equal(r.counts.messages, 2);
    assert_int_equal(r.counts.rejected, 1);
    assert_non_null(strstr(rejection(&r, 0).what, "never closed"));
    reading_free(&r);
    r = read_text("empty.json", " [ ] ");
    assert_int_equal(r.status, LB_E_INPUT);
    assert_non_null(strstr(r.error.what, "not one message"));
    reading_free(&r);
}

static void objects_one_after_another_are_records(void **state) {
    (void)state;
    reading r =
        read_text("o.json", "{\n \"user\": \"a\",\n \"text\": \"x\"\n}\n{\n \"user\": \"b\",\n"
                            " \"text\": \"}\"\n}\n");
    assert_int_equal(r.counts.messages, 2);
    assert_int_equal(r.messages[1].line, 5);
    assert_str(r.messages[1].text, "}");
    reading_free(&r);
}

static void a_record_path_makes_each_element_a_record_that_inherits(void **state) {
    (void)state;
    const char *path = put_text(
        "chat.json",
        "{\"channel\":{\"id\":\"77\"},\"messages\":[{\"id\":1,\"author\":{\"id\":\"u1\"},"
        "\"text\":[\"see \",{\"type\":\"link\",\"text\":\"there\"}],\"roles\":[{\"n\":\"x\"},"
        "{\"n\":\"y\"}]},{\"id\":2,\"author\":{\"id\":\"u2\"},\"text\":\"no\",\"roles\":[]}],"
        "\"place\":\"Oslo\"}");
    const char *maps[] = {"record=messages", "user=author.id", "conversation=channel.id",
                          "message=messages[].id", "text=text"};
    const char *qi[] = {"roles[].n", "place"};
    lb_corpus_options o = {.inputs = &path,
                           .input_count = 1,
                           .maps = maps,
                           .map_count = 5,
                           .quasi_identifiers = qi,
                           .quasi_identifier_count = 2};
    reading r = read_corpus(&o, 1);
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.counts.records, 2);
    assert_int_equal(r.count, 2);
    assert_str(r.messages[0].user, "u1");
    assert_str(r.messages[0].conversation, "77");
    assert_str(r.messages[0].id, "1");
    assert_str(r.messages[0].text, "see \nthere");
    assert_str(r.messages[0].values[0], "x, y");
    assert_str(r.messages[1].values[1], "Oslo");
    assert_null(r.messages[1].values[0].data);
    assert_true(r.messages[0].starts_row && r.messages[1].starts_row);
    reading_free(&r);
}

static void a_turn_with_an_author_of_its_own_starts_a_row(void **state) {
    (void)state;
    reading r = read_text("t.jsonl",
                          "{\"messages\":[{\"role\":\"user\",\"content\":\"a\",\"user\":\"x\"},"
                          "{\"role\":\"user\",\"content\":\"b\",\"user\":\"x\"},"
                          "{\"role\":\"assistant\",\"content\":null},"
                          "{\"role\":\"USER\",\"content\":\"c\",\"user\":\"y\"}],\"user\":\"z\"}\n"
                          "{\"messages\":[]}\n");
    assert_int_equal(r.status, LB_OK);
    assert_int_equal(r.count, 4); /* the null says nothing; the empty record is one without text */
    static const bool rows[] = {true, false, false, true};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(r.messages[i].starts_row, rows[i]);
    assert_null(r.messages[3].text.data);
    assert_int_equal(r.counts.own_messages, 3);
    reading_free(&r);
}

static void values_keep_their_kind_of_spelling(void **state) {
    (void)state;
    const char *path = put_text(
        "v.jsonl",
        "{\"user\":1,\"text\":\"x\",\"marital.status\":\"never\",\"b\":true,\"n\":-5,"
        "\"f\":1.50,\"z\":null,\"o\":{\"q\":[1,\"two\"]},\"marital\":{\"status\":\"no\"}}\n");
    const char *qi[] = {"marital.status", "b", "n", "f", "z", "o.q", "o"};
    lb_corpus_options o = {
        .inputs = &path, .input_count = 1, .quasi_identifiers = qi, .quasi_identifier_count = 7};
    reading r = read_corpus(&o, 1);
    assert_int_equal(r.status, LB_OK);
    static const char *const expected[] = {"never", "true", "-5", "1.5", NULL, "1, two", "1, two"};
    for (size_t i = 0; i < 7; i++)
        if (expected[i])
            assert_str(r.messages[0].values[i], expected[i]);
        else
            assert_null(r.messages[0].values[i].data);
    assert_str(r.messages[0].user, "1");
    reading_free(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_lines_are_kept_with_their_line_and_byte),
        cmocka_unit_test(what_json_has_but_simdjson_refuses_is_mended_and_counted),
        cmocka_unit_test(deep_nesting_is_one_malformed_record),
        cmocka_unit_test(a_line_larger_than_any_block_is_one_record),
        cmocka_unit_test(of_fields_of_one_name_the_first_counts),
        cmocka_unit_test(an_array_is_cut_at_its_commas_and_nothing_is_passed_over),
        cmocka_unit_test(objects_one_after_another_are_records),
        cmocka_unit_test(a_record_path_makes_each_element_a_record_that_inherits),
        cmocka_unit_test(a_turn_with_an_author_of_its_own_starts_a_row),
        cmocka_unit_test(values_keep_their_kind_of_spelling)};
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
