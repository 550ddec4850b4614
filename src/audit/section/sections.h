/* The table of sections: which there are, in which order they run, and for which command. A section
 * is one line of sections.def and one file section_NAME.c. */
#ifndef LB_AUDIT_SECTION_SECTIONS_H
#define LB_AUDIT_SECTION_SECTIONS_H

#include "audit/section/state.h"

typedef enum lb_job { LB_JOB_AUDIT = 1, LB_JOB_LINK = 2 } lb_job;

typedef int lb_section_run(lb_audit_run_state *audit, lb_error *error);

#define LB_SECTION(name, jobs) lb_section_run lb_section_##name;
#include "audit/section/sections.def"

/* Runs the sections of a job; the first failure ends it. */
int lb_sections_run(lb_audit_run_state *audit, lb_job job, lb_error *error);
const char *lb_job_name(lb_job job); /* as run.job says it */

#endif
