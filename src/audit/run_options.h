/* run.options and run.configuration of the report: what every option came out as, so that a run can
 * be repeated from its report without the configuration and without knowing the defaults. */
#ifndef LB_AUDIT_RUN_OPTIONS_H
#define LB_AUDIT_RUN_OPTIONS_H

#include "audit/section/sections.h"

/* By name, with underscores: `linkback JOB --NAME VALUE ... -- INPUT...` is the run again, with an
 * option for each item of a list; null says that it is not given, true that it is a switch. NULL:
 * out of memory. */
json_t *lb_run_options(const lb_audit_run_state *audit, const lb_audit_options *options,
                       lb_job job);

/* Path and SHA-256 of the configuration that was read; null: none was. */
json_t *lb_run_configuration(const lb_settings *settings);

#endif
