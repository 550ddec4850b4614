/* Numbers as text, the same in every locale. */
#ifndef LB_RESULTS_NUMBER_H
#define LB_RESULTS_NUMBER_H

#include <stdbool.h>

enum { LB_NUMBER_MAX = 32 };

/* The shortest of %.15g, %.16g and %.17g that reads back as the same double, with '.', so that 0.1
 * is "0.1"; whole numbers below 2^53 are written without a point or exponent, and -0 as "0".
 * A value that is not finite becomes "null": it has no place in JSON. */
void lb_number_format(double value, char text[LB_NUMBER_MAX]);

/* Reads a JSON number ("12", "-0.5", "1e-3"), nothing before or behind it. False: it is none. */
bool lb_number_parse(const char *text, double *value);

/* A number for a person: shares (unit "share") as percent with at most `digits` significant
 * digits, "21.3 %", never rounded to 0 or 100 % unless they are; counts with thousands separators,
 * "18,626"; other fractions with `digits` significant digits. The space before % is a no-break
 * space. */
void lb_number_display(double value, const char *unit, int digits, char text[LB_NUMBER_MAX]);

#endif
