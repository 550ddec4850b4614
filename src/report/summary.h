/* The summary for a terminal: verdict, the three answers, the worst findings, and where the reports
 * are. Plain text, made safe for a terminal: no control character of the corpus reaches it. */
#ifndef LB_REPORT_SUMMARY_H
#define LB_REPORT_SUMMARY_H

#include <jansson.h>

#include "base/buffer.h"

typedef struct lb_summary_options {
    unsigned width;             /* columns; below 40 counts as 40, 0 as 80 */
    bool colour;                /* ANSI escape sequences */
    const char *const *reports; /* paths of the reports that were written */
    size_t report_count;
} lb_summary_options;

int lb_report_summary(const json_t *document, const lb_summary_options *options, lb_buffer *into,
                      lb_error *error);

#endif
