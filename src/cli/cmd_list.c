#include "cli/command.h"

/* linkback metrics | formats | profiles [--json] */
static int list(lb_listing what, const lb_options *options) {
    char *text;
    lb_error error;
    return lb_list(what, options->json, &text, &error) < 0 ? lb_command_fail(&error)
                                                           : lb_command_print(text);
}

int lb_cmd_metrics(lb_options *options) {
    return list(LB_LISTING_METRICS, options);
}
int lb_cmd_formats(lb_options *options) {
    return list(LB_LISTING_FORMATS, options);
}
int lb_cmd_profiles(lb_options *options) {
    return list(LB_LISTING_PROFILES, options);
}
