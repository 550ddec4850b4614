/* Word segmentation: Unicode's own test file, a twin that applies the rules of UAX #29 one by one,
 * and hostile texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
// cmocka.h wants the headers above
#include <cmocka.h>

#include "base/random.h"
#include "base/utf8.h"
#include "text/ascii.h"
#include "text/random_text.h"
#include "text/unicode.h"
#include "text/words.h"

static lb_splitter *splitter;

static int open_splitter(void **state) {
    (void)state;
    return lb_splitter_new(&splitter, NULL);
}

static int close_splitter(void **state) {
    (void)state;
    lb_splitter_free(splitter);
    return 0;
}

/* The words of a text, each in brackets. */
static const char *words_of(const char *text) {
    static char out[1024];
    const lb_word *words;
    size_t count, size = 0;
    assert_int_equal(lb_splitter_words(splitter, lb_str_of(text), &words, &count, NULL), LB_OK);
    out[0] = '\0';
    for (size_t i = 0; i < count; i++)
        size += (size_t)snprintf(out + size, sizeof out - size, "[%.*s]", (int)words[i].size,
                                 text + words[i].start);
    return out;
}

/* ---- the rules, each as UAX #29 writes it, over an array of code points ---- */

typedef struct spelled {
    const uint32_t *c;
    size_t n;
} spelled;

static lb_break at(spelled s, size_t i) {
    return lb_unicode_properties(s.c[i]) & LB_UNICODE_BREAK;
}
static bool skipped(lb_break b) {
    return b == LB_BREAK_EXTEND || b == LB_BREAK_FORMAT || b == LB_BREAK_ZWJ;
}
static bool newline(lb_break b) {
    return b == LB_BREAK_CR || b == LB_BREAK_LF || b == LB_BREAK_NEWLINE;
}
static bool letter(lb_break b) {
    return b == LB_BREAK_ALETTER || b == LB_BREAK_HEBREW_LETTER;
}
static bool quote_or_dot(lb_break b) {
    return b == LB_BREAK_MID_NUM_LET || b == LB_BREAK_SINGLE_QUOTE;
}

enum { NOWHERE = -1 };

/* The code point before (after) position i that WB4 does not ignore. */
static long left_of(spelled s, long i) {
    for (i--; i >= 0; i--)
        if (!skipped(at(s, (size_t)i)) || i == 0 || newline(at(s, (size_t)i - 1)))
            return i;
    return NOWHERE;
}
static long right_of(spelled s, long i) {
    for (i++; i < (long)s.n; i++)
        if (!skipped(at(s, (size_t)i)))
            return i;
    return NOWHERE;
}

static lb_break class_at(spelled s, long i) {
    return i == NOWHERE ? LB_BREAK_OTHER : at(s, (size_t)i);
}

static bool breaks_before(spelled s, size_t i) {
    if (i == 0 || i == s.n)
        return true; /* WB1, WB2 */
    lb_break left = at(s, i - 1), right = at(s, i);
    if (left == LB_BREAK_CR && right == LB_BREAK_LF)
        return false; /* WB3 */
    if (newline(left) || newline(right))
        return true; /* WB3a, WB3b */
    if (left == LB_BREAK_ZWJ && lb_unicode_properties(s.c[i]) & LB_UNICODE_PICTOGRAPH)
        return false; /* WB3c */
    if (left == LB_BREAK_WSEG_SPACE && right == LB_BREAK_WSEG_SPACE)
        return false; /* WB3d */
    if (skipped(right))
        return false; /* WB4 */
    long b = left_of(s, (long)i), a = left_of(s, b), c = (long)i, d = right_of(s, c);
    lb_break A = class_at(s, a), B = class_at(s, b), C = class_at(s, c), D = class_at(s, d);
    if (letter(B) && letter(C))
        return false; /* WB5 */
    if (letter(B) && (C == LB_BREAK_MID_LETTER || quote_or_dot(C)) && letter(D))
        return false; /* WB6 */
    if (letter(A) && (B == LB_BREAK_MID_LETTER || quote_or_dot(B)) && letter(C))
        return false; /* WB7 */
    if (B == LB_BREAK_HEBREW_LETTER && C == LB_BREAK_SINGLE_QUOTE)
        return false; /* WB7a */
    if (B == LB_BREAK_HEBREW_LETTER && C == LB_BREAK_DOUBLE_QUOTE && D == LB_BREAK_HEBREW_LETTER)
        return false; /* WB7b */
    if (A == LB_BREAK_HEBREW_LETTER && B == LB_BREAK_DOUBLE_QUOTE && C == LB_BREAK_HEBREW_LETTER)
        return false; /* WB7c */
    if ((B == LB_BREAK_NUMERIC || letter(B)) && C == LB_BREAK_NUMERIC)
        return false; /* WB8, WB9 */
    if (B == LB_BREAK_NUMERIC && letter(C))
        return false; /* WB10 */
    if (A == LB_BREAK_NUMERIC && (B == LB_BREAK_MID_NUM || quote_or_dot(B)) &&
        C == LB_BREAK_NUMERIC)
        return false; /* WB11 */
    if (B == LB_BREAK_NUMERIC && (C == LB_BREAK_MID_NUM || quote_or_dot(C)) &&
        D == LB_BREAK_NUMERIC)
        return false; /* WB12 */
    if (B == LB_BREAK_KATAKANA && C == LB_BREAK_KATAKANA)
        return false; /* WB13 */
    if ((letter(B) || B == LB_BREAK_NUMERIC || B == LB_BREAK_KATAKANA ||
         B == LB_BREAK_EXTEND_NUM_LET) &&
        C == LB_BREAK_EXTEND_NUM_LET)
        return false; /* WB13a */
    if (B == LB_BREAK_EXTEND_NUM_LET &&
        (letter(C) || C == LB_BREAK_NUMERIC || C == LB_BREAK_KATAKANA))
        return false; /* WB13b */
    if (B == LB_BREAK_REGIONAL_INDICATOR && C == LB_BREAK_REGIONAL_INDICATOR) {
        size_t before = 0; /* WB15, WB16 */
        for (long i2 = b; i2 != NOWHERE && class_at(s, i2) == LB_BREAK_REGIONAL_INDICATOR;
             i2 = left_of(s, i2))
            before++;
        return before % 2 == 0;
    }
    return true; /* WB999 */
}

