#include "corpus/read/log_cursor.h"

#include <strings.h>

#include "base/ascii.h"
#include "corpus/value/timestamp.h"

static bool begins(const lb_cursor *c, const char *bytes) {
    size_t size = strlen(bytes);
    return (size_t)(c->end - c->at) >= size && memcmp(c->at, bytes, size) == 0;
}

bool lb_cursor_take_char(lb_cursor *c, char wanted) {
    static const char arabic_comma[] = "\xD8\x8C";
    if (wanted == ',' && begins(c, arabic_comma)) {
        c->at += 2;
        return true;
    }
    if (c->at == c->end || *c->at != wanted)
        return false;
    c->at++;
    return true;
}

/* The bytes of an unusual character at the cursor, of those listed; 0: none. */
static size_t size_of_one(const lb_cursor *c, const char *const *list) {
    if (c->at == c->end || (unsigned char)*c->at < 0x80)
        return 0;
    for (; *list; list++)
        if (begins(c, *list))
            return strlen(*list);
    return 0;
}

/* U+200E, 200F, 202A to 202E, 2066 to 2069, FEFF. */
static const char *const marks[] = {"\xE2\x80\x8E",
                                    "\xE2\x80\x8F",
                                    "\xE2\x80\xAA",
                                    "\xE2\x80\xAB",
                                    "\xE2\x80\xAC",
                                    "\xE2\x80\xAD",
                                    "\xE2\x80\xAE",
                                    "\xE2\x81\xA6",
                                    "\xE2\x81\xA7",
                                    "\xE2\x81\xA8",
                                    "\xE2\x81\xA9",
                                    "\xEF\xBB\xBF",
                                    NULL};

bool lb_cursor_take_left_to_right(lb_cursor *c) {
    bool there = begins(c, marks[0]);
    c->at += there ? strlen(marks[0]) : 0;
    return there;
}

void lb_cursor_skip_marks(lb_cursor *c) {
    for (size_t size; (size = size_of_one(c, marks)) > 0;)
        c->at += size;
}

/* A blank, U+00A0, 2009 or 202F. */
static bool take_blank(lb_cursor *c) {
    static const char *const blanks[] = {"\xC2\xA0", "\xE2\x80\x89", "\xE2\x80\xAF", NULL};
    size_t size = c->at < c->end && *c->at == ' ' ? 1 : size_of_one(c, blanks);
    c->at += size;
    return size > 0;
}

bool lb_cursor_take_blanks(lb_cursor *c) {
    bool any = false;
    for (;;) {
        while (c->at < c->end && *c->at == ' ') {
            c->at++;
            any = true;
        }
        if (c->at == c->end || (unsigned char)*c->at < 0x80)
            return any;
        const char *before = c->at;
        lb_cursor_skip_marks(c);
        any = take_blank(c) || any;
        if (c->at == before)
            return any;
    }
}

/* 0 to 9, Arabic-Indic (U+0660 ...) or extended (U+06F0 ...). */
static bool take_digit(lb_cursor *c, unsigned *digit) {
    if (c->at < c->end && lb_is_digit(*c->at)) {
        *digit = (unsigned)(*c->at++ - '0');
        return true;
    }
    if (c->end - c->at < 2)
        return false;
    unsigned char lead = (unsigned char)c->at[0], low = (unsigned char)c->at[1];
    unsigned char first = lead == 0xD9 ? 0xA0 : 0xB0;
    if ((lead != 0xD9 && lead != 0xDB) || low < first || low > first + 9)
        return false;
    *digit = (unsigned)(low - first);
    c->at += 2;
    return true;
}

static unsigned take_digits(lb_cursor *c, unsigned most, unsigned *value) {
    unsigned digits = 0, digit;
    for (*value = 0; digits < most && take_digit(c, &digit); digits++)
        *value = *value * 10 + digit;
    return digits;
}

static bool take_number(lb_cursor *c, unsigned most, unsigned *value) {
    return take_digits(c, most, value) > 0;
}

/* AM, p.m., "p. m." and the letters that Arabic has for them: 'a', 'p', or 0 where there is none.
 */
