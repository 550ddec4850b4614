#include "cli/command.h"
#include "cli/job.h"

int lb_cmd_audit(lb_options *options) {
    return lb_job_run(lb_audit_run, options);
}
