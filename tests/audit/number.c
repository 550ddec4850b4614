#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "results/json_value.h"
#include "results/metric.h"
#include "results/number.h"

static void expect_format(double value, const char *wanted) {
    char text[LB_NUMBER_MAX];
    lb_number_format(value, text);
    assert_string_equal(text, wanted);
}

static void a_number_is_written_as_short_as_it_reads_back(void **state) {
    (void)state;
    expect_format(0.1, "0.1");
    expect_format(0.1 + 0.2, "0.30000000000000004");
    expect_format(1.0 / 3, "0.3333333333333333");
    expect_format(18626, "18626");
    expect_format(-0.0, "0");
    expect_format(-7, "-7");
    expect_format(1e-7, "1e-07");
    expect_format(9007199254740991.0, "9007199254740991");
    expect_format(NAN, "null");
    expect_format(-INFINITY, "null");
    lb_random random = lb_random_keyed(1, "numbers", 0);
    for (int i = 0; i < 100000; i++) {
        uint64_t bits = lb_random_next(&random);
        double value, back;
        char text[LB_NUMBER_MAX];
        memcpy(&value, &bits, sizeof value);
        lb_number_format(value, text);
        if (!isfinite(value))
            continue;
        assert_true(lb_number_parse(text, &back));
        assert_true(back == value);
    }
}

static void only_json_numbers_are_read(void **state) {
    (void)state;
    double value = 0;
    const char *const good[] = {"0", "-0", "12", "0.5", "1e3", "1E+3", "-2.5e-1"};
    const char *const bad[] = {"",   "-",  "01",  ".5",  "5.",  "1e",    "1e+", "0x10",
                               "1 ", " 1", "nan", "inf", "1,5", "1_000", "5%",  "1e999"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(lb_number_parse(good[i], &value));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(lb_number_parse(bad[i], &value));
}

static void the_locale_does_not_matter(void **state) {
    (void)state;
    const char *const locales[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "ps_AF.UTF-8"};
    char text[LB_NUMBER_MAX];
    double value = 0;
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++) {
        if (!setlocale(LC_ALL, locales[i]))
            continue;
        lb_number_format(1234.5, text);
        bool read = lb_number_parse("1234.5", &value);
        setlocale(LC_ALL, "C");
        assert_string_equal(text, "1234.5");
        assert_true(read && value == 1234.5);
    }
}

static void expect_display(double value, const char *unit, int digits, const char *wanted) {
    char text[LB_NUMBER_MAX];
    lb_number_display(value, unit, digits, text);
    assert_string_equal(text, wanted);
}

#define PERCENT "\xC2\xA0%"

static void a_person_reads_sensible_digits(void **state) {
    (void)state;
    expect_display(0.2134, "share", 2, "21" PERCENT);
    expect_display(0.2134, "share", 3, "21.3" PERCENT);
    expect_display(0, "share", 3, "0" PERCENT);
    expect_display(1, "share", 3, "100" PERCENT);
    expect_display(0.9998, "share", 3, "99.98" PERCENT);
    expect_display(0.00005, "share", 3, "0.005" PERCENT);
    expect_display(0.5, "share", 3, "50" PERCENT);
    expect_display(18626, "users", 3, "18,626");
    expect_display(999, "users", 3, "999");
    expect_display(-1234567, "tokens", 3, "-1,234,567");
    expect_display(0.91249, "score", 3, "0.912");
    expect_display(1234.56, "score", 3, "1,235");
    expect_display(NAN, "share", 3, "not known");
    expect_display(1e300, "share", 3, "1e+300");
}

static void a_time_is_written_in_utc(void **state) {
    (void)state;
    json_t *time = lb_json_time(INT64_C(1795453261000000));
    assert_string_equal(json_string_value(time), "2026-11-23T17:01:01Z");
    json_decref(time);
}

static void a_misspelt_name_finds_its_neighbour(void **state) {
    (void)state;
    assert_string_equal(lb_metric_nearest("qi.uniqe_share")->name, "qi.unique_share");
    assert_string_equal(lb_metric_nearest("tokens.rut")->name, "tokens.rtu");
    assert_non_null(lb_metric_nearest(""));
    assert_null(lb_metric_find("qi.kk"));
    assert_int_equal(lb_metric_find("qi.k")->id, LB_METRIC_QI_K);
}

static void expect_phrase(const char *text, const char *unit, const char *wanted) {
    lb_buffer into = {0};
    assert_int_equal(lb_metric_phrase(text, unit, &into, NULL), LB_OK);
    assert_string_equal(into.data, wanted);
    lb_buffer_free(&into);
}

static void a_definition_speaks_of_whom_the_audit_protects(void **state) {
    (void)state;
    expect_phrase("Units that a unit's unity unites", "user",
                  "People that a person's unity unites");
    expect_phrase("share of units", "conversation", "share of conversations");
    expect_phrase("tokens of one unit", "record", "tokens of one row");
    expect_phrase("a community_unit", "user", "a community_unit");
    expect_phrase("", "user", "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_written_as_short_as_it_reads_back),
        cmocka_unit_test(only_json_numbers_are_read),
        cmocka_unit_test(the_locale_does_not_matter),
        cmocka_unit_test(a_person_reads_sensible_digits),
        cmocka_unit_test(a_time_is_written_in_utc),
        cmocka_unit_test(a_misspelt_name_finds_its_neighbour),
        cmocka_unit_test(a_definition_speaks_of_whom_the_audit_protects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
