#include <stdio.h>
#include <string.h>

#include "cli/command.h"

static int print_help(void) {
    fputs(
        "usage: linkback diff [--json | --markdown] [--exit-code] OLD NEW\n"
        "\n"
        "Compares two audits (audit.db or report.json) figure by figure. The sign says better (+) "
        "or\n"
        "worse (-); figures whose intervals overlap are marked with ~.\n"
        "\n"
        "      --json        as a JSON object\n"
        "      --markdown    as a Markdown table\n"
        "      --exit-code   exit 1 where a figure is worse\n"
        "  -h, --help        this text\n",
        stdout);
    return fflush(stdout) == 0 ? LB_EXIT_DONE : -(int)LB_E_RESOURCE;
}

int lb_cmd_diff(int count, char **arguments) {
    const char *paths[2] = {NULL, NULL};
    lb_diff_format format = LB_DIFF_TEXT;
    bool exit_code = false, worse = false;
    size_t given = 0;
    lb_error error;
    for (int i = 1; i < count; i++) {
        const char *argument = arguments[i];
        if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0)
            return print_help();
        if (strcmp(argument, "--json") == 0)
            format = LB_DIFF_JSON;
        else if (strcmp(argument, "--markdown") == 0)
            format = LB_DIFF_MARKDOWN;
        else if (strcmp(argument, "--exit-code") == 0)
            exit_code = true;
        else if (argument[0] == '-') {
            lb_fail(&error, LB_E_USAGE, argument, "linkback diff --help lists the options",
                    "no such option");
            return lb_command_fail(&error);
        } else if (given++ < 2)
            paths[given - 1] = argument;
    }
    if (given != 2) {
        lb_fail(&error, LB_E_USAGE, "diff", "name the older and the newer audit",
                "%zu audits are named", given);
        return lb_command_fail(&error);
    }
    char *text;
    if (lb_diff(paths[0], paths[1], format, &text, &worse, &error) < 0)
        return lb_command_fail(&error);
    int code = lb_command_print(text);
    return code == LB_EXIT_DONE && exit_code && worse ? LB_EXIT_BROKEN : code;
}
