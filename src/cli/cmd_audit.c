#include <stdio.h>

#include "cli/command.h"
#include "cli/job.h"

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
    fputs("\nmeasures: qi suda tokens unicity link inference population identifiers consent "
          "whatif\n"
          "whatif runs the attack of link again for each of five measures, and takes five times "
          "as long: it\n"
          "does so only where it is named, as in --measures all,whatif.\n",
          stdout);
    lb_report_formats_print();
}

int lb_cmd_audit(int count, char **arguments) {
    lb_options options;
    lb_error error;
    int status = lb_options_parse(&options, SETS, count, arguments, &error);
    if (status < 0)
        return lb_command_fail(&error);
    if (options.help) {
        print_help();
        return fflush(stdout) == 0 ? LB_EXIT_DONE : -(int)LB_E_RESOURCE;
    }
    return lb_job_run(lb_audit_run, &options, count, arguments);
}
