/* Parts of the summary that have a file of their own. */
#ifndef LB_REPORT_SUMMARY_PART_H
#define LB_REPORT_SUMMARY_PART_H

#include "report/kit/answers.h"
#include "report/kit/plain.h"
#include "report/terminal.h"

/* What was read: inputs, people, messages, which field is what, what outsiders are taken to know,
 * what was left out. */
void lb_summary_corpus(lb_terminal *to, const json_t *document);

/* The reports that were written, by their paths. */
typedef struct lb_summary_reports {
    const char *const *paths;
    size_t count;
} lb_summary_reports;

/* What to do next, as commands that work when they are pasted; `program` is how they begin. */
void lb_summary_next(lb_terminal *to, const json_t *document, const lb_findings *found,
                     const char *program, lb_summary_reports reports);

#endif
