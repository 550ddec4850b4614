/* A command that reads corpora, measures, writes reports and judges: what `audit` and `link` share.
 */
#ifndef LB_CLI_JOB_H
#define LB_CLI_JOB_H

#include "cli/reports.h"

typedef int lb_job(lb_results **out, const lb_audit_options *options, lb_error *error);

int lb_job_run(lb_job *job, lb_options *options); /* returns the exit code */

#endif