static void check_boundaries(spelled s, lb_str text, const size_t *offset_of) {
    const uint32_t *offsets;
    size_t count, next = 0;
    assert_int_equal(lb_splitter_boundaries(splitter, text, &offsets, &count, NULL), LB_OK);
    for (size_t i = 0; i <= s.n; i++)
        if (breaks_before(s, i)) {
            assert_true(next < count);
            assert_int_equal(offsets[next++], offset_of[i]);
        }
    assert_int_equal(next, count);
}

static void random_texts_break_where_the_rules_read_one_by_one_break_them(void **state) {
    (void)state;
    enum { TEXTS = 20000, LONGEST = 24 };
    lb_random random = lb_random_keyed(1, "words", 0);
    lb_buffer text = {0};
    for (int round = 0; round < TEXTS; round++) {
        uint32_t c[LONGEST];
        size_t offset_of[LONGEST + 1], n = 1 + lb_random_below(&random, LONGEST);
        text.size = 0;
        for (size_t i = 0; i < n; i++) {
            c[i] = random_code_point(&random);
            offset_of[i] = text.size;
            append_code_point(&text, c[i]);
        }
        offset_of[n] = text.size;
        check_boundaries((spelled){c, n}, lb_buffer_str(&text), offset_of);
    }
    lb_buffer_free(&text);
}

/* ---- Unicode's file ---- */

static bool check_line(const char *line, lb_buffer *text) {
    uint32_t expected[128];
    size_t breaks = 0;
    text->size = 0;
    for (const char *p = line; *p && *p != '#';) {
        if (strncmp(p, "\xC3\xB7", 2) == 0) { /* division sign: a break */
            expected[breaks++] = (uint32_t)text->size;
            p += 2;
        } else if (strncmp(p, "\xC3\x97", 2) == 0) {
            p += 2;
        } else if (*p > ' ') {
            char *end;
            append_code_point(text, (uint32_t)strtoul(p, &end, 16));
            p = end;
        } else
            p++;
    }
    if (breaks == 0)
        return false;
    const uint32_t *offsets;
    size_t count;
    assert_int_equal(lb_splitter_boundaries(splitter, lb_buffer_str(text), &offsets, &count, NULL),
                     LB_OK);
    assert_int_equal(count, breaks);
    assert_memory_equal(offsets, expected, count * sizeof *expected);
    return true;
}

static void every_line_of_the_word_break_test_holds(void **state) {
    (void)state;
    FILE *file = fopen(LINKBACK_UNICODE_DATA "/auxiliary/WordBreakTest.txt", "r");
    if (!file) {
        print_message("no WordBreakTest.txt in " LINKBACK_UNICODE_DATA "\n");
        skip();
    }
    char line[1024];
    lb_buffer text = {0};
    size_t lines = 0;
    while (fgets(line, sizeof line, file))
        lines += check_line(line, &text);
    fclose(file);
    lb_buffer_free(&text);
    assert_int_equal(lines, 1823);
}

