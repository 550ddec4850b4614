/* The settings as they stand once options, configuration and defaults are resolved, as far as
 * figures depend on them: a part of run.options of the report (../run_options.h), and what two
 * audits must have in common to be compared (../baseline.h). */
#ifndef LB_AUDIT_POLICY_SETTINGS_JSON_H
#define LB_AUDIT_POLICY_SETTINGS_JSON_H

#include <jansson.h>

#include "audit/policy/settings.h"

/* An object; a key that holds null was not said. Lists are sorted. NULL: out of memory. */
json_t *lb_settings_json(const lb_settings *settings);

#endif
