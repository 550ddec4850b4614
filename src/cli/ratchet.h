/* The files of a ratchet. A baseline is kept by --write-baseline and compared with by --baseline; a
 * run that does not pass never takes its place, whatever name it has and whatever folder it lies
 * in: else the next run would compare with the worse one, and pass. */
#ifndef LB_CLI_RATCHET_H
#define LB_CLI_RATCHET_H

#include "cli/reports.h"

typedef struct lb_ratchet {
    char kept[4096];     /* a report that was to go there; "": none */
    char moved[4096];    /* where it went */
    const char *written; /* the file of --write-baseline where it was written; NULL: it was not */
    const char *why;     /* it was not, or could not have been */
} lb_ratchet;

/* Before anything is read: can --write-baseline write its file? LB_E_USAGE. */
int lb_ratchet_check(const lb_options *options, lb_error *error);

/* Changes the plan to what the verdict allows. */
int lb_ratchet_plan(lb_ratchet *ratchet, lb_report_plan *plan, const lb_options *options,
                    const lb_results *results, lb_error *error);

/* Says what was done with the baseline, where there is anything to say. */
int lb_ratchet_say(const lb_ratchet *ratchet, const lb_report_plan *plan, const lb_options *options,
                   lb_error *error);

#endif
