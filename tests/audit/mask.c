#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "results/mask.h"

#define BULLET "\xE2\x80\xA2"
#define FOUR BULLET BULLET BULLET BULLET

static void expect_mask(const char *token, const char *wanted) {
    lb_buffer into = {0};
    assert_int_equal(lb_mask_token(lb_str_of(token), &into, NULL), LB_OK);
    assert_int_equal(lb_buffer_append(&into, "", 1, NULL), LB_OK);
    assert_string_equal(into.data, wanted);
    lb_buffer_free(&into);
}

static void a_word_keeps_its_first_letter_and_its_length(void **state) {
    (void)state;
    expect_mask("jackson", "j" FOUR BULLET BULLET " (7 letters)");
    expect_mask("\xC3\xBC"
                "bermut",
                "\xC3\xBC" FOUR BULLET BULLET " (7 letters)");
    expect_mask("hello", "h" FOUR " (5 letters)");
}

static void a_short_word_shows_nothing(void **state) {
    (void)state;
    expect_mask("j", BULLET " (1 letter)");
    expect_mask("jo", BULLET BULLET " (2 letters)");
    expect_mask("john", FOUR " (4 letters)");
}

static void numbers_codes_and_ideographs_show_nothing(void **state) {
    (void)state;
    expect_mask("19840623", FOUR FOUR " (8 digits)");
    expect_mask("ab12cd34", FOUR FOUR " (8 letters and digits)");
    expect_mask("\xE7\x94\xB0\xE4\xB8\xAD", BULLET BULLET " (2 ideographs)");
    expect_mask("j.smith@x.org", FOUR FOUR " (13 characters)");
    expect_mask("", " (0 characters)");
}

static void a_long_token_does_not_tell_its_length(void **state) {
    (void)state;
    expect_mask("abcdefghijklmnopqrst", "a" FOUR FOUR " (16 or more letters)");
    expect_mask("abcdefghijklmnopqrstuvwxyz", "a" FOUR FOUR " (16 or more letters)");
}

static void marks_and_direction_controls_are_not_copied(void **state) {
    (void)state;
    expect_mask("\xE2\x80\xAE"
                "jackson",
                "j" FOUR BULLET BULLET " (7 letters)");
}

static void a_key_becomes_its_rank(void **state) {
    (void)state;
    lb_buffer into = {0};
    assert_int_equal(lb_mask_key("user", 17, &into, NULL), LB_OK);
    assert_int_equal(into.size, strlen("user #17"));
    assert_memory_equal(into.data, "user #17", into.size);
    lb_buffer_free(&into);
}

static void lack_of_memory_is_reported(void **state) {
    (void)state;
    lb_buffer into = {0};
    lb_error error = {0};
    lb_memory_fail_after(1);
    assert_int_equal(lb_mask_token(LB_STR("jackson"), &into, &error), LB_E_RESOURCE);
    lb_memory_fail_after(0);
    lb_buffer_free(&into);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_keeps_its_first_letter_and_its_length),
        cmocka_unit_test(a_short_word_shows_nothing),
        cmocka_unit_test(numbers_codes_and_ideographs_show_nothing),
        cmocka_unit_test(a_long_token_does_not_tell_its_length),
        cmocka_unit_test(marks_and_direction_controls_are_not_copied),
        cmocka_unit_test(a_key_becomes_its_rank),
        cmocka_unit_test(lack_of_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
