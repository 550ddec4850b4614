/* Chat logs: lines that templates turn into messages, notices and changes of the day.
 *
 * A line is a *prefix* (when, where) and a *body* (who, what). The format lists both as templates:
 *
 *   {clock}    12:34, 12:34:56, 3:34 PM          {date}      2024-01-31 or 2024/01/31
 *   {stamp}    2024-01-31T12:34:56.789+02:00     {longdate}  Mon Jan 31 2024, Mon Jan 31 12:34:56
 * 2024
 *   {shortdate}  31/12/23, 12.31.2023; which is the month is decided over the whole file
 *   {nick}     a name without blanks; a mark of rank (@ + % & ~ !) before it is left out
 *   {name}     a name with blanks, up to a colon that a blank follows
 *   {mark}     U+200E, with which programs begin what they say themselves
 *   {channel}  a word                            {text}      the rest of the line
 *   a blank    one or more blanks; before {text} and {mark} exactly one
 *   the rest   itself
 *
 * Prefixes are tried in their order; behind the first that fits, the notices (`service`), then the
 * messages. In a format whose lines are `continued`, a line without a prefix goes on with the
 * message before it, and one with a prefix and no message is a notice. `day` templates are whole
 * lines that set the date, `notice` templates whole lines that say nothing. Colour and style codes
 * of mIRC are taken out of the text.
 *
 * A log line has the fields nick, text, time, channel, date and conversation (CHANNEL/DATE). Where
 * the line says no date, it is that of the last `day` line, or in the file's path, and a clock that
 * jumps back by more than twelve hours begins the next day. Where the line says no channel, it is
 * the file's name without endings and date, or, if nothing is left, the folder's name.
 */
#ifndef LB_CORPUS_READ_LOG_H
#define LB_CORPUS_READ_LOG_H

#include "corpus/mapping/format.h"
#include "corpus/read/log_cursor.h"

enum {
    LB_LOG_NICK,
    LB_LOG_TEXT,
    LB_LOG_TIME,
    LB_LOG_CHANNEL,
    LB_LOG_DATE,
    LB_LOG_CONVERSATION,
    LB_LOG_FIELDS
};

typedef struct lb_log_templates lb_log_templates;

typedef enum lb_log_kind { LB_LOG_UNKNOWN, LB_LOG_MESSAGE, LB_LOG_SERVICE, LB_LOG_DAY } lb_log_kind;

/* `where` names the format's file in errors. */
int lb_log_compile(lb_log_templates **out, const lb_format *format, const char *where,
                   lb_error *error);
void lb_log_templates_free(lb_log_templates *templates); /* NULL is allowed */
bool lb_log_is_continued(const lb_log_templates *templates);
bool lb_log_has_short_dates(const lb_log_templates *templates);
void lb_log_set_month_first(lb_log_templates *templates, bool month_first);

lb_log_kind lb_log_match(const lb_log_templates *templates, lb_str line, lb_log_line *out);

/* The last date in a path ("logs/2004/11/15/x.txt", "x_20041115.log"); year 0: none. *at and *size
 * say where it stands. */
lb_date lb_log_date_in_path(const char *path, size_t *at, size_t *size);

#endif
