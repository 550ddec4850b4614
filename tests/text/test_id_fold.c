#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "text/id_fold.h"

static void assert_folds(lb_str id, const char *folded) {
    lb_buffer into = {0};
    assert_int_equal(lb_id_fold(id, &into, NULL), LB_OK);
    assert_int_equal(lb_buffer_append(&into, "", 1, NULL), LB_OK);
    assert_string_equal(into.data, folded);
    lb_buffer_free(&into);
}

static void what_stands_around_an_id_is_no_part_of_it(void **state) {
    (void)state;
    static const char *const dresses[] = {"anna",
                                          "anna\r",
                                          " anna\t",
                                          "\"anna\"",
                                          "'anna',",
                                          "`anna`",
                                          "\xC2\xA0"
                                          "anna\xC2\xA0",
                                          "\xEF\xBB\xBF"
                                          "anna",
                                          "\xE2\x80\x9C"
                                          "anna\xE2\x80\x9D",
                                          "\xE2\x80\x9E"
                                          "anna\xE2\x80\x9C",
                                          "\xC2\xAB anna \xC2\xBB",
                                          "@anna",
                                          "<@anna>",
                                          "<@!anna>",
                                          "<@anna|Anna B.>",
                                          "<anna>",
                                          "u/anna",
                                          "/u/anna",
                                          "- anna",
                                          "\xE2\x80\xA2 anna",
                                          "anna\xE2\x80\x8B",
                                          "\"@anna\" ;",
                                          "[anna]",
                                          "{Anna}"};
    for (size_t i = 0; i < sizeof dresses / sizeof *dresses; i++)
        assert_folds(lb_str_of(dresses[i]), "anna");
    assert_folds(LB_STR("o'brien"), "o'brien");
    assert_folds(LB_STR("Doe,\xC2\xA0  J"), "doe, j");
    assert_folds(LB_STR("Anna B. <Anna@example.org>"), "anna@example.org");
    assert_folds(LB_STR("<anna@example.org>"), "anna@example.org");
    assert_folds(LB_STR("{550E8400-E29B-41D4-A716-446655440000}"),
                 "550e8400e29b41d4a716446655440000");
    assert_folds(LB_STR("a|b"), "a|b");
    assert_folds(LB_STR("@"), "@");
    assert_folds(LB_STR("\"\""), "\"\"");
    assert_folds(LB_STR(""), "");
}

static void case_form_and_encoding_do_not_count(void **state) {
    (void)state;
    assert_folds(LB_STR("ANNA"), "anna");
    assert_folds(LB_STR("caf\xC3\xA9"), "caf\xC3\xA9");
    assert_folds(LB_STR("cafe\xCC\x81"), "caf\xC3\xA9");
    assert_folds(LB_STR("CAF\xC9"), "caf\xC3\xA9"); /* Latin-1 */
    assert_folds(LB_STR("\xEF\xBC\xA1nna"), "anna");
}

static void zeros_that_change_nothing_do_not_count(void **state) {
    (void)state;
    static const char *const sevens[] = {"7", "007", "7.0", "7.00", "+7", "7."};
    for (size_t i = 0; i < sizeof sevens / sizeof *sevens; i++)
        assert_folds(lb_str_of(sevens[i]), "7");
    assert_folds(LB_STR("7.5E9"), "7500000000");
    assert_folds(LB_STR("7.500000001E+09"), "7500000001");
    assert_folds(LB_STR("7E+3"), "7000");
    static const char *const others[] = {"7e10",   "7.55e1", "7.5e",  "e+9",      "7.5e9x",
                                         "7.5e-1", "7e+",    "1.e99", "7.5e+9.5", "1.2.3e9"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_folds(lb_str_of(others[i]), others[i]);
    assert_folds(LB_STR("0"), "0");
    assert_folds(LB_STR("00"), "0");
    assert_folds(LB_STR("0.0"), "0");
    assert_folds(LB_STR("0.50"), "0.5");
    assert_folds(LB_STR("100"), "100");
    assert_folds(LB_STR("-70"), "-70");
    assert_folds(LB_STR("1.2.3"), "1.2.3");
    assert_folds(LB_STR("\xE2\x80\xAA+49 (0)151\xC2\xA0"
                        "234-5678\xE2\x80\xAC"),
                 "491512345678");
    assert_folds(LB_STR("00491512345678"), "491512345678");
    assert_folds(LB_STR("+1 2"), "+1 2");
    assert_folds(LB_STR("7a0"), "7a0");
    assert_folds(LB_STR("."), ".");
    assert_folds(LB_STR("+"), "+");
}

static void assert_differ(lb_str a, lb_str b, unsigned wanted) {
    unsigned found;
    assert_int_equal(lb_id_differences(a, b, &found, NULL), LB_OK);
    assert_int_equal(found, wanted);
}

static void what_folding_looked_over_is_told(void **state) {
    (void)state;
    assert_differ(LB_STR("anna"), LB_STR("anna"), 0);
    assert_differ(LB_STR("\"anna\""), LB_STR("anna"), LB_ID_SIGNS);
    assert_differ(LB_STR("Anna"), LB_STR("anna"), LB_ID_CASE);
    assert_differ(LB_STR("@Anna"), LB_STR("anna"), LB_ID_SIGNS | LB_ID_CASE);
    assert_differ(LB_STR("cafe\xCC\x81"), LB_STR("caf\xC3\xA9"), LB_ID_FORM);
    assert_differ(LB_STR("Cafe\xCC\x81"), LB_STR("caf\xC3\xA9"), LB_ID_CASE | LB_ID_FORM);
    assert_differ(LB_STR("7.0"), LB_STR("7"), LB_ID_NUMBER);
    assert_differ(LB_STR("+49 151 2345678"), LB_STR("491512345678"), LB_ID_NUMBER);
    assert_differ(LB_STR("caf\xE9"), LB_STR("caf\xC3\xA9"), LB_ID_ENCODING);
}

static void a_shape_does_not_say_which_id_it_is(void **state) {
    (void)state;
    lb_buffer into = {0};
    assert_int_equal(lb_id_shape(LB_STR("Ann42-2024"), &into, NULL), LB_OK);
    assert_int_equal(lb_id_shape(LB_STR(" \xE7\x8E\x8B\xC3\xA9 0123456789abcdef"), &into, NULL),
                     LB_OK);
    assert_int_equal(lb_buffer_append(&into, "", 1, NULL), LB_OK);
    assert_string_equal(into.data, "Aaa##-#### xa ##########aa\xE2\x80\xA6");
    lb_buffer_free(&into);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_stands_around_an_id_is_no_part_of_it),
        cmocka_unit_test(case_form_and_encoding_do_not_count),
        cmocka_unit_test(zeros_that_change_nothing_do_not_count),
        cmocka_unit_test(what_folding_looked_over_is_told),
        cmocka_unit_test(a_shape_does_not_say_which_id_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
