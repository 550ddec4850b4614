#include "cli/command.h"

int lb_cmd_inspect(lb_options *options) {
    char *text;
    lb_error error;
    return lb_inspect_text(&options->audit, &text, &error) < 0 ? lb_command_fail(&error)
                                                               : lb_command_print(text);
}
