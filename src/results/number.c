#include "results/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"

static const double LARGEST_WHOLE = 9007199254740992.0; /* 2^53 */

/* The C library writes the decimal point of the locale, which may be several bytes long. */
static void point_unify(char *text) {
    char *from = text, *to = text;
    bool pointed = false;
    for (; *from; from++) {
        if (lb_is_digit(*from) || strchr("+-eE", *from))
            *to++ = *from;
        else if (!pointed) {
            *to++ = '.';
            pointed = true;
        }
    }
    *to = '\0';
}

void lb_number_format(double value, char text[LB_NUMBER_MAX]) {
    if (!isfinite(value)) {
        snprintf(text, LB_NUMBER_MAX, "null");
        return;
    }
    if (value == floor(value) && fabs(value) < LARGEST_WHOLE) {
        snprintf(text, LB_NUMBER_MAX, "%" PRId64, (int64_t)value);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, LB_NUMBER_MAX, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    point_unify(text);
}

static const char *digits_skip(const char *at) {
    while (lb_is_digit(*at))
        at++;
    return at;
}

/* RFC 8259, section 6. */
static bool is_json_number(const char *text) {
    const char *at = text + (*text == '-');
    const char *end = digits_skip(at);
    if (end == at || (*at == '0' && end > at + 1))
        return false;
    if (*end == '.') {
        at = end + 1;
        end = digits_skip(at);
        if (end == at)
            return false;
    }
    if (*end == 'e' || *end == 'E') {
        at = end + 1;
        at += *at == '+' || *at == '-';
        end = digits_skip(at);
        if (end == at)
            return false;
    }
    return *end == '\0';
}

bool lb_number_parse(const char *text, double *value) {
    char copy[64], point[8];
    size_t length = strlen(text);
    if (!is_json_number(text) || length >= sizeof copy - sizeof point)
        return false;
    snprintf(point, sizeof point, "%.1f", 0.5); /* "0", the locale's point, "5" */
    size_t point_length = strlen(point) - 2;
    const char *dot = strchr(text, '.');
    if (dot) {
        size_t before = (size_t)(dot - text);
        memcpy(copy, text, before);
        memcpy(copy + before, point + 1, point_length);
        memcpy(copy + before + point_length, dot + 1, length - before);
    } else
        memcpy(copy, text, length + 1);
    *value = strtod(copy, NULL);
    return isfinite(*value);
}

/* Rounds to `digits` significant digits, but keeps all digits before the point. */
static void significant_format(double value, int digits, char *text, size_t size) {
    int before = value == 0 ? 1 : (int)floor(log10(fabs(value))) + 1;
    int decimals = digits - before;
    if (decimals < 0)
        decimals = 0;
    if (decimals > 12)
        decimals = 12;
    snprintf(text, size, "%.*f", decimals, value);
    point_unify(text);
    if (strchr(text, '.')) {
        char *end = text + strlen(text);
        while (end[-1] == '0')
            *--end = '\0';
        if (end[-1] == '.')
            *--end = '\0';
    }
}

static void thousands_separate(const char *plain, char text[LB_NUMBER_MAX]) {
    size_t sign = *plain == '-', whole = strspn(plain + sign, "0123456789"), to = 0;
    for (size_t i = 0; plain[i] && to + 2 < LB_NUMBER_MAX; i++) {
        if (i > sign && i < sign + whole && (sign + whole - i) % 3 == 0)
            text[to++] = ',';
        text[to++] = plain[i];
    }
    text[to] = '\0';
}

void lb_number_display(double value, const char *unit, int digits, char text[LB_NUMBER_MAX]) {
    char plain[LB_NUMBER_MAX];
    bool share = strcmp(unit, "share") == 0;
    double shown = share ? 100 * value : value;
    if (!isfinite(value) || fabs(shown) >= 1e15) {
        snprintf(text, LB_NUMBER_MAX, isfinite(value) ? "%.3g" : "not known", value);
        return;
    }
    if (!share && value == floor(value))
        snprintf(plain, sizeof plain, "%.0f", value);
    else
        for (int more = 0; more < 10; more++) {
            significant_format(shown, digits + more, plain, sizeof plain);
            if (!share || shown == 100 || strcmp(plain, "100") != 0)
                break;
        }
    thousands_separate(plain, text);
    if (share)
        strcat(text, "\xC2\xA0%");
}
