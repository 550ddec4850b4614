/* Files that the command line names for another purpose than to be read as the corpus. Where one
 * lies in a folder that is audited it is left out there: a list of who opted out is no message of
 * anybody. Those that hold people's data count as unread: whoever publishes the folder publishes
 * them, and no measure looked at them. */
#ifndef LB_AUDIT_POLICY_SETTINGS_PRIVATE_H
#define LB_AUDIT_POLICY_SETTINGS_PRIVATE_H

#include "audit/policy/settings.h"

/* Sets settings->corpus.named, of settings that are complete but for it. */
int lb_settings_name_files(lb_settings *settings, const lb_audit_options *options, lb_error *error);

#endif
