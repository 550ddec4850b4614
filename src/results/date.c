#include "results/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static unsigned days_in(int64_t year, unsigned month) {
    static const unsigned char DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : DAYS[month - 1];
}

bool lb_date_parse(const char *text, lb_date *date) {
    static const char pattern[] = "dddd-dd-dd";
    if (strlen(text) != sizeof pattern - 1)
        return false;
    unsigned parts[3] = {0}, part = 0;
    for (size_t i = 0; pattern[i]; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (pattern[i] == 'd' ? !digit : text[i] != '-')
            return false;
        if (digit)
            parts[part] = parts[part] * 10 + (unsigned)(text[i] - '0');
        else
            part++;
    }
    if (parts[1] < 1 || parts[1] > 12 || parts[2] < 1 || parts[2] > days_in(parts[0], parts[1]))
        return false;
    *date = (lb_date){parts[0], parts[1], parts[2]};
    return true;
}

void lb_date_format(lb_date date, char text[LB_DATE_MAX]) {
    snprintf(text, LB_DATE_MAX, "%04" PRId64 "-%02u-%02u", date.year, date.month % 100,
             date.day % 100);
}

int lb_date_compare(lb_date a, lb_date b) {
    if (a.year != b.year)
        return a.year < b.year ? -1 : 1;
    if (a.month != b.month)
        return a.month < b.month ? -1 : 1;
    return (a.day > b.day) - (a.day < b.day);
}

/* Years begin in March here, so that the leap day is the last day of its year. */
lb_date lb_date_of_seconds(int64_t since_1970) {
    int64_t days = since_1970 / 86400 - (since_1970 % 86400 < 0);
    int64_t shifted = days + 719468; /* days since 0000-03-01 */
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t of_era = shifted - era * 146097;
    int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * of_year + 2) / 153; /* 0 is March */
    unsigned day = (unsigned)(of_year - (153 * month + 2) / 5 + 1);
    int64_t year = year_of_era + era * 400 + (month >= 10);
    return (lb_date){year, (unsigned)(month < 10 ? month + 3 : month - 9), day};
}
