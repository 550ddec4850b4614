/* What a chat log's line is made of, taken from its front piece by piece: clocks, dates, names.
 * Each function moves the cursor behind what it takes, and may leave it anywhere when it fails.
 * Phones write digits, blanks and commas of their own: Arabic-Indic digits, narrow and unbreakable
 * blanks, marks of direction that are not seen. */
#ifndef LB_CORPUS_READ_LOG_CURSOR_H
#define LB_CORPUS_READ_LOG_CURSOR_H

#include "base/calendar.h"
#include "base/str.h"

typedef struct lb_log_line {
    lb_str nick, channel, text, stamp; /* data NULL: not in the line */
    lb_date date;                      /* year 0: not in the line */
    bool has_clock, has_short_date;
    bool ambiguous_date;    /* it was written by short_date, the first two in an order unknown */
    unsigned short_date[3]; /* as written; the year last */
    unsigned clock;         /* seconds since midnight */
} lb_log_line;

typedef struct lb_cursor {
    const char *at, *end;
} lb_cursor;

bool lb_cursor_take_char(lb_cursor *c, char wanted); /* a comma may be an Arabic one */
bool lb_cursor_take_blanks(lb_cursor *c);        /* one or more; none at the end of the line fail */
bool lb_cursor_take_left_to_right(lb_cursor *c); /* U+200E */
void lb_cursor_skip_marks(lb_cursor *c);         /* of direction, and byte order marks */
bool lb_cursor_take_clock(lb_cursor *c, lb_log_line *line);
bool lb_cursor_take_date(lb_cursor *c, lb_date *date);
bool lb_cursor_take_stamp(lb_cursor *c, lb_log_line *line);
bool lb_cursor_take_long_date(lb_cursor *c, lb_date *date);
bool lb_cursor_take_short_date(lb_cursor *c, bool month_first, lb_log_line *line);
bool lb_cursor_take_word(lb_cursor *c, char stop, lb_str *word);
bool lb_cursor_take_nick(lb_cursor *c, char stop, lb_log_line *line);
bool lb_cursor_take_name(lb_cursor *c, lb_log_line *line);

/* YYYY-MM-DD, YYYY_MM_DD, YYYY.MM.DD, YYYY/MM/DD or YYYYMMDD at the front of a text. */
bool lb_cursor_take_path_date(const char *text, lb_date *date, size_t *size);

#endif
