/* Calendar dates (proleptic Gregorian, UTC). */
#ifndef LB_BASE_CALENDAR_H
#define LB_BASE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

typedef struct lb_date {
    int year;            /* 1 ... 9999 */
    unsigned month, day; /* 1 ... */
} lb_date;

enum { LB_DATE_MAX = 48 };

bool lb_date_valid(lb_date date);   /* a day that exists */
int64_t lb_date_days(lb_date date); /* since 1970-01-01 */
lb_date lb_date_of_days(int64_t days);
lb_date lb_date_of_seconds(int64_t since_1970); /* the day they lie in */

bool lb_date_parse(const char *text, lb_date *date); /* "YYYY-MM-DD", a day that exists */
void lb_date_format(lb_date date, char text[LB_DATE_MAX]);
int lb_date_compare(lb_date a, lb_date b); /* negative: a is earlier */

#endif
