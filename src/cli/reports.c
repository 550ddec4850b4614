#include "cli/reports.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/help.h"

/* A folder named with a slash at its end is not named with two of them in what is printed. */
static int length_without_slashes(const char *folder) {
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    return (int)length;
}

static int add_report(lb_report_plan *plan, lb_report_format format, const char *folder,
                      const char *path, lb_error *error) {
    char *place = plan->paths[plan->count];
    int length = path ? snprintf(place, sizeof plan->paths[0], "%s", path)
                      : snprintf(place, sizeof plan->paths[0], "%.*s/%s",
                                 length_without_slashes(folder), folder, lb_report_file(format));
    if (length < 0 || (size_t)length >= sizeof plan->paths[0])
        return lb_fail(error, LB_E_USAGE, "--output", "give a shorter path",
                       "the path is too long");
    bool standard = strcmp(place, "-") == 0;
    if (standard && plan->to_standard_output)
        return lb_fail(error, LB_E_USAGE, "--report", "send all but one to files",
                       "two reports are to go to standard output");
    if (standard && format == LB_REPORT_SQLITE)
        return lb_fail(error, LB_E_USAGE, "--report", "give it a file name",
                       "a data base cannot be written to standard output");
    plan->to_standard_output = plan->to_standard_output || standard;
    plan->targets[plan->count++] = (lb_report_target){format, place};
    return LB_OK;
}

static int unknown_format(const char *name, lb_error *error) {
    const char *names[LB_REPORT_COUNT];
    char mend[LB_ERROR_MEND_MAX];
    for (int i = 0; i < LB_REPORT_COUNT; i++)
        names[i] = lb_report_name((lb_report_format)i);
    lb_name_suggest(mend, "", name, names, LB_REPORT_COUNT,
                    "linkback audit --help lists the formats");
    return lb_fail(error, LB_E_USAGE, "--report", mend, "no report format is called \"%s\"", name);
}

int lb_report_plan_make(lb_report_plan *plan, const lb_options *options, bool links,
                        lb_error *error) {
    const char *folder = options->output ? options->output : "linkback-report";
    int status = LB_OK;
    plan->count = plan->unlisted = 0;
    plan->to_standard_output = false;
    for (int i = 0; options->report_count == 0 && status == LB_OK && i < LB_REPORT_COUNT; i++)
        if (i != LB_REPORT_LINKS || links)
            status = add_report(plan, (lb_report_format)i, folder, NULL, error);
    for (size_t i = 0; status == LB_OK && i < options->report_count; i++) {
        const char *wanted = options->reports[i], *equals = strchr(wanted, '=');
        char name[32];
        snprintf(name, sizeof name, "%.*s", (int)(equals ? equals - wanted : 31), wanted);
        lb_report_format format;
        if (!lb_report_find(name, &format))
            return unknown_format(name, error);
        if (equals && equals[1] == '\0')
            return lb_fail(error, LB_E_USAGE, "--report", "name a file, or - for standard output",
                           "the file is missing in \"%s\"", wanted);
        status = add_report(plan, format, folder, equals ? equals + 1 : NULL, error);
    }
    return status;
}

/* The summary goes to standard output, or to standard error where a report takes that. */
int lb_report_plan_summary(const lb_report_plan *plan, const lb_options *options,
                           const lb_results *results, lb_error *error) {
    int file = plan->to_standard_output ? STDERR_FILENO : STDOUT_FILENO;
    const char *no_colour = getenv("NO_COLOR");
    const lb_summary_style style = {.columns = lb_help_columns(file),
                                    .colours = isatty(file) && !(no_colour && *no_colour),
                                    .verbose = options->verbosity > 0,
                                    .program = options->program};
    char *text;
    int status = lb_summary(results, plan->targets, plan->count, &style, &text, error);
    if (status < 0)
        return status;
    FILE *to = plan->to_standard_output ? stderr : stdout;
    fputs(text, to);
    lb_text_free(text);
    return lb_command_deliver(to, error);
}
