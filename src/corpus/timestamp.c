#include "corpus/timestamp.h"

static const int64_t second = 1000000;

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool leap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool lb_date_valid(lb_date date) {
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (date.year < 1 || date.year > 9999 || date.month < 1 || date.month > 12 || date.day < 1)
        return false;
    unsigned length = days[date.month - 1];
    if (date.month == 2 && leap(date.year))
        length++;
    return date.day <= length;
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

typedef struct cursor {
    const char *at, *end;
} cursor;

static bool take(cursor *c, char wanted) {
    if (c->at == c->end || *c->at != wanted)
        return false;
    c->at++;
    return true;
}

static bool take_digits(cursor *c, unsigned least, unsigned most, unsigned *value) {
    unsigned n = 0;
    *value = 0;
    while (n < most && c->at < c->end && is_digit(*c->at)) {
        *value = *value * 10 + (unsigned)(*c->at++ - '0');
        n++;
    }
    return n >= least;
}

/* Decimals behind the point as microseconds; digits beyond the sixth are cut off. */
static int64_t take_decimals(cursor *c) {
    int64_t value = 0, unit = second / 10;
    for (; c->at < c->end && is_digit(*c->at); c->at++, unit /= 10)
        value += unit * (*c->at - '0');
    return value;
}

static bool take_date(cursor *c, lb_date *date) {
    unsigned year;
    if (!take_digits(c, 4, 4, &year))
        return false;
    char mark = c->at < c->end ? *c->at : '\0';
    if ((mark != '-' && mark != '/') || !take(c, mark) || !take_digits(c, 1, 2, &date->month) ||
        !take(c, mark) || !take_digits(c, 1, 2, &date->day))
        return false;
    date->year = (int)year;
    return lb_date_valid(*date);
}

static bool take_clock(cursor *c, int64_t *time) {
    unsigned hour, minute, seconds = 0;
    if (!take_digits(c, 1, 2, &hour) || !take(c, ':') || !take_digits(c, 2, 2, &minute))
        return false;
    *time = 0;
    if (take(c, ':')) {
        if (!take_digits(c, 2, 2, &seconds))
            return false;
        if (take(c, '.') || take(c, ','))
            *time = take_decimals(c);
    }
    if (hour > 23 || minute > 59 || seconds > 60)
        return false;
    *time += (int64_t)(hour * 3600 + minute * 60 + seconds) * second;
    return true;
}

static bool take_zone(cursor *c, int64_t *offset) {
    *offset = 0;
    take(c, ' ');
    if (take(c, 'Z') || take(c, 'z') || c->at == c->end)
        return true;
    if (c->end - c->at >= 3 && (memcmp(c->at, "UTC", 3) == 0 || memcmp(c->at, "GMT", 3) == 0)) {
        c->at += 3;
        return true;
    }
    bool west = *c->at == '-';
    if (!take(c, '+') && !take(c, '-'))
        return false;
    unsigned hours, minutes = 0;
    if (!take_digits(c, 2, 2, &hours))
        return false;
    bool colon = take(c, ':');
    if ((colon || c->at < c->end) && !take_digits(c, 2, 2, &minutes))
        return false;
    if (hours > 15 || minutes > 59)
        return false;
    *offset = (int64_t)(hours * 3600 + minutes * 60) * second * (west ? -1 : 1);
    return true;
}

static bool parse_calendar(cursor c, int64_t *microseconds) {
    lb_date date;
    int64_t time = 0, offset = 0;
    if (!take_date(&c, &date))
        return false;
    if (c.at < c.end) {
        if (!take(&c, 'T') && !take(&c, 't') && !take(&c, ' '))
            return false;
        if (!take_clock(&c, &time) || !take_zone(&c, &offset) || c.at != c.end)
            return false;
    }
    *microseconds = lb_date_days(date) * 86400 * second + time - offset;
    return true;
}

/* In exact integers, so that 1700000000.123456 keeps its last digit. */
static bool parse_number(cursor c, int64_t *microseconds) {
    bool negative = take(&c, '-');
    int64_t whole = 0;
    const char *first = c.at;
    for (; c.at < c.end && is_digit(*c.at); c.at++)
        if (__builtin_mul_overflow(whole, 10, &whole) ||
            __builtin_add_overflow(whole, *c.at - '0', &whole))
            return false;
    if (c.at == first)
        return false;
    int64_t decimals = take(&c, '.') ? take_decimals(&c) : 0; /* millionths of the unit */
    if (c.at != c.end)
        return false;
    int64_t value;
    if (whole < 100000000000) {
        if (__builtin_mul_overflow(whole, second, &value))
            return false;
        value += decimals;
    } else if (whole < 100000000000000)
        value = whole * 1000 + decimals / 1000;
    else
        value = whole < 100000000000000000 ? whole : whole / 1000;
    *microseconds = negative ? -value : value;
    lb_date first_day = {1, 1, 1}, last_day = {9999, 12, 31};
    int64_t day = *microseconds / second / 86400;
    return day >= lb_date_days(first_day) && day <= lb_date_days(last_day);
}

/* A double's shortest form may be 1.7e+09: the mantissa's digits with the point moved. */
static bool parse_exponent(cursor c, int64_t *microseconds) {
    char digits[40];
    size_t n = 0, point = 0;
    bool seen = false;
    if (take(&c, '-'))
        digits[n++] = '-';
    size_t first = n;
    for (; c.at < c.end && (is_digit(*c.at) || (*c.at == '.' && !seen)); c.at++) {
        if (*c.at == '.') {
            seen = true;
            point = n;
        } else if (n < 24)
            digits[n++] = *c.at;
        else
            return false;
    }
    unsigned exponent;
    if (!seen)
        point = n;
    if ((!take(&c, 'e') && !take(&c, 'E')) || n == first)
        return false;
    take(&c, '+');
    if (!take_digits(&c, 1, 2, &exponent) || c.at != c.end || exponent > 18)
        return false;
    size_t whole = point + exponent;
    while (n < whole)
        digits[n++] = '0';
    if (n > whole) {
        memmove(digits + whole + 1, digits + whole, n - whole);
        digits[whole] = '.';
        n++;
    }
    return parse_number((cursor){digits, digits + n}, microseconds);
}

bool lb_timestamp_parse(lb_str text, int64_t *microseconds) {
    cursor c = {text.data, text.data + text.size};
    while (c.at < c.end && (*c.at == ' ' || *c.at == '\t'))
        c.at++;
    while (c.end > c.at && (c.end[-1] == ' ' || c.end[-1] == '\t'))
        c.end--;
    if (c.end - c.at > 64)
        return false;
    if (c.end - c.at >= 8 && (c.at[4] == '-' || c.at[4] == '/'))
        return parse_calendar(c, microseconds);
    if (memchr(c.at, 'e', (size_t)(c.end - c.at)) || memchr(c.at, 'E', (size_t)(c.end - c.at)))
        return parse_exponent(c, microseconds);
    return parse_number(c, microseconds);
}
