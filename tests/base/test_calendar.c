#include "base/calendar.h"

#include <time.h>

#include "test.h"

static void dates_agree_with_the_c_library(void **state) {
    (void)state;
    for (int64_t day = -200000; day < 200000; day += 37) {
        time_t seconds = (time_t)(day * 86400);
        struct tm parts;
        gmtime_r(&seconds, &parts);
        lb_date date = lb_date_of_days(day);
        assert_int_equal(date.year, parts.tm_year + 1900);
        assert_int_equal(date.month, parts.tm_mon + 1);
        assert_int_equal(date.day, parts.tm_mday);
        assert_int_equal(lb_date_days(date), day);
    }
}

static void dates_are_days_that_exist(void **state) {
    (void)state;
    lb_date date;
    const char *const bad[] = {"2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "26-01-01",
                               "2026/01/01", "2026-01-32", "1900-02-29", "",         "2026-01-01 "};
    assert_true(lb_date_parse("2028-02-29", &date));
    assert_true(lb_date_parse("2000-02-29", &date));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(lb_date_parse(bad[i], &date));
    lb_date a = {2026, 11, 23}, b = {2026, 12, 1};
    assert_true(lb_date_compare(a, b) < 0 && lb_date_compare(b, a) > 0);
    assert_int_equal(lb_date_compare(a, a), 0);
}

static void seconds_become_the_day_they_lie_in(void **state) {
    (void)state;
    static const struct {
        int64_t seconds;
        const char *day;
    } cases[] = {{0, "1970-01-01"},          {-1, "1969-12-31"},
                 {86399, "1970-01-01"},      {951782400, "2000-02-29"},
                 {1795392000, "2026-11-23"}, {4107542399, "2100-02-28"},
                 {4107542400, "2100-03-01"}, {-62135596800, "0001-01-01"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[LB_DATE_MAX];
        lb_date_format(lb_date_of_seconds(cases[i].seconds), text);
        assert_string_equal(text, cases[i].day);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_agree_with_the_c_library),
        cmocka_unit_test(dates_are_days_that_exist),
        cmocka_unit_test(seconds_become_the_day_they_lie_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
