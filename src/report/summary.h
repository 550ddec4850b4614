/* The summary for a terminal, in the order in which a reader needs it: what was read, what to be
 * warned of, the verdict with every rule that is broken or was not judged, a line for each of the
 * three questions, and what to do next, as commands. Plain text, made safe for a terminal. */
#ifndef LB_REPORT_SUMMARY_H
#define LB_REPORT_SUMMARY_H

#include <jansson.h>

#include "base/buffer.h"

typedef struct lb_summary_options {
    unsigned width;             /* columns; below 40 counts as 40, 0 as 80 */
    bool colour;                /* ANSI escape sequences */
    bool verbose;               /* all warnings, and more on each answer */
    const char *program;        /* how the commands that it shows begin; NULL: linkback */
    const char *const *reports; /* paths of the reports that were written */
    size_t report_count;
} lb_summary_options;

int lb_report_summary(const json_t *document, const lb_summary_options *options, lb_buffer *into,
                      lb_error *error);

#endif
