/* Calendar dates (proleptic Gregorian, UTC). */
#ifndef LB_RESULTS_DATE_H
#define LB_RESULTS_DATE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct lb_date {
    int64_t year;
    unsigned month, day; /* from 1 */
} lb_date;

enum { LB_DATE_MAX = 32 };

bool lb_date_parse(const char *text, lb_date *date); /* "YYYY-MM-DD", a day that exists */
void lb_date_format(lb_date date, char text[LB_DATE_MAX]);
int lb_date_compare(lb_date a, lb_date b);      /* negative: a is earlier */
lb_date lb_date_of_seconds(int64_t since_1970); /* the day in UTC */

#endif
