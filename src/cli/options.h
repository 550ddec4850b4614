/* The options of `audit` and of the commands that share them, parsed once, checked in one place,
 * before any work is done. */
#ifndef LB_CLI_OPTIONS_H
#define LB_CLI_OPTIONS_H

#include "linkback/linkback.h"

enum { LB_OPTIONS_MANY = 64 /* the most times an option can be repeated */ };

typedef enum lb_progress_when {
    LB_PROGRESS_AUTO,
    LB_PROGRESS_ALWAYS,
    LB_PROGRESS_NEVER
} lb_progress_when;

typedef struct lb_options {
    lb_audit_options audit;
    const char *maps[LB_OPTIONS_MANY], *aux_maps[LB_OPTIONS_MANY];
    const char *policies[LB_OPTIONS_MANY];
    const char *hierarchies[LB_OPTIONS_MANY];
    const char *reports[LB_OPTIONS_MANY]; /* FORMAT or FORMAT=FILE */
    size_t report_count;
    const char *output; /* NULL: not said */
    lb_progress_when progress;
    int verbosity; /* -1 quiet, 0, 1 verbose */
    bool help;
} lb_options;

/* Which of the options a command takes. */
typedef enum lb_option_set {
    LB_OPTIONS_READ = 1,
    LB_OPTIONS_MEASURE = 2,
    LB_OPTIONS_REPORT = 4,
    LB_OPTIONS_LINK = 8
} lb_option_set;

/* Strings point into `arguments`. */
int lb_options_parse(lb_options *options, unsigned sets, int count, char **arguments,
                     lb_error *error);
void lb_options_print(unsigned sets); /* the help of the options, on standard output */

#endif
