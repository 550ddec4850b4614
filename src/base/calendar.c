#include "base/calendar.h"

#include <stdio.h>
#include <string.h>

#include "base/ascii.h"

bool lb_date_valid(lb_date date) {
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (date.year < 1 || date.year > 9999 || date.month < 1 || date.month > 12 || date.day < 1)
        return false;
    bool leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
    return date.day <= days[date.month - 1] + (unsigned)(leap && date.month == 2);
}

/* Years are counted from March, so that the leap day is the last of its year; 146,097 days are 400
 * years, and 0000-03-01 lies 719,468 days before 1970. */
int64_t lb_date_days(lb_date date) {
    int64_t year = date.year - (date.month <= 2);
    int64_t month = (date.month + 9) % 12;
    int64_t era = year / 400, of_era = year % 400;
    int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719468;
}

lb_date lb_date_of_days(int64_t days) {
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t of_era = days - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t day_of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    lb_date date = {.year = (int)(year + era * 400 + (month >= 10)),
                    .month = (unsigned)(month < 10 ? month + 3 : month - 9),
                    .day = (unsigned)(day_of_year - (153 * month + 2) / 5 + 1)};
    return date;
}

lb_date lb_date_of_seconds(int64_t since_1970) {
    return lb_date_of_days(since_1970 / 86400 - (since_1970 % 86400 < 0));
}

bool lb_date_parse(const char *text, lb_date *date) {
    static const char pattern[] = "dddd-dd-dd";
    if (strlen(text) != sizeof pattern - 1)
        return false;
    unsigned parts[3] = {0}, part = 0;
    for (size_t i = 0; pattern[i]; i++) {
        bool digit = lb_is_digit(text[i]);
        if (pattern[i] == 'd' ? !digit : text[i] != '-')
            return false;
        if (digit)
            parts[part] = parts[part] * 10 + (unsigned)(text[i] - '0');
        else
            part++;
    }
    *date = (lb_date){(int)parts[0], parts[1], parts[2]};
    return lb_date_valid(*date);
}

void lb_date_format(lb_date date, char text[LB_DATE_MAX]) {
    snprintf(text, LB_DATE_MAX, "%04d-%02u-%02u", date.year, date.month, date.day);
}

int lb_date_compare(lb_date a, lb_date b) {
    int64_t first = lb_date_days(a), second = lb_date_days(b);
    return (first > second) - (first < second);
}
