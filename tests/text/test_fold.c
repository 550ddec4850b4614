/* NFKC_Casefold, with ICU as the witness. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
// cmocka.h wants the headers above
#include <cmocka.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/random.h"
#include "text/fold.h"
#include "text/random_text.h"

enum { CODE_POINTS = 0x110000 };

static bool surrogate(uint32_t c) {
    return c >= 0xD800 && c < 0xE000;
}

/* ICU's NFKC_Casefold of `text`. */
static lb_str witness(lb_str text, char *out, size_t capacity) {
    static UChar units[4096], folded[4096];
    UErrorCode code = U_ZERO_ERROR;
    int32_t size, bytes;
    u_strFromUTF8(units, 4096, &size, text.data, (int32_t)text.size, &code);
    size =
        unorm2_normalize(unorm2_getNFKCCasefoldInstance(&code), units, size, folded, 4096, &code);
    u_strToUTF8(out, (int32_t)capacity, &bytes, folded, size, &code);
    assert_true(U_SUCCESS(code));
    return (lb_str){out, (size_t)bytes};
}

static bool folds_as_icu(lb_str text) {
    char expected[8192];
    lb_buffer folded = {0};
    assert_int_equal(lb_fold(text, &folded, NULL), LB_OK);
    bool equal = lb_str_equal(lb_buffer_str(&folded), witness(text, expected, sizeof expected));
    lb_buffer_free(&folded);
    return equal;
}

static void every_code_point_folds_as_icu_folds_it(void **state) {
    (void)state;
    size_t differing = 0;
    lb_buffer text = {0};
    for (uint32_t c = 0; c < CODE_POINTS; c++) {
        if (surrogate(c))
            continue;
        text.size = 0;
        append_code_point(&text, c);
        if (!folds_as_icu(lb_buffer_str(&text))) {
            print_message("U+%04X folds differently\n", (unsigned)c);
            differing++;
        }
    }
    lb_buffer_free(&text);
    assert_int_equal(differing, 0);
}

static void random_sequences_fold_as_icu_folds_them(void **state) {
    (void)state;
    enum { TEXTS = 200000, LONGEST = 12 };
    lb_random random = lb_random_keyed(1, "fold", 0);
    lb_buffer text = {0};
    for (int round = 0; round < TEXTS; round++) {
        size_t n = 1 + lb_random_below(&random, LONGEST);
        uint32_t span = lb_random_below(&random, 2) ? 0x3000 : CODE_POINTS;
        text.size = 0;
        for (size_t i = 0; i < n; i++) {
            uint32_t c =
                (uint32_t)lb_random_below(&random, lb_random_below(&random, 3) ? span : 0x370);
            append_code_point(&text, surrogate(c) ? 0x345 : c);
        }
        assert_true(folds_as_icu(lb_buffer_str(&text)));
    }
    lb_buffer_free(&text);
}

static void ascii_words_fold_to_lower_case_and_nothing_else_changes(void **state) {
    (void)state;
    char all[128], expected[128];
    for (int i = 0; i < 128; i++) {
        all[i] = (char)i;
        expected[i] = (char)(i >= 'A' && i <= 'Z' ? i + 32 : i);
    }
    lb_buffer folded = {0};
    assert_int_equal(lb_fold((lb_str){all, 128}, &folded, NULL), LB_OK);
    assert_int_equal(folded.size, 128);
    assert_memory_equal(folded.data, expected, 128);
    lb_buffer_free(&folded);
}

static void folding_appends_and_may_append_nothing(void **state) {
    (void)state;
    lb_buffer folded = {0};
    assert_int_equal(lb_fold(LB_STR("Stra\xC3\x9F"
                                    "e"),
                             &folded, NULL),
                     LB_OK);
    assert_int_equal(lb_fold(LB_STR("\xC2\xAD\xE2\x80\x8D"), &folded, NULL), LB_OK);
    assert_int_equal(lb_fold(LB_STR(""), &folded, NULL), LB_OK);
    assert_int_equal(lb_fold(LB_STR("\xEF\xBC\xA1"), &folded, NULL), LB_OK);
    assert_true(lb_str_equal(lb_buffer_str(&folded), LB_STR("strassea")));
    lb_buffer_free(&folded);
}

/* Insertion sorts take hours here. */
static void a_million_marks_in_the_wrong_order_fold_in_linear_time(void **state) {
    (void)state;
    enum { HALF = 1 << 19 };
    lb_buffer text = {0}, folded = {0}, again = {0};
    append_code_point(&text, 'a');
    for (int i = 0; i < 2 * HALF; i++)
        append_code_point(&text, i < HALF ? 0x315 : 0x327); /* class 232 before class 202 */
    assert_int_equal(lb_fold(lb_buffer_str(&text), &folded, NULL), LB_OK);
    assert_int_equal(folded.size, text.size);
    assert_memory_equal(folded.data + 1, "\xCC\xA7\xCC\xA7", 4);
    assert_memory_equal(folded.data + folded.size - 4, "\xCC\x95\xCC\x95", 4);
    assert_int_equal(lb_fold(lb_buffer_str(&folded), &again, NULL), LB_OK);
    assert_true(lb_str_equal(lb_buffer_str(&folded), lb_buffer_str(&again)));
    lb_buffer_free(&text);
    lb_buffer_free(&folded);
    lb_buffer_free(&again);
}

static void every_lack_of_memory_is_an_error_and_appends_nothing(void **state) {
    (void)state;
    lb_buffer text = {0};
    for (int i = 0; i < 1000; i++)
        append_code_point(&text, i % 2 ? 0x315 : 0x327);
    int status = LB_E_RESOURCE;
    for (uint64_t n = 1; status < 0; n++) {
        lb_buffer folded = {0};
        lb_memory_fail_after(n);
        status = lb_fold(lb_buffer_str(&text), &folded, NULL);
        lb_memory_fail_after(0);
        assert_true(status == LB_OK ? folded.size == text.size : folded.size == 0);
        lb_buffer_free(&folded);
    }
    lb_buffer_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_folds_as_icu_folds_it),
        cmocka_unit_test(random_sequences_fold_as_icu_folds_them),
        cmocka_unit_test(ascii_words_fold_to_lower_case_and_nothing_else_changes),
        cmocka_unit_test(folding_appends_and_may_append_nothing),
        cmocka_unit_test(a_million_marks_in_the_wrong_order_fold_in_linear_time),
        cmocka_unit_test(every_lack_of_memory_is_an_error_and_appends_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
