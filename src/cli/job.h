/* A command that reads corpora, measures, writes reports and judges: what `audit` and `link` share.
 */
#ifndef LB_CLI_JOB_H
#define LB_CLI_JOB_H

#include "cli/reports.h"

typedef int lb_job(lb_results **out, const lb_audit_options *options, lb_error *error);

/* Returns the exit code. `arguments` are the command line, for the reports. */
int lb_job_run(lb_job *job, lb_options *options, int count, char **arguments);

#endif
