#include <stdio.h>

#include "cli/command.h"
#include "cli/options.h"

int lb_cmd_inspect(int count, char **arguments) {
    lb_options options;
    lb_error error;
    int status = lb_options_parse(&options, LB_OPTIONS_READ, count, arguments, &error);
    if (status == LB_OK && options.help) {
        fputs("usage: linkback inspect [OPTION...] INPUT...\n"
              "\n"
              "Shows what was detected in the inputs: container, format, field mapping, fields and "
              "candidate\n"
              "quasi-identifiers, and a few masked messages. Nothing is measured.\n"
              "\n",
              stdout);
        lb_options_print(LB_OPTIONS_READ);
        return fflush(stdout) == 0 ? LB_EXIT_DONE : -(int)LB_E_RESOURCE;
    }
    char *text;
    if (status == LB_OK)
        status = lb_inspect_text(&options.audit, &text, &error);
    return status < 0 ? lb_command_fail(&error) : lb_command_print(text);
}
