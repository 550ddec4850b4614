#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
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

static void a_key_becomes_its_number(void **state) {
    (void)state;
    lb_buffer into = {0};
    assert_int_equal(lb_mask_key("user", 17, &into, NULL), LB_OK);
    assert_int_equal(into.size, strlen("user #17"));
    assert_memory_equal(into.data, "user #17", into.size);
    lb_buffer_free(&into);
}

/* In the order that Python's hmac module gives them. */
static void ids_are_numbered_in_the_order_of_their_keyed_hash(void **state) {
    (void)state;
    unsigned char key[LB_MASK_KEY_SIZE];
    memset(key, 0x0b, sizeof key);
    const lb_str ids[] = {LB_STR("alice"), LB_STR("bob"), LB_STR("carol"), LB_STR("dora"),
                          LB_STR("alice")};
    uint32_t numbers[5];
    assert_int_equal(lb_mask_number(key, ids, 5, numbers, NULL), LB_OK);
    const uint32_t wanted[5] = {1, 5, 4, 3, 2};
    assert_memory_equal(numbers, wanted, sizeof wanted);
    assert_int_equal(lb_mask_number(key, NULL, 0, NULL, NULL), LB_OK);
}

static void another_key_numbers_anew(void **state) {
    (void)state;
    enum { COUNT = 200 };
    unsigned char key[LB_MASK_KEY_SIZE] = {0};
    char names[COUNT][8];
    lb_str ids[COUNT];
    uint32_t before[COUNT], after[COUNT], same = 0;
    bool given[COUNT + 1] = {false};
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "u%d", i);
        ids[i] = lb_str_of(names[i]);
    }
    assert_int_equal(lb_mask_number(key, ids, COUNT, before, NULL), LB_OK);
    key[LB_MASK_KEY_SIZE - 1] = 1;
    assert_int_equal(lb_mask_number(key, ids, COUNT, after, NULL), LB_OK);
    for (int i = 0; i < COUNT; i++) {
        same += before[i] == after[i];
        assert_in_range(after[i], 1, COUNT);
        assert_false(given[after[i]]);
        given[after[i]] = true;
    }
    assert_in_range(same, 0, 8);
}

static void lack_of_memory_is_reported(void **state) {
    (void)state;
    lb_buffer into = {0};
    lb_error error = {0};
    lb_memory_fail_after(1);
    assert_int_equal(lb_mask_token(LB_STR("jackson"), &into, &error), LB_E_RESOURCE);
    lb_memory_fail_after(1);
    const unsigned char key[LB_MASK_KEY_SIZE] = {0};
    const lb_str id = LB_STR("jackson");
    uint32_t number;
    assert_int_equal(lb_mask_number(key, &id, 1, &number, &error), LB_E_RESOURCE);
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
        cmocka_unit_test(a_key_becomes_its_number),
        cmocka_unit_test(ids_are_numbered_in_the_order_of_their_keyed_hash),
        cmocka_unit_test(another_key_numbers_anew),
        cmocka_unit_test(lack_of_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
