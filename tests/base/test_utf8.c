#include "test.h"

#include "base/utf8.h"

static void check(const char *text, size_t size, const char *repaired, uint64_t replaced) {
    lb_buffer buffer = {0};
    uint64_t count = 0;
    assert_int_equal(lb_utf8_repair((lb_str){text, size}, &buffer, &count, NULL), 0);
    assert_int_equal(buffer.size, strlen(repaired));
    assert_memory_equal(buffer.data, repaired, buffer.size);
    assert_int_equal(count, replaced);
    assert_true(lb_utf8_valid(buffer.data, buffer.size));
    assert_int_equal(lb_utf8_valid(text, size), replaced == 0);
    lb_buffer_free(&buffer);
}

#define FFFD "\xEF\xBF\xBD"

static void repairs_as_unicode_table_3_8_does(void **state) {
    (void)state;
    check("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", 9, FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD "A",
          8);
    check("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", 9, FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD "A",
          8);
    check("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", 9, FFFD FFFD FFFD FFFD FFFD "A" FFFD FFFD "B", 7);
    check("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", 9, FFFD FFFD FFFD FFFD "A", 4);
}

static void keeps_what_is_well_formed(void **state) {
    (void)state;
    const char *text =
        "plain ascii text, long enough \xC3\xA9 \xE3\x81\x82 \xF0\x9F\x98\x80 \xF4\x8F\xBF\xBF";
    check(text, strlen(text), text, 0);
    check("", 0, "", 0);
    check("abcdefgh\xC3", 9, "abcdefgh" FFFD, 1); /* cut at the end */
}

static void decodes_every_code_point(void **state) {
    (void)state;
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        char b[4];
        unsigned n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4, length = 0;
        static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
        for (unsigned i = 1; i < n; i++)
            b[i] = (char)(0x80 | ((c >> (6 * (n - 1 - i))) & 0x3F));
        b[0] = (char)(lead[n] | (c >> (6 * (n - 1))));
        assert_true(lb_utf8_valid(b, n));
        assert_int_equal(lb_utf8_decode(b, &length), c);
        assert_int_equal(length, n);
    }
}

static void a_cut_ends_behind_a_character(void **state) {
    (void)state;
    lb_str text = LB_STR("a\xC3\xA9\xE3\x81\x82\xF0\x9F\x98\x80");
    const size_t ends[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
    for (size_t most = 0; most < sizeof ends / sizeof *ends; most++)
        assert_int_equal(lb_utf8_cut(text, most), ends[most]);
}

static void what_shows_nothing_is_blank(void **state) {
    (void)state;
    assert_true(lb_utf8_is_blank(LB_STR("")));
    assert_true(lb_utf8_is_blank(LB_STR(" \t\r\n\xC2\xA0\xE3\x80\x80\xE2\x80\x8B\xEF\xBB\xBF")));
    assert_false(lb_utf8_is_blank(LB_STR(" . ")));
    assert_false(lb_utf8_is_blank(LB_STR("\xE3\x80\x80\xE3\x81\x82")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repairs_as_unicode_table_3_8_does),
        cmocka_unit_test(keeps_what_is_well_formed),
        cmocka_unit_test(what_shows_nothing_is_blank),
        cmocka_unit_test(a_cut_ends_behind_a_character),
        cmocka_unit_test(decodes_every_code_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
