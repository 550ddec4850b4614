/* What is said of a list of ids that was looked up in the corpus (../side/directory.h). */
#ifndef LB_AUDIT_SECTION_LISTED_H
#define LB_AUDIT_SECTION_LISTED_H

#include "audit/section/state.h"
#include "audit/side/directory.h"

/* Warns where ids were found only by folding, and where some or all name nobody. Of ids it shows
 * the shape, unless all is revealed. `list`: what the list is called, such as "--opted-out". */
int lb_section_warn_of_list(lb_audit_run_state *audit, const char *list, const lb_listed *listed,
                            lb_error *error);

/* False: not one id of the list is in the corpus, and no id of the corpus is made of such characters
 * as theirs. Then they were not taken out of it before: the list is of something else. */
int lb_section_list_fits(const lb_audit_run_state *audit, const lb_listed *listed, bool *fits,
                         lb_error *error);

/* The first of these alone; `what` were found: "values of --hierarchy". */
int lb_section_warn_of_folding(lb_audit_run_state *audit, const char *what, const lb_listed *listed,
                               lb_error *error);

/* Appends an id, or its shape unless all is revealed. */
int lb_section_id_example(const lb_audit_run_state *audit, lb_str id, lb_buffer *into,
                          lb_error *error);

#endif
