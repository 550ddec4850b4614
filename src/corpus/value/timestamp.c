#include "corpus/value/timestamp.h"

#include <strings.h>

#include "base/ascii.h"
#include "base/calendar.h"

static const int64_t second = 1000000;

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
    while (n < most && c->at < c->end && lb_is_digit(*c->at)) {
        *value = *value * 10 + (unsigned)(*c->at++ - '0');
        n++;
    }
    return n >= least;
}

/* Decimals behind the point as microseconds; digits beyond the sixth are cut off. */
static int64_t take_decimals(cursor *c) {
    int64_t value = 0, unit = second / 10;
    for (; c->at < c->end && lb_is_digit(*c->at); c->at++, unit /= 10)
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
    for (; c.at < c.end && lb_is_digit(*c.at); c.at++)
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
    for (; c.at < c.end && (lb_is_digit(*c.at) || (*c.at == '.' && !seen)); c.at++) {
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

static bool take_word(cursor *c, const char *word) {
    size_t n = strlen(word);
    if ((size_t)(c->end - c->at) < n || strncasecmp(c->at, word, n) != 0)
        return false;
    c->at += n;
    return true;
}

static void skip_letters(cursor *c) {
    while (c->at < c->end && lb_is_letter(*c->at))
        c->at++;
}

static bool take_blanks(cursor *c) {
    const char *first = c->at;
    while (take(c, ' ') || take(c, ','))
        ;
    return c->at > first;
}

/* "Nov", "November"; "Tue" is taken as well, as no month. */
static bool take_name(cursor *c, unsigned *month) {
    static const char *const names[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul",
                                        "aug", "sep", "oct", "nov", "dec", "mon", "tue",
                                        "wed", "thu", "fri", "sat", "sun"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (take_word(c, names[i])) {
            skip_letters(c);
            *month = i < 12 ? i + 1 : 0;
            return true;
        }
    return false;
}

/* 10:13, 10:13:20.5, with AM or PM behind. */
static bool take_clock_of_12(cursor *c, int64_t *time) {
    static const int64_t noon = 12 * 3600 * (int64_t)1000000;
    if (!take_clock(c, time))
        return false;
    cursor before = *c;
    take(c, ' ');
    bool pm = take_word(c, "pm") || take_word(c, "p.m."),
         am = !pm && (take_word(c, "am") || take_word(c, "a.m."));
    if (!am && !pm)
        *c = before;
    if ((am || pm) && *time >= noon + noon / 12)
        return false;
    if (pm && *time < noon)
        *time += noon;
    else if (am && *time >= noon)
        *time -= noon;
    return true;
}

/* The day as three numbers, 14.11.2023, 11/14/23 or 14-11-2023. */
static bool take_numbers(cursor *c, bool month_first, lb_date *date, lb_day_order *order) {
    unsigned first, second_number, year;
    if (!take_digits(c, 1, 2, &first) || c->at == c->end)
        return false;
    char mark = *c->at;
    if ((mark != '.' && mark != '/' && mark != '-') || !take(c, mark) ||
        !take_digits(c, 1, 2, &second_number) || !take(c, mark))
        return false;
    const char *digits = c->at;
    if (!take_digits(c, 2, 4, &year) || c->at - digits == 3)
        return false;
    if (c->at - digits == 2)
        year += year < 70 ? 2000 : 1900;
    *order = mark == '.' || first > 12 ? LB_DAY_FIRST
             : second_number > 12      ? LB_DAY_SECOND
                                       : LB_DAY_EITHER;
    bool swap = *order == LB_DAY_SECOND || (*order == LB_DAY_EITHER && month_first);
    *date = (lb_date){(int)year, swap ? first : second_number, swap ? second_number : first};
    return lb_date_valid(*date);
}

/* The day with the month's name: 14 Nov 2023, 14-Nov-2023; Nov 14, 2023; or without the year, Nov
 * 14 (year 0). */
static bool take_named_day(cursor *c, unsigned month, lb_date *date) {
    unsigned day, year = 0;
    bool month_led = month > 0;
    if (!take_digits(c, 1, 2, &day))
        return false;
    if (!month_led) {
        bool dash = take(c, '-');
        if ((!dash && !take_blanks(c)) || !take_name(c, &month) || month == 0 ||
            (dash ? !take(c, '-') : !take_blanks(c)) || !take_digits(c, 4, 4, &year))
            return false;
    } else {
        cursor before = *c;
        if (!take_blanks(c) || !take_digits(c, 4, 4, &year)) {
            *c = before;
            year = 0;
        }
    }
    *date = (lb_date){(int)year, month, day};
    return true;
}

static bool parse_written(cursor c, bool month_first, int64_t *microseconds, lb_day_order *order) {
    lb_date date;
    int64_t time = 0, offset = 0;
    unsigned month = 0;
    *order = LB_DAY_OTHERWISE;
    for (int i = 0; i < 2 && take_name(&c, &month); i++)
        if (!take_blanks(&c))
            return false;
    cursor first = c;
    if (month > 0 || !take_numbers(&c, month_first, &date, order)) {
        c = first;
        if (!take_named_day(&c, month, &date))
            return false;
    }
    if (take_blanks(&c) || take(&c, 'T')) {
        take_word(&c, "at ");
        if (!take_clock_of_12(&c, &time))
            return false;
        cursor rest = c;
        if (date.year == 0 && take_blanks(&rest) && rest.at < rest.end && lb_is_digit(*rest.at))
            c = rest; /* Tue Nov 14 22:13:20 2023 */
        else if (date.year == 0) {
            if (c.end - c.at <= 5)
                return false;
            c.end -= 5; /* ... +0000 2023 */
            if (!take_zone(&c, &offset))
                return false;
            c.end += 5;
            take_blanks(&c);
        } else if (!take_zone(&c, &offset))
            return false;
    }
    unsigned year;
    if (date.year == 0) {
        if (!take_digits(&c, 4, 4, &year))
            return false;
        date.year = (int)year;
    }
    if (c.at != c.end || !lb_date_valid(date))
        return false;
    *microseconds = lb_date_days(date) * 86400 * second + time - offset;
    return true;
}

/* Begins with a name, or with one or two digits and a mark behind them; 14.5 is a number. */
static bool is_written(cursor c) {
    if (lb_is_letter(*c.at))
        return true;
    const char *at = c.at;
    while (at < c.end && at < c.at + 2 && lb_is_digit(*at))
        at++;
    if (at == c.at || at == c.end)
        return false;
    return *at == '/' || *at == '-' || *at == ' ' ||
           (*at == '.' && memchr(at + 1, '.', (size_t)(c.end - at - 1)));
}

static bool parse(lb_str text, bool month_first, int64_t *microseconds, lb_day_order *order) {
    cursor c = {text.data, text.data + text.size};
    *order = LB_DAY_OTHERWISE;
    while (c.at < c.end && (*c.at == ' ' || *c.at == '\t'))
        c.at++;
    while (c.end > c.at && (c.end[-1] == ' ' || c.end[-1] == '\t'))
        c.end--;
    if (c.at == c.end || c.end - c.at > 64)
        return false;
    if (c.end - c.at >= 8 && (c.at[4] == '-' || c.at[4] == '/') && lb_is_digit(c.at[1]) &&
        lb_is_digit(c.at[2]))
        return parse_calendar(c, microseconds);
    if (is_written(c))
        return parse_written(c, month_first, microseconds, order);
    if (memchr(c.at, 'e', (size_t)(c.end - c.at)) || memchr(c.at, 'E', (size_t)(c.end - c.at)))
        return parse_exponent(c, microseconds);
    return parse_number(c, microseconds);
}

bool lb_timestamp_parse(lb_str text, bool month_first, int64_t *microseconds) {
    lb_day_order order;
    return parse(text, month_first, microseconds, &order);
}

lb_day_order lb_timestamp_day_order(lb_str text) {
    int64_t time;
    lb_day_order order;
    return parse(text, false, &time, &order) ? order : LB_DAY_OTHERWISE;
}
