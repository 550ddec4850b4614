/* Text on a terminal: words wrapped to its width, with colours where they are wanted, and nothing of
 * a corpus that would move the cursor. The first failure is kept, and ends all writing. */
#ifndef LB_REPORT_TERMINAL_H
#define LB_REPORT_TERMINAL_H

#include "base/buffer.h"

typedef struct lb_terminal {
    lb_buffer *into;
    lb_error *error;
    unsigned width; /* columns */
    bool colour;
    int status;
} lb_terminal;

void lb_terminal_put(lb_terminal *to, const char *text); /* our own words, as they are */
void lb_terminal_style(lb_terminal *to, const char *sequence);
void lb_terminal_bold(lb_terminal *to, const char *text);

/* Words of `text`, broken into lines that begin with `indent` spaces; `column` is where the cursor
 * stands. Ends the line. */
void lb_terminal_wrap(lb_terminal *to, lb_str text, unsigned indent, unsigned column);

/* A command of a shell, to be pasted: a line that is too long is continued behind a backslash. Words
 * are quoted where a shell would not take them as they are. False, and nothing is written: a word
 * holds what no terminal may show. */
bool lb_terminal_command(lb_terminal *to, const char *const *words, size_t count, unsigned indent);

size_t lb_terminal_columns(lb_str text); /* that it takes */

#endif
