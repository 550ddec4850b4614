#include <stdio.h>
#include <string.h>

#include "cli/command.h"

/* linkback metrics | formats | profiles [--json] */
static int list(lb_listing what, int count, char **arguments) {
    lb_error error;
    bool json = false;
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--help") == 0 || strcmp(arguments[i], "-h") == 0) {
            printf("usage: linkback %s [--json]\n", arguments[0]);
            return fflush(stdout) == 0 ? LB_EXIT_DONE : -(int)LB_E_RESOURCE;
        }
        if (strcmp(arguments[i], "--json") != 0) {
            lb_fail(&error, LB_E_USAGE, arguments[i], "give no argument, or --json",
                    "no such option");
            return lb_command_fail(&error);
        }
        json = true;
    }
    char *text;
    return lb_list(what, json, &text, &error) < 0 ? lb_command_fail(&error)
                                                  : lb_command_print(text);
}

int lb_cmd_metrics(int count, char **arguments) {
    return list(LB_LISTING_METRICS, count, arguments);
}
int lb_cmd_formats(int count, char **arguments) {
    return list(LB_LISTING_FORMATS, count, arguments);
}
int lb_cmd_profiles(int count, char **arguments) {
    return list(LB_LISTING_PROFILES, count, arguments);
}
