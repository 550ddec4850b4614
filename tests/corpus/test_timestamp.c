#include "corpus/value/timestamp.h"

#include "reading.h"

static void expect(const char *text, int64_t microseconds) {
    int64_t time = -1;
    if (!lb_timestamp_parse(lb_str_of(text), false, &time))
        fail_msg("\"%s\" is no time", text);
    if (time != microseconds)
        fail_msg("\"%s\" is %lld, expected %lld", text, (long long)time, (long long)microseconds);
}

static void calendar_times_are_understood_with_and_without_a_zone(void **state) {
    (void)state;
    expect("1970-01-01T00:00:00Z", 0);
    expect("2004-11-15T12:18:00Z", 1100521080000000);
    expect("2004-11-15 12:18:00", 1100521080000000);
    expect("2004-11-15T12:18", 1100521080000000);
    expect("2004/11/15 12:18:00 UTC", 1100521080000000);
    expect("2004-11-15T13:18:00+01:00", 1100521080000000);
    expect("2004-11-15T06:48:00-0530", 1100521080000000);
    expect("2004-11-15T13:18:00+01", 1100521080000000);
    expect(" 2004-11-15 ", 1100476800000000);
    expect("2023-05-02T10:11:12.345678Z", 1683022272345678);
    expect("2023-05-02T10:11:12,5Z", 1683022272500000);
    expect("2023-05-02T10:11:12.123456789+00:00", 1683022272123456);
    expect("2016-12-31T23:59:60Z", 1483228800000000);
    expect("1969-12-31T23:59:59Z", -1000000);
    expect("2000-02-29T00:00:00Z", 951782400000000);
}

static void days_can_stand_before_the_month_or_behind_it(void **state) {
    (void)state;
    static const char *const same[] = {"15.11.2004 12:18",
                                       "15.11.04, 12:18:00",
                                       "15/11/2004 12:18:00",
                                       "11/15/2004 12:18 PM",
                                       "11/15/04, 12:18:00 p.m.",
                                       "15-11-2004 12:18",
                                       "Mon, 15 Nov 2004 12:18:00 +0000",
                                       "Mon, 15 Nov 2004 13:18:00 +0100",
                                       "15 November 2004 12:18 UTC",
                                       "15-Nov-2004 12:18:00",
                                       "Mon Nov 15 12:18:00 +0000 2004",
                                       "Mon Nov 15 12:18:00 2004",
                                       "Mon Nov 15 12:18:00 UTC 2004",
                                       "Nov 15, 2004, 12:18 PM",
                                       "November 15, 2004 at 12:18 pm"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        expect(same[i], 1100521080000000);
    expect("11/15/2004 12:18 AM", 1100477880000000);
    expect("15.11.2004", 1100476800000000);
    int64_t time;
    assert_true(lb_timestamp_parse(LB_STR("2/3/2023"), false, &time));
    assert_int_equal(time / 1000000, 1677715200); /* 2 March */
    assert_true(lb_timestamp_parse(LB_STR("2/3/2023"), true, &time));
    assert_int_equal(time / 1000000, 1675382400); /* 3 February */
    assert_int_equal(lb_timestamp_day_order(LB_STR("2/3/2023")), LB_DAY_EITHER);
    assert_int_equal(lb_timestamp_day_order(LB_STR("13/3/2023")), LB_DAY_FIRST);
    assert_int_equal(lb_timestamp_day_order(LB_STR("3/13/2023")), LB_DAY_SECOND);
    assert_int_equal(lb_timestamp_day_order(LB_STR("2023-03-02")), LB_DAY_OTHERWISE);
}

static void numbers_are_seconds_milliseconds_or_microseconds_by_their_size(void **state) {
    (void)state;
    expect("1700000000", 1700000000000000);
    expect("1700000000.1234", 1700000000123400);
    expect("1700000000.123456", 1700000000123456);
    expect("1700000000123", 1700000000123000);
    expect("1700000000123456", 1700000000123456);
    expect("1700000000123456789", 1700000000123456);
    expect("1.7e+09", 1700000000000000);
    expect("1.7000000005e9", 1700000000500000);
    expect("0", 0);
    expect("-86400", -86400000000);
}

static void what_cannot_be_a_time_is_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"",
                                      "Nov 14 22:13Z",
                                      "yesterday",
                                      "2023-02-30",
                                      "2023-02-29T00:00:00Z",
                                      "2023-13-01",
                                      "2023-01-01T24:00:00",
                                      "2023-01-01T12:60:00",
                                      "2023-01-01T12:00:61",
                                      "0000-01-01",
                                      "2023-01-01T12",
                                      "2023-01-01T12:00:00+25:00",
                                      "12:30",
                                      "--1",
                                      "1e99",
                                      "99999999999999999999999",
                                      "1.2.3",
                                      "NaN",
                                      "+",
                                      "-",
                                      "e5",
                                      "13/13/2023",
                                      "30.02.2023",
                                      "1/2/123",
                                      "1.2.34.5",
                                      "11/15/2004 13:18 PM",
                                      "15 Nov",
                                      "Nov 15",
                                      "Mon",
                                      "Mon Nov 15 12:18:00",
                                      "Mon Nov 15 12:18:00 CET 2004",
                                      "may be",
                                      "15 November 2004 noon"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t time;
        if (lb_timestamp_parse(lb_str_of(bad[i]), false, &time))
            fail_msg("\"%s\" was taken for %lld", bad[i], (long long)time);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calendar_times_are_understood_with_and_without_a_zone),
        cmocka_unit_test(days_can_stand_before_the_month_or_behind_it),
        cmocka_unit_test(numbers_are_seconds_milliseconds_or_microseconds_by_their_size),
        cmocka_unit_test(what_cannot_be_a_time_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
