#define _GNU_SOURCE /* realpath */
#include "cli/ratchet.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Appends what stands behind the part of the path that is there, without "." and empty steps. */
static void append_steps(char *place, const char *rest) {
    while (*rest) {
        size_t length = strcspn(rest, "/"), used = strlen(place);
        bool step = length > 0 && !(length == 1 && *rest == '.');
        if (step && used + length + 2 < PATH_MAX)
            snprintf(place + used, PATH_MAX - used, "%s%.*s", used == 1 ? "" : "/", (int)length,
                     rest);
        rest += length + (rest[length] == '/');
    }
}

/* Where a file is or would be, by one name. */
static void find_place(const char *path, char place[PATH_MAX]) {
    char head[PATH_MAX];
    snprintf(head, sizeof head, "%s", path);
    if (realpath(head, place))
        return;
    for (char *slash = strrchr(head, '/'); slash; slash = strrchr(head, '/')) {
        size_t length = (size_t)(slash - head);
        *slash = '\0';
        if (realpath(length ? head : "/", place)) {
            append_steps(place, path + length);
            return;
        }
    }
    if (!realpath(".", place))
        snprintf(place, PATH_MAX, ".");
    append_steps(place, path);
}

static bool is_same_place(const char *a, const char *b) {
    char place_a[PATH_MAX], place_b[PATH_MAX];
    if (!a || !b || strcmp(a, "-") == 0)
        return false;
    find_place(a, place_a);
    find_place(b, place_b);
    return strcmp(place_a, place_b) == 0;
}

int lb_ratchet_check(const lb_options *options, lb_error *error) {
    const char *path = options->write_baseline;
    struct stat facts;
    if (!path)
        return LB_OK;
    if (*path == '\0' || strcmp(path, "-") == 0)
        return lb_fail(error, LB_E_USAGE, "--write-baseline", "name the file that is to keep it",
                       "a baseline is a file");
    if (stat(path, &facts) != 0 || is_same_place(path, options->audit.baseline))
        return LB_OK;
    if (!S_ISREG(facts.st_mode))
        return lb_fail(error, LB_E_USAGE, path, "name a file", "a baseline is a file");
    return lb_fail(error, LB_E_USAGE, path,
                   "compare with it by --baseline as well, or remove it to begin anew",
                   "a baseline is there already, and would be replaced by what nothing compared "
                   "with it");
}

/* "report.json" becomes "report.failed.json". */
static int move_target(lb_ratchet *ratchet, lb_report_plan *plan, size_t i, lb_error *error) {
    char *path = plan->paths[i];
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    size_t stem =
        dot && (!slash || dot > slash + 1) && dot > path ? (size_t)(dot - path) : strlen(path);
    if (strlen(path) + sizeof ".failed" > sizeof plan->paths[0])
        return lb_fail(error, LB_E_USAGE, "--output", "give a shorter path",
                       "the path is too long");
    snprintf(ratchet->kept, sizeof ratchet->kept, "%s", path);
    snprintf(path, sizeof plan->paths[0], "%.*s.failed%s", (int)stem, ratchet->kept,
             ratchet->kept + stem);
    snprintf(ratchet->moved, sizeof ratchet->moved, "%s", path);
    return LB_OK;
}

int lb_ratchet_plan(lb_ratchet *ratchet, lb_report_plan *plan, const lb_options *options,
                    const lb_results *results, lb_error *error) {
    const char *baseline = options->audit.baseline, *write = options->write_baseline;
    struct stat facts;
    bool passed = lb_results_verdict(results) == LB_VERDICT_PASS;
    bool can = lb_results_can_be_baseline(results, &ratchet->why);
    bool written = write && can && (passed || stat(write, &facts) != 0);
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < plan->count; i++)
        if ((!passed && is_same_place(plan->paths[i], baseline)) ||
            (!written && is_same_place(plan->paths[i], write)))
            status = move_target(ratchet, plan, i, error);
    if (status < 0 || !written)
        return status;
    ratchet->written = write;
    plan->targets[plan->count + plan->unlisted++] = (lb_report_target){LB_REPORT_JSON, write};
    return LB_OK;
}

int lb_ratchet_say(const lb_ratchet *ratchet, const lb_report_plan *plan, const lb_options *options,
                   lb_error *error) {
    FILE *to = plan->to_standard_output ? stderr : stdout;
    int said = 0;
    if (*ratchet->kept)
        said = fprintf(to, "\nBaseline kept: %s stays as it was, as %s.\n  This run is in %s\n",
                       ratchet->kept, ratchet->why, ratchet->moved);
    if (said >= 0 && ratchet->written)
        said = fprintf(to, "\nBaseline written: %s\n  Compare with it: --baseline %s\n",
                       ratchet->written, ratchet->written);
    else if (said >= 0 && options->write_baseline)
        said = fprintf(to, "\nNo baseline written to %s, as %s.\n", options->write_baseline,
                       ratchet->why);
    return said < 0 || fflush(to) != 0
               ? lb_fail(error, LB_E_RESOURCE, "standard output", "check where it goes to",
                         "cannot write the summary")
               : LB_OK;
}
