#include "cli/command.h"

int lb_cmd_diff(lb_options *options) {
    const char *const *paths = options->audit.inputs;
    lb_diff_format format = options->json       ? LB_DIFF_JSON
                            : options->markdown ? LB_DIFF_MARKDOWN
                                                : LB_DIFF_TEXT;
    bool worse = false;
    char *text;
    lb_error error;
    if (options->json && options->markdown) {
        lb_fail(&error, LB_E_USAGE, "diff", "give one of them", "--json and --markdown are given");
        return lb_command_fail(&error);
    }
    if (lb_diff(paths[0], paths[1], format, &text, &worse, &error) < 0)
        return lb_command_fail(&error);
    int code = lb_command_print(text);
    return code == LB_EXIT_DONE && options->exit_code && worse ? LB_EXIT_BROKEN : code;
}
