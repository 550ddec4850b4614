/* What every attack of an audit shares with that on the corpus itself. */
#ifndef LB_AUDIT_SECTION_LINKAGE_SECTION_LINK_H
#define LB_AUDIT_SECTION_LINKAGE_SECTION_LINK_H

#include "audit/section/state.h"
#include "link/link.h"

/* How the attack runs, by the settings. */
lb_link_options lb_section_link_options(const lb_audit_run_state *audit);

/* Why there is no attack on the corpus itself; NULL: there is one. */
const char *lb_section_no_self_linkage(const lb_audit_run_state *audit);

#endif
