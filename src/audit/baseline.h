/* The baseline of a ratchet: an earlier audit that the rules with max_increase compare with
 * (--baseline). Two audits can be compared only where the figures mean the same: of one unit, one
 * kind of corpus, measured with the same options. What differs is refused, and named. */
#ifndef LB_AUDIT_BASELINE_H
#define LB_AUDIT_BASELINE_H

#include "audit/section/sections.h"

/* The document of settings->baseline (report.json or audit.db), NULL where none is named. What does
 * not depend on the corpus is compared. All errors are LB_E_USAGE: nothing was read. */
int lb_baseline_load(json_t **baseline, const lb_settings *settings, lb_job job, lb_error *error);

/* Compares what was read; before anything is measured. NULL, no baseline, is fine. */
int lb_baseline_check(const json_t *baseline, const lb_audit_run_state *audit, lb_error *error);

#endif
