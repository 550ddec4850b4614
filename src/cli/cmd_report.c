#include "cli/command.h"
#include "cli/reports.h"

int lb_cmd_report(lb_options *options) {
    static lb_report_plan plan;
    lb_error error;
    lb_results *results = NULL;
    int status = lb_report_plan_make(&plan, options, false, &error);
    if (status == LB_OK)
        status = lb_results_read(&results, options->audit.inputs[0], &error);
    if (status == LB_OK && lb_results_has_links(results))
        status = lb_report_plan_make(&plan, options, true, &error);
    if (status == LB_OK)
        status = lb_report_write(results, plan.targets, plan.count, &error);
    if (status == LB_OK && options->verbosity >= 0)
        status = lb_report_plan_summary(&plan, options, results, &error);
    lb_results_free(results);
    return status < 0 ? lb_command_fail(&error) : LB_EXIT_DONE;
}