static char take_half(lb_cursor *c) {
    lb_cursor ahead = *c;
    take_blank(&ahead);
    if (ahead.at == ahead.end)
        return 0;
    if (begins(&ahead, "\xD8\xB5") || begins(&ahead, "\xD9\x85")) {
        c->at = ahead.at + 2;
        return *ahead.at == '\xD8' ? 'a' : 'p';
    }
    char half = (char)(*ahead.at++ | 32);
    if (lb_cursor_take_char(&ahead, '.'))
        take_blank(&ahead);
    if ((half != 'a' && half != 'p') || ahead.at == ahead.end || (*ahead.at | 32) != 'm')
        return 0;
    ahead.at++;
    lb_cursor_take_char(&ahead, '.');
    *c = ahead;
    return half;
}

static bool take_half_day(lb_cursor *c, unsigned *hour) {
    char half = take_half(c);
    if (!half)
        return true;
    if (*hour < 1 || *hour > 12)
        return false;
    *hour = *hour % 12 + (half == 'p' ? 12 : 0);
    return true;
}

bool lb_cursor_take_clock(lb_cursor *c, lb_log_line *line) {
    unsigned hour, minute, second = 0;
    if (!take_number(c, 2, &hour) || c->at == c->end)
        return false;
    char mark = line->has_short_date && *c->at == '.' ? '.' : ':';
    if (!lb_cursor_take_char(c, mark) || !take_number(c, 2, &minute))
        return false;
    if (lb_cursor_take_char(c, mark) && !take_number(c, 2, &second))
        return false;
    if (!take_half_day(c, &hour) || hour > 23 || minute > 59 || second > 60)
        return false;
    line->has_clock = true;
    line->clock = hour * 3600 + minute * 60 + second;
    return true;
}

bool lb_cursor_take_date(lb_cursor *c, lb_date *date) {
    unsigned year;
    if (take_digits(c, 4, &year) != 4 || c->at == c->end)
        return false;
    char mark = *c->at;
    if ((mark != '-' && mark != '/') || !lb_cursor_take_char(c, mark) ||
        !take_number(c, 2, &date->month) || !lb_cursor_take_char(c, mark) ||
        !take_number(c, 2, &date->day))
        return false;
    date->year = (int)year;
    return lb_date_valid(*date);
}

bool lb_cursor_take_stamp(lb_cursor *c, lb_log_line *line) {
    const char *first = c->at;
    int64_t ignored;
    lb_date date;
    lb_log_line clock = {0};
    if (!lb_cursor_take_date(c, &date) ||
        (!lb_cursor_take_char(c, 'T') && !lb_cursor_take_char(c, ' ')) ||
        !lb_cursor_take_clock(c, &clock))
        return false;
    while (c->at < c->end && (lb_is_digit(*c->at) || strchr(".,:+-Z", *c->at)) && *c->at)
        c->at++;
    line->stamp = (lb_str){first, (size_t)(c->at - first)};
    line->date = date;
    return lb_timestamp_parse(line->stamp, false, &ignored);
}

static unsigned month_of(const char *at, const char *end) {
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (end - at < 3)
        return 0;
    for (unsigned i = 0; i < 12; i++)
        if (strncasecmp(months + (size_t)3 * i, at, 3) == 0)
            return i + 1;
    return 0;
}

static void skip_blanks(lb_cursor *c) {
    while (c->at < c->end && *c->at == ' ')
        c->at++;
}

static void skip_word(lb_cursor *c) {
    while (c->at < c->end && *c->at != ' ')
        c->at++;
    skip_blanks(c);
}

/* Mon Jan 31 2024, Mon Jan 31 12:34:56 2024. */
bool lb_cursor_take_long_date(lb_cursor *c, lb_date *date) {
    skip_word(c);
    date->month = month_of(c->at, c->end);
    skip_word(c);
    if (!date->month || !take_number(c, 2, &date->day))
        return false;
    skip_blanks(c);
    lb_log_line clock = {0};
    lb_cursor ahead = *c;
    if (lb_cursor_take_clock(&ahead, &clock)) {
        *c = ahead;
        skip_blanks(c);
    }
    unsigned year;
    if (!take_number(c, 4, &year))
        return false;
    date->year = (int)year;
    return lb_date_valid(*date);
}

