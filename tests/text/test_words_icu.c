/* Word segmentation, with ICU's word iterator over the whole text as the witness. ICU follows CLDR,
 * which differs from UAX #29: "@" is a letter, a colon does not join letters, a Hangul syllable
 * joins neither Latin letters nor digits, and letters of Thai and the like join both. Such places
 * are left out of the texts here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
// cmocka.h wants the headers above
#include <cmocka.h>
#include <jansson.h>
#include <unicode/ubrk.h>
#include <unicode/ustring.h>

#include "base/utf8.h"
#include "text/random_text.h"
#include "text/unicode.h"
#include "text/words.h"

static lb_splitter *splitter;
static UBreakIterator *iterator;

static int open_both(void **state) {
    (void)state;
    UErrorCode code = U_ZERO_ERROR;
    iterator = ubrk_open(UBRK_WORD, "", NULL, 0, &code);
    return U_FAILURE(code) ? -1 : lb_splitter_new(&splitter, NULL);
}

static int close_both(void **state) {
    (void)state;
    ubrk_close(iterator);
    lb_splitter_free(splitter);
    return 0;
}

static UText *set_text(lb_str text) {
    UErrorCode code = U_ZERO_ERROR;
    UText *utext = utext_openUTF8(NULL, text.data, (int64_t)text.size, &code);
    ubrk_setUText(iterator, utext, &code);
    assert_true(U_SUCCESS(code));
    return utext;
}

static void assert_boundaries_as_icu(lb_str text) {
    const uint32_t *offsets;
    size_t count, i = 0;
    assert_int_equal(lb_splitter_boundaries(splitter, text, &offsets, &count, NULL), LB_OK);
    UText *utext = set_text(text);
    for (int32_t at = ubrk_first(iterator); at != UBRK_DONE; at = ubrk_next(iterator)) {
        assert_true(i < count);
        assert_int_equal(offsets[i++], at);
    }
    assert_int_equal(i, count);
    utext_close(utext);
}

static bool has_letter_or_digit(lb_str text, int32_t start, int32_t end) {
    unsigned length;
    for (; start < end; start += (int32_t)length)
        if (lb_unicode_properties(lb_utf8_decode(text.data + start, &length)) & LB_UNICODE_WORD)
            return true;
    return false;
}

static void assert_words_as_icu(lb_str text) {
    const lb_word *words;
    size_t count, i = 0;
    assert_int_equal(lb_splitter_words(splitter, text, &words, &count, NULL), LB_OK);
    UText *utext = set_text(text);
    for (int32_t start = ubrk_first(iterator), end; (end = ubrk_next(iterator)) != UBRK_DONE;
         start = end) {
        if (!has_letter_or_digit(text, start, end))
            continue;
        assert_true(i < count);
        assert_int_equal(words[i].start, start);
        assert_int_equal(words[i].start + words[i].size, end);
        i++;
    }
    assert_int_equal(i, count);
    utext_close(utext);
}

static bool joins_otherwise_in_cldr(uint32_t c) {
    return (c >= 0xAC00 && c <= 0xD7A3) || c == '@' || c == ':' || c == 0xFE13 || c == 0xFE55 ||
           c == 0xFF1A;
}

static void random_mixes_of_scripts_break_where_icu_breaks_them(void **state) {
    (void)state;
    enum { TEXTS = 50000, LONGEST = 24 };
    lb_random random = lb_random_keyed(4, "words", 0);
    lb_buffer text = {0};
    for (int round = 0; round < TEXTS; round++) {
        size_t n = 1 + lb_random_below(&random, LONGEST);
        text.size = 0;
        while (n--) {
            uint32_t c = random_code_point(&random);
            if (!joins_otherwise_in_cldr(c) && !(lb_unicode_properties(c) & LB_UNICODE_DICTIONARY))
                append_code_point(&text, c);
        }
        if (text.size)
            assert_boundaries_as_icu(lb_buffer_str(&text));
    }
    lb_buffer_free(&text);
}

/* Kana, ideographs and their marks amid Latin letters, digits, punctuation and emoji. */
static void random_japanese_has_the_words_that_icu_finds_in_the_whole_text(void **state) {
    (void)state;
    static const char *const pieces[] = {
        "\u6771\u4EAC",
        "\u30E9\u30FC\u30E1\u30F3",
        "\u3092",
        "\u98DF\u3079\u305F",
        "\u3002",
        "\u4EBA\u3005",
        "\u3005",
        "\u30FC",
        "\u304B\u3099",
        "\uFF76\uFF9E",
        "\u30FB",
        "iPhone",
        "2",
        "3.14",
        " ",
        "_",
        "a",
        "\U0001F600",
        "\u3007",
        "\uFF21",
        "\uFF12",
        "\u309D",
        "\uFE0F",
        "\u200D",

        "\u3068",
        "\u3001",
        "\U00020BB7",
        "\u30A2",
        "\u309B",
    };
    enum { TEXTS = 20000, LONGEST = 16 };
    lb_random random = lb_random_keyed(5, "words", 0);
    lb_buffer text = {0};
    for (int round = 0; round < TEXTS; round++) {
        size_t n = 1 + lb_random_below(&random, LONGEST);
        text.size = 0;
        while (n--) {
            const char *piece = pieces[lb_random_below(&random, sizeof pieces / sizeof *pieces)];
            assert_int_equal(lb_buffer_append(&text, piece, strlen(piece), NULL), LB_OK);
        }
        assert_words_as_icu(lb_buffer_str(&text));
    }
    lb_buffer_free(&text);
}

static void japanese_chats_have_the_words_that_icu_finds_in_the_whole_text(void **state) {
    (void)state;
    enum { MESSAGES = 20000 };
    char path[4000], command[4096];
    const char *shared = getenv("LINKBACK_SHARED");
    snprintf(path, sizeof path, "%s/corpora/real-persona-chat-ja.jsonl.gz",
             shared ? shared : LINKBACK_SOURCE_DIR "/../shared");
    if (access(path, R_OK) != 0) {
        print_message("no %s\n", path);
        skip();
    }
    snprintf(command, sizeof command, "zcat '%s'", path);
    FILE *stream = popen(command, "r");
    assert_non_null(stream);
    char *line = NULL;
    size_t capacity = 0;
    for (int i = 0; i < MESSAGES && getline(&line, &capacity, stream) > 0; i++) {
        json_t *message = json_loads(line, 0, NULL);
        const char *text = json_string_value(json_object_get(message, "text"));
        assert_non_null(text);
        if (!strpbrk(text, ":@"))
            assert_words_as_icu(lb_str_of(text));
        json_decref(message);
    }
    free(line);
    pclose(stream);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_mixes_of_scripts_break_where_icu_breaks_them),
        cmocka_unit_test(random_japanese_has_the_words_that_icu_finds_in_the_whole_text),
        cmocka_unit_test(japanese_chats_have_the_words_that_icu_finds_in_the_whole_text),
    };
    return cmocka_run_group_tests(tests, open_both, close_both);
}
