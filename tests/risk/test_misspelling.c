/* One slip away from a known word: against the edit distance itself. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/utf8.h"
#include "risk/words/misspelling.h"

enum { LONGEST = 80 };

/* The optimal string alignment distance (Damerau 1964, each place changed once), by the book. */
static size_t distance(const uint32_t *a, size_t a_size, const uint32_t *b, size_t b_size) {
    static size_t d[LONGEST + 1][LONGEST + 1];
    for (size_t i = 0; i <= a_size; i++)
        for (size_t j = 0; j <= b_size; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            size_t least = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            least = d[i - 1][j] + 1 < least ? d[i - 1][j] + 1 : least;
            least = d[i][j - 1] + 1 < least ? d[i][j - 1] + 1 : least;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                d[i - 2][j - 2] + 1 < least)
                least = d[i - 2][j - 2] + 1;
            d[i][j] = least;
        }
    return d[a_size][b_size];
}

static size_t decode(lb_str word, uint32_t *characters) {
    size_t count = 0;
    unsigned length;
    for (size_t at = 0; at < word.size; at += length)
        characters[count++] = lb_utf8_decode(word.data + at, &length);
    return count;
}

static bool misspelt_by_the_book(lb_str word, const lb_str *known, size_t count) {
    uint32_t a[LONGEST], b[LONGEST];
    size_t a_size = decode(word, a);
    for (size_t i = 0; i < count; i++) {
        size_t b_size = decode(known[i], b);
        if (b_size >= LB_SPELLING_SHORTEST && b_size <= LB_SPELLING_LONGEST &&
            distance(a, a_size, b, b_size) == 1)
            return true;
    }
    return false;
}

static bool is_known(lb_str word, const lb_str *known, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (lb_str_equal(word, known[i]))
            return true;
    return false;
}

/* Words over three characters of one to four bytes, so that many are near to each other. */
static lb_str draw_word(lb_random *random, lb_arena *arena, size_t shortest, size_t longest) {
    static const char *const letters[] = {"a", "\xC3\xA9", "\xF0\x9F\x98\x80"};
    lb_buffer word = {0};
    size_t size = shortest + lb_random_below(random, longest - shortest + 1);
    for (size_t i = 0; i < size; i++) {
        const char *letter = letters[lb_random_below(random, 3)];
        assert_int_equal(lb_buffer_append(&word, letter, strlen(letter), NULL), 0);
    }
    lb_str copy = {lb_arena_copy(arena, word.data, word.size), word.size};
    assert_non_null(copy.data);
    lb_buffer_free(&word);
    return copy;
}

static void agrees_with_the_edit_distance(void **state) {
    (void)state;
    size_t slips = 0, others = 0;
    for (uint64_t trial = 0; trial < 60; trial++) {
        enum { KNOWN = 12, ASKED = 120 };
        lb_random random = lb_random_keyed(trial, "misspelling", 0);
        lb_arena *arena = lb_arena_new();
        lb_spellings *spellings;
        lb_str known[KNOWN];
        size_t longest = trial % 3 == 0 ? 66 : 7, shortest = trial % 3 == 0 ? 62 : 2;
        assert_int_equal(lb_spellings_new(&spellings, NULL), 0);
        for (size_t i = 0; i < KNOWN; i++) {
            known[i] = draw_word(&random, arena, shortest, longest);
            assert_int_equal(lb_spellings_add(spellings, known[i], NULL), 0);
        }
        for (size_t i = 0; i < ASKED; i++) {
            lb_str word = draw_word(&random, arena, 1, 8);
            if (longest > 8) { /* a known word with a character taken out, or put in */
                lb_str from = known[lb_random_below(&random, KNOWN)];
                char *bytes = lb_arena_copy(arena, from.data, from.size);
                unsigned first;
                lb_utf8_decode(bytes, &first);
                word = i % 2 ? (lb_str){bytes + first, from.size - first}
                             : draw_word(&random, arena, shortest, longest);
            }
            if (is_known(word, known, KNOWN))
                continue;
            bool expected = misspelt_by_the_book(word, known, KNOWN);
            assert_int_equal(lb_spellings_misspelt(spellings, word), expected);
            slips += expected;
            others += !expected;
        }
        lb_spellings_free(spellings);
        lb_arena_free(arena);
    }
    assert_true(slips > 500 && others > 500);
}

static bool after(const char *known, const char *word) {
    lb_spellings *spellings;
    assert_int_equal(lb_spellings_new(&spellings, NULL), 0);
    assert_int_equal(lb_spellings_add(spellings, lb_str_of(known), NULL), 0);
    bool found = lb_spellings_misspelt(spellings, lb_str_of(word));
    lb_spellings_free(spellings);
    return found;
}

static void knows_the_four_slips_and_nothing_else(void **state) {
    (void)state;
    assert_true(after("ubuntu", "ubunttu"));
    assert_true(after("ubuntu", "ubunt"));
    assert_true(after("ubuntu", "ubantu"));
    assert_true(after("ubuntu", "ubnutu"));
    assert_true(after("ubuntu", "buntu"));
    assert_true(after("ubuntu", "xubuntu"));
    assert_true(after("ubuntu", "kbuntu"));
    assert_false(after("ubuntu", "ubnttu"));
    assert_false(after("ubuntu", "untubu"));
    assert_false(after("abcd", "bcda")); /* one character moved by three places is two slips */
    assert_false(after("abcdef", "acdebf"));
    assert_false(after("the", "teh")); /* too short to tell */
    assert_true(after("then", "the"));
    assert_false(after("", "a"));
    assert_false(after("word", ""));
}

static void words_without_end_are_not_judged(void **state) {
    (void)state;
    lb_buffer text = {0};
    for (size_t i = 0; i < 100000; i++)
        assert_int_equal(lb_buffer_append(&text, "a", 1, NULL), 0);
    lb_spellings *spellings;
    assert_int_equal(lb_spellings_new(&spellings, NULL), 0);
    assert_int_equal(lb_spellings_add(spellings, lb_buffer_str(&text), NULL), 0);
    assert_false(lb_spellings_misspelt(spellings, (lb_str){text.data, text.size - 1}));
    assert_int_equal(lb_spellings_add(spellings, (lb_str){text.data, LB_SPELLING_LONGEST}, NULL),
                     0);
    assert_true(lb_spellings_misspelt(spellings, (lb_str){text.data, LB_SPELLING_LONGEST + 1}));
    assert_false(lb_spellings_misspelt(spellings, (lb_str){text.data, LB_SPELLING_LONGEST + 2}));
    lb_spellings_free(spellings);
    lb_buffer_free(&text);
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    for (uint64_t n = 1;; n++) {
        lb_spellings *spellings = NULL;
        lb_error error;
        lb_memory_fail_after(n);
        int status = lb_spellings_new(&spellings, &error);
        for (uint32_t i = 0; status == 0 && i < 2000; i++) {
            char word[16];
            for (unsigned c = 0; c < 8; c++)
                word[c] = (char)('a' + (i >> 2 * c) % 4);
            status = lb_spellings_add(spellings, (lb_str){word, 8}, &error);
        }
        lb_memory_fail_after(0);
        lb_spellings_free(spellings);
        if (status == 0)
            break;
        assert_int_equal(status, LB_E_RESOURCE);
        assert_true(n < 20);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_edit_distance),
        cmocka_unit_test(knows_the_four_slips_and_nothing_else),
        cmocka_unit_test(words_without_end_are_not_judged),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
