/* The numbers by which the reports call those whose keys are masked (mask.h): one for each unit over
 * all lists. Lists also break their ties by them, since the units' own order is that of a hash that
 * anyone can compute. */
#ifndef LB_AUDIT_SECTION_NUMBERS_H
#define LB_AUDIT_SECTION_NUMBERS_H

#include "audit/section/state.h"

/* The numbers of the audited units; made when first asked for. They belong to the audit. */
int lb_section_numbers(lb_audit_run_state *audit, const uint32_t **numbers, lb_error *error);
/* Those of an index's units, or of the conversations of its texts. The caller frees them. */
int lb_numbers_of_units(const lb_index *index, uint32_t **numbers, lb_error *error);
int lb_numbers_of_conversations(const lb_index *index, uint32_t **numbers, lb_error *error);

#endif
