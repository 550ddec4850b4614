#include "cli/command.h"
#include "cli/job.h"

int lb_cmd_link(lb_options *options) {
    options->audit.aux = options->audit.inputs[1];
    options->audit.input_count = 1;
    return lb_job_run(lb_link_run, options);
}
