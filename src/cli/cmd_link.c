#include <stdio.h>

#include "cli/command.h"
#include "cli/job.h"

enum { SETS = LB_OPTIONS_READ | LB_OPTIONS_LINK | LB_OPTIONS_REPORT };

static void print_help(void) {
    fputs(
        "usage: linkback link [OPTION...] A B\n"
        "\n"
        "Tries to find the people of corpus A among those of corpus B by how they write and when. "
        "The two\n"
        "may be of different formats. What the signs are worth is learnt by linking A or B to "
        "itself; that\n"
        "two keys are equal counts for nothing. With --truth it says how often the attack is "
        "right, without\n"
        "it how many links it is sure of. links.csv lists them; keys are masked unless --reveal "
        "is given.\n"
        "\n",
        stdout);
    lb_options_print(SETS);
    lb_report_formats_print();
}

int lb_cmd_link(int count, char **arguments) {
    lb_options options;
    lb_error error;
    int status = lb_options_parse(&options, SETS, count, arguments, &error);
    if (status == LB_OK && options.help) {
        print_help();
        return fflush(stdout) == 0 ? LB_EXIT_DONE : -(int)LB_E_RESOURCE;
    }
    if (status == LB_OK && options.audit.input_count != 2)
        status = lb_fail(&error, LB_E_USAGE, "link", "name two corpora, each one file, folder or -",
                         options.audit.input_count == 1 ? "only one corpus is named"
                                                        : "more than two corpora are named");
    if (status < 0)
        return lb_command_fail(&error);
    options.audit.aux = options.audit.inputs[1];
    options.audit.input_count = 1;
    return lb_job_run(lb_link_run, &options, count, arguments);
}
