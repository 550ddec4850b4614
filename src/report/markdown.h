/* report.md: a summary for a job's page or a pull request: verdict, the three answers, the worst
 * findings, the checks that do not hold. Short by construction (rows and texts are bounded, far
 * below the 64 KiB of a comment). Text that is not ours is escaped so that it stays text in
 * CommonMark and in the HTML that is made of it. */
#ifndef LB_REPORT_MARKDOWN_H
#define LB_REPORT_MARKDOWN_H

#include <jansson.h>

#include "base/buffer.h"

int lb_report_markdown(const json_t *document, lb_buffer *into, lb_error *error);

/* Appends `text` escaped, on one line, cut behind `most` characters. */
int lb_markdown_text(lb_str text, size_t most, lb_buffer *into, lb_error *error);

#endif