/* ---- words ---- */

/* Without dictionary scripts, words are the segments with a letter or digit. */
static void check_words(lb_str text) {
    const uint32_t *offsets;
    const lb_word *words;
    size_t segments, count, next = 0;
    assert_int_equal(lb_splitter_boundaries(splitter, text, &offsets, &segments, NULL), LB_OK);
    assert_int_equal(lb_splitter_words(splitter, text, &words, &count, NULL), LB_OK);
    for (size_t i = 0; i + 1 < segments; i++) {
        bool word = false, ascii = true;
        unsigned length;
        for (uint32_t p = offsets[i]; p < offsets[i + 1]; p += length) {
            uint32_t c = lb_utf8_decode(text.data + p, &length);
            word = word || lb_unicode_properties(c) & LB_UNICODE_WORD;
            ascii = ascii && c < 0x80;
        }
        if (!word)
            continue;
        assert_true(next < count);
        assert_int_equal(words[next].start, offsets[i]);
        assert_int_equal(words[next].size, offsets[i + 1] - offsets[i]);
        assert_int_equal(words[next].ascii, ascii);
        next++;
    }
    assert_int_equal(next, count);
}

static void the_fast_path_finds_the_words_that_the_rules_find(void **state) {
    (void)state;
    static const char ascii[] = "abZ09_.':,; \"-";
    enum { TEXTS = 20000, LONGEST = 300 };
    lb_random random = lb_random_keyed(2, "words", 0);
    lb_buffer text = {0};
    for (int round = 0; round < TEXTS; round++) {
        size_t n = lb_random_below(&random, LONGEST);
        uint64_t foreign = 1 + lb_random_below(&random, 200); /* one in how many is not ASCII */
        uint64_t letters = lb_random_below(&random, 20);
        text.size = 0;
        for (size_t i = 0; i < n; i++) {
            uint32_t c = (uint32_t)ascii[lb_random_below(&random, sizeof ascii - 1)];
            if (lb_random_below(&random, 20) < letters)
                c = 'e';
            if (lb_random_below(&random, foreign + 1) == foreign) {
                c = random_code_point(&random);
                if (lb_unicode_properties(c) & LB_UNICODE_DICTIONARY)
                    c = 0x300;
            }
            append_code_point(&text, c);
        }
        check_words(lb_buffer_str(&text));
    }
    lb_buffer_free(&text);
}

static void blocks_are_classified_alike_with_and_without_vector_instructions(void **state) {
    (void)state;
    lb_random random = lb_random_keyed(3, "words", 0);
    for (int round = 0; round < 1000; round++) {
        char bytes[64];
        for (unsigned i = 0; i < 64; i++)
            bytes[i] = (char)(round < 4 ? (unsigned)round * 64 + i : lb_random_next(&random));
        lb_ascii_block a = lb_ascii_classify(bytes), b = lb_ascii_classify_scalar(bytes);
        assert_memory_equal(&a, &b, sizeof a);
    }
}

static void words_have_a_letter_or_a_digit(void **state) {
    (void)state;
    assert_string_equal(words_of(""), "");
    assert_string_equal(words_of("a"), "[a]");
    assert_string_equal(words_of("Hi, don't... I've 3.14 or 1,000!"),
                        "[Hi][don't][I've][3.14][or][1,000]");
    assert_string_equal(words_of("snake_case __ ____ _a_ _1"), "[snake_case][_a_][_1]");
    assert_string_equal(words_of("\xF0\x9F\x98\x80 \xF0\x9F\x87\xAB\xF0\x9F\x87\xB7 -- !"), "");
    assert_string_equal(words_of("\xC2\xBD \xE2\x91\xA0 \xE2\x93\x82"),
                        "[\xC2\xBD][\xE2\x91\xA0][\xE2\x93\x82]");
    assert_string_equal(words_of("na\xC3\xAFve caf\xC3\xA9, l'\xC3\xA9t\xC3\xA9"),
                        "[na\xC3\xAFve][caf\xC3\xA9][l'\xC3\xA9t\xC3\xA9]");
}

static void scripts_without_spaces_are_cut_by_dictionary(void **state) {
    (void)state;
    assert_string_equal(words_of("東京でラーメンを食べた。"), "[東京][で][ラーメン][を][食][べた]");
    assert_string_equal(words_of("iPhoneを2台"), "[iPhone][を][2][台]");
    assert_string_equal(words_of("สวัสดีชาวโลก"), "[สวัสดี][ชาว][โลก]");
    assert_string_equal(words_of("人々 a々b"), "[人々][a][々][b]");
    assert_string_equal(words_of("カ_a 漢字abc"), "[カ_a][漢字][abc]");
}

