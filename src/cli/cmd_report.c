#include <stdio.h>

#include "cli/command.h"
#include "cli/reports.h"

static int print_help(void) {
    fputs(
        "usage: linkback report [OPTION...] AUDIT.db\n"
        "\n"
        "Renders a stored audit (audit.db or report.json) again, in any format, equal to the first "
        "time.\n"
        "Nothing is measured and no policy is judged anew.\n"
        "\n",
        stdout);
    lb_options_print(LB_OPTIONS_REPORT);
    lb_report_formats_print();
    return fflush(stdout) == 0 ? LB_EXIT_DONE : -(int)LB_E_RESOURCE;
}

int lb_cmd_report(int count, char **arguments) {
    static lb_report_plan plan;
    lb_options options;
    lb_error error;
    lb_results *results = NULL;
    int status = lb_options_parse(&options, LB_OPTIONS_REPORT, count, arguments, &error);
    if (status == LB_OK && options.help)
        return print_help();
    if (status == LB_OK && options.audit.input_count != 1)
        status = lb_fail(&error, LB_E_USAGE, "report", "name one audit.db or report.json",
                         "%zu audits are named", options.audit.input_count);
    if (status == LB_OK)
        status = lb_report_plan_make(&plan, &options, false, &error);
    if (status == LB_OK)
        status = lb_results_read(&results, options.audit.inputs[0], &error);
    if (status == LB_OK && lb_results_has_links(results))
        status = lb_report_plan_make(&plan, &options, true, &error);
    if (status == LB_OK)
        status = lb_report_write(results, plan.targets, plan.count, &error);
    if (status == LB_OK && options.verbosity >= 0)
        status = lb_report_plan_summary(&plan, results, &error);
    lb_results_free(results);
    return status < 0 ? lb_command_fail(&error) : LB_EXIT_DONE;
}
