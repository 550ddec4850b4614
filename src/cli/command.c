#include "cli/command.h"

#include <errno.h>
#include <stdio.h>

const lb_command lb_commands[] = {
    {"audit", "audit INPUT...", "read a corpus, measure, report, and (with a policy) gate",
     lb_cmd_audit},
    {"link", "link A B", "try to link the people of one corpus to those of another", lb_cmd_link},
    {"inspect", "inspect INPUT...", "show what was detected in the inputs; nothing is measured",
     lb_cmd_inspect},
    {"diff", "diff OLD NEW", "compare two audits, figure by figure", lb_cmd_diff},
    {"report", "report AUDIT.db", "render a stored audit again, in any format", lb_cmd_report},
    {"metrics", "metrics", "list every metric with its definition and source", lb_cmd_metrics},
    {"formats", "formats", "list the data-set formats and containers that are known",
     lb_cmd_formats},
    {"profiles", "profiles", "list the built-in policy profiles with every threshold",
     lb_cmd_profiles},
    {NULL, NULL, NULL, NULL},
};

int lb_command_fail(const lb_error *error) {
    fprintf(stderr, "linkback: %s: %s; %s\n", error->where, error->what, error->mend);
    return -(int)error->code;
}

int lb_command_print(char *text) {
    errno = 0;
    bool bad = fputs(text, stdout) < 0;
    bad = fflush(stdout) != 0 || bad;
    int number = errno;
    lb_text_free(text);
    if (!bad)
        return LB_EXIT_DONE;
    lb_error error;
    lb_fail_errno(&error, LB_E_RESOURCE, "standard output", "cannot write", number ? number : EIO);
    return lb_command_fail(&error);
}
