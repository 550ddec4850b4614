/* Points in time as data sets write them -> microseconds since 1970-01-01T00:00Z. */
#ifndef LB_CORPUS_VALUE_TIMESTAMP_H
#define LB_CORPUS_VALUE_TIMESTAMP_H

#include "base/str.h"

/* Understands
 *   - ISO 8601 and its usual variants: 2023-05-02T10:11:12.345678Z, a blank for the T, the date
 *     alone (midnight), hours and minutes alone, / for - in the date, zones Z, UTC, +02:00, +0200,
 *     +02; without a zone it is UTC;
 *   - the day behind or before the month: 14.11.2023 22:13, 11/14/23 10:13 PM, Tue, 14 Nov 2023
 *     22:13:20 +0100, Tue Nov 14 22:13:20 +0000 2023, Nov 14, 2023; where both of two numbers can
 *     be the month, `month_first` decides;
 *   - numbers since 1970: seconds below 1e11, milliseconds below 1e14, microseconds below 1e17,
 *     nanoseconds above, by their size; with decimals; negative ones as well.
 * More than six decimals are cut off. The leap second :60 is the second after :59. False: not a
 * time, or one that cannot be (30 February, 25:00, a year outside 1 ... 9999). */
bool lb_timestamp_parse(lb_str text, bool month_first, int64_t *microseconds);

/* Of a time whose day is written as two numbers and a year. */
typedef enum lb_day_order {
    LB_DAY_OTHERWISE, /* it is not, or it is no time */
    LB_DAY_FIRST,
    LB_DAY_SECOND,
    LB_DAY_EITHER
} lb_day_order;

lb_day_order lb_timestamp_day_order(lb_str text);

#endif
