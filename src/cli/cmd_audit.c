#include <stdio.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/reports.h"

enum { SETS = LB_OPTIONS_READ | LB_OPTIONS_MEASURE | LB_OPTIONS_REPORT };

static void print_help(void) {
    fputs("usage: linkback audit [OPTION...] INPUT...\n"
          "\n"
          "Reads the inputs (files, folders, - for standard input) as one corpus, measures how "
          "well its\n"
          "people are hidden, writes reports, and judges them by the policies that are named.\n"
          "\n",
          stdout);
    lb_options_print(SETS);
    lb_report_formats_print();
}

static int audit(const lb_options *options, const lb_report_plan *plan, lb_results **results,
                 lb_error *error) {
    int status = lb_audit_run(results, &options->audit, error);
    if (status == LB_OK)
        status = lb_report_write(*results, plan->targets, plan->count, error);
    if (status == LB_OK && options->verbosity >= 0)
        status = lb_report_plan_summary(plan, *results, error);
    return status;
}

int lb_cmd_audit(int count, char **arguments) {
    static lb_report_plan plan;
    lb_options options;
    lb_error error;
    int status = lb_options_parse(&options, SETS, count, arguments, &error);
    if (status == LB_OK && options.help) {
        print_help();
        return fflush(stdout) == 0 ? LB_EXIT_DONE : -(int)LB_E_RESOURCE;
    }
    if (status == LB_OK)
        status = lb_report_plan_make(&plan, &options, &error);
    if (status < 0)
        return lb_command_fail(&error);
    lb_progress_line line = {0};
    if (options.progress == LB_PROGRESS_ALWAYS ||
        (options.progress == LB_PROGRESS_AUTO && options.verbosity >= 0 && isatty(STDERR_FILENO))) {
        options.audit.progress = lb_progress_show;
        options.audit.progress_context = &line;
    }
    options.audit.command = (const char *const *)arguments;
    options.audit.command_count = (size_t)count;
    lb_results *results = NULL;
    status = audit(&options, &plan, &results, &error);
    lb_progress_clear(&line);
    int code = status < 0                                       ? lb_command_fail(&error)
               : lb_results_verdict(results) == LB_VERDICT_FAIL ? LB_EXIT_BROKEN
                                                                : LB_EXIT_DONE;
    lb_results_free(results);
    return code;
}
