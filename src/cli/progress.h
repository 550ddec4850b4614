/* Progress on standard error: one line that is written over, with rate and time left. What is no
 * terminal gets whole lines, and few of them. */
#ifndef LB_CLI_PROGRESS_H
#define LB_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

typedef struct lb_progress_line {
    bool terminal; /* set by whoever makes it */
    bool shown;    /* something stands on the line */
    char stage[64];
    struct timespec stage_began, last_shown;
} lb_progress_line;

/* As lb_audit_options.progress wants it; the context is an lb_progress_line. */
void lb_progress_show(void *line, const char *stage, uint64_t done, uint64_t total);
void lb_progress_clear(lb_progress_line *line);

#endif
