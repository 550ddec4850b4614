/* Which reports go where: --output and --report, for the commands that write reports. */
#ifndef LB_CLI_REPORTS_H
#define LB_CLI_REPORTS_H

#include "cli/options.h"

typedef struct lb_report_plan {
    lb_report_target targets[LB_OPTIONS_MANY + 1]; /* one more for a baseline */
    char paths[LB_OPTIONS_MANY][4096];
    size_t count;
    size_t unlisted; /* targets behind those: written, but not listed in the summary */
    bool to_standard_output;
} lb_report_plan;

/* Every format into --output unless --report names some; the list of links only where there are
 * some. */
int lb_report_plan_make(lb_report_plan *plan, const lb_options *options, bool links,
                        lb_error *error);

/* The summary goes to standard output, or to standard error where a report takes that. */
int lb_report_plan_summary(const lb_report_plan *plan, const lb_options *options,
                           const lb_results *results, lb_error *error);

#endif