/* ---- hostile texts ---- */

static void repeat(lb_buffer *text, const char *piece, size_t size) {
    size_t length = strlen(piece);
    while (text->size + length <= size)
        assert_int_equal(lb_buffer_append(text, piece, length, NULL), LB_OK);
}

static void long_runs_of_one_kind_are_cut_in_linear_time(void **state) {
    (void)state;
    static const char *const pieces[] = {"\xCC\x80",                     /* a combining mark */
                                         "\xE2\x80\x8D",                 /* ZWJ */
                                         "\xF0\x9F\x87\xAB",             /* a regional indicator */
                                         "\xF0\x9F\x98\x80\xE2\x80\x8D", /* emoji and ZWJ */
                                         "a",
                                         "_",
                                         ".",
                                         "a.",
                                         "1,",
                                         " ",
                                         "\r",
                                         "\xC3\xA9",
                                         "aaaaaaaa\xC3\xA9",
                                         "        \xC3\xA9",
                                         "a.\xCC\x80",
                                         "\xD7\x90\"",
                                         "a.\xCC\x80\xCC\x80",
                                         "\xE6\xBC\xA2",
                                         "\xE3\x82\xA2",
                                         "\xE0\xB8\x81",
                                         "\xE0\xB8\xB1",
                                         "\xE3\x82\xA2_",
                                         "\xE6\xBC\xA2 ",
                                         "\xE3\x80\x85"};
    lb_buffer text = {0};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        const lb_word *words;
        size_t count;
        text.size = 0;
        assert_int_equal(lb_buffer_append(&text, i % 2 ? "a." : "", i % 2 ? 2 : 0, NULL), LB_OK);
        repeat(&text, pieces[i], 1 << 20);
        assert_int_equal(lb_splitter_words(splitter, lb_buffer_str(&text), &words, &count, NULL),
                         LB_OK);
        for (size_t w = 0; w < count; w++) {
            assert_true(words[w].size > 0 && words[w].start + words[w].size <= text.size);
            assert_true(w == 0 || words[w - 1].start + words[w - 1].size <= words[w].start);
        }
    }
    lb_buffer_free(&text);
}

static void a_text_of_four_gigabytes_is_refused(void **state) {
    (void)state;
    const lb_word *words;
    const uint32_t *offsets;
    size_t count;
    lb_error error;
    lb_str huge = {"a", (size_t)UINT32_MAX + 1};
    assert_int_equal(lb_splitter_words(splitter, huge, &words, &count, &error), LB_E_INPUT);
    assert_non_null(strstr(error.what, "4294967296"));
    assert_int_equal(lb_splitter_boundaries(splitter, huge, &offsets, &count, &error), LB_E_INPUT);
    assert_int_equal(count, 0);
}

static void every_lack_of_memory_is_an_error_and_leaves_nothing(void **state) {
    (void)state;
    static const char text[] = "plain words and more of them, \xC3\xA9t\xC3\xA9, 東京でラーメンを";
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_splitter *fresh = NULL;
        const lb_word *words;
        const uint32_t *offsets;
        size_t count;
        lb_memory_fail_after(n);
        status = lb_splitter_new(&fresh, NULL);
        if (status == LB_OK)
            status = lb_splitter_words(fresh, lb_str_of(text), &words, &count, NULL);
        if (status == LB_OK)
            status = lb_splitter_boundaries(fresh, lb_str_of(text), &offsets, &count, NULL);
        lb_memory_fail_after(0);
        lb_splitter_free(fresh);
        assert_true(status == LB_OK || status == LB_E_RESOURCE);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_of_the_word_break_test_holds),
        cmocka_unit_test(random_texts_break_where_the_rules_read_one_by_one_break_them),
        cmocka_unit_test(the_fast_path_finds_the_words_that_the_rules_find),
        cmocka_unit_test(blocks_are_classified_alike_with_and_without_vector_instructions),
        cmocka_unit_test(words_have_a_letter_or_a_digit),
        cmocka_unit_test(scripts_without_spaces_are_cut_by_dictionary),
        cmocka_unit_test(long_runs_of_one_kind_are_cut_in_linear_time),
        cmocka_unit_test(a_text_of_four_gigabytes_is_refused),
        cmocka_unit_test(every_lack_of_memory_is_an_error_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, open_splitter, close_splitter);
}