/* Up to `stop` (a blank stands for the end of the line as well); blanks are not part of a word. */
bool lb_cursor_take_word(lb_cursor *c, char stop, lb_str *word) {
    const char *first = c->at;
    while (c->at < c->end && *c->at != stop && *c->at != ' ' && *c->at != '\t')
        c->at++;
    *word = (lb_str){first, (size_t)(c->at - first)};
    return word->size > 0;
}

bool lb_cursor_take_nick(lb_cursor *c, char stop, lb_log_line *line) {
    skip_blanks(c);
    if (c->end - c->at > 1 && strchr("@+%&~!", *c->at) && *c->at && c->at[1] != stop)
        c->at++;
    return lb_cursor_take_word(c, stop, &line->nick);
}

static bool set_short_date(lb_log_line *line, bool month_first) {
    const unsigned *n = line->short_date;
    line->date = (lb_date){(int)n[2], month_first ? n[0] : n[1], month_first ? n[1] : n[0]};
    return lb_date_valid(line->date);
}

/* 31/12/23, 12.31.2023, 2023-12-31: the order of day and month is the file's; where it gives no
 * date and the other does, the other. */
bool lb_cursor_take_short_date(lb_cursor *c, bool month_first, lb_log_line *line) {
    unsigned n[3], digits[3];
    char mark = 0;
    for (size_t i = 0; i < 3; i++) {
        if (i > 0 && (c->at == c->end || !strchr("/.-", *c->at) || (i > 1 && *c->at != mark)))
            return false;
        if (i > 0)
            mark = *c->at++;
        digits[i] = take_digits(c, 4, &n[i]);
        if (digits[i] == 0)
            return false;
    }
    line->has_short_date = true;
    if (digits[0] == 4) {
        line->date = (lb_date){(int)n[0], n[1], n[2]};
        return lb_date_valid(line->date);
    }
    unsigned year = digits[2] == 2 ? 2000 + n[2] : n[2];
    if (digits[0] > 2 || digits[1] > 2 || digits[2] == 3)
        return false;
    line->ambiguous_date = true;
    memcpy(line->short_date, (unsigned[]){n[0], n[1], year}, sizeof line->short_date);
    return set_short_date(line, month_first) || set_short_date(line, !month_first);
}

/* A name with blanks, up to a colon that a blank follows. */
bool lb_cursor_take_name(lb_cursor *c, lb_log_line *line) {
    enum { LONGEST = 200 };
    lb_cursor_skip_marks(c);
    if (lb_cursor_take_char(c, '~')) /* it is in nobody's address book */
        lb_cursor_take_blanks(c);
    const char *first = c->at;
    while (c->at < c->end && c->at - first < LONGEST &&
           (*c->at != ':' || (c->end - c->at > 1 && c->at[1] != ' ')))
        c->at++;
    if (c->at == c->end || *c->at != ':')
        return false;
    line->nick = (lb_str){first, (size_t)(c->at - first)};
    for (size_t i = 0; marks[i]; i++) { /* what closes a telephone number */
        size_t size = strlen(marks[i]);
        while (line->nick.size >= size &&
               memcmp(line->nick.data + line->nick.size - size, marks[i], size) == 0) {
            line->nick.size -= size;
            i = 0;
        }
    }
    return line->nick.size > 0;
}

static bool is_date_mark(char c) {
    return c == '-' || c == '_' || c == '.' || c == '/';
}

bool lb_cursor_take_path_date(const char *text, lb_date *date, size_t *size) {
    lb_cursor c = {text, text + strlen(text)};
    unsigned year;
    const char *first = c.at;
    if (take_digits(&c, 4, &year) != 4)
        return false;
    char mark = c.at < c.end && is_date_mark(*c.at) ? *c.at : '\0';
    if ((mark && !lb_cursor_take_char(&c, mark)) || !take_number(&c, 2, &date->month) ||
        (mark && !lb_cursor_take_char(&c, mark)) || !take_number(&c, 2, &date->day))
        return false;
    date->year = (int)year;
    *size = (size_t)(c.at - first);
    return (c.at == c.end || !lb_is_digit(*c.at)) && year >= 1970 && year < 2100 &&
           lb_date_valid(*date);
}
