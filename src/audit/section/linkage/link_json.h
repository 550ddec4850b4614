/* What an attack found, as the document says it: the same members for self-linkage and for external
 * linkage. Every function returns false, and leaks nothing, where memory is lacking. */
#ifndef LB_AUDIT_SECTION_LINKAGE_LINK_JSON_H
#define LB_AUDIT_SECTION_LINKAGE_LINK_JSON_H

#include "audit/section/state.h"
#include "link/link.h"

enum { LB_LINK_METRICS = 12, LB_LINK_PAIR_METRICS = LB_LINK_LEVELS };

/* Figures with their intervals into metrics[LB_LINK_METRICS], in the order of metrics.def. */
int lb_link_set_metrics(lb_audit_run_state *audit, const lb_metric_id *metrics,
                        const lb_evaluation *figures, lb_error *error);

/* Curve, reliability, signals, amounts of text, assignment and candidates; figures.queries > 0. */
bool lb_link_put_figures(json_t *section, const lb_link_result *link);

/* Who could be learnt from, and who not. */
bool lb_link_put_split(json_t *section, const lb_link_result *link, size_t min_messages);

json_t *lb_link_figure_json(const lb_estimate *figure); /* [value, low, high] */

/* A person whom the attack names someone for, and the person's number (numbers.h). */
typedef struct lb_link_listed {
    const lb_link_person *person;
    uint32_t number;
} lb_link_listed;

/* Those whom the attack names someone for, or names rightly, in the order in which they are listed:
 * the most probable first, then by number. The caller frees the list, also after a failure. */
int lb_link_list_surest(const lb_link_result *link, bool right, const uint32_t *numbers,
                        lb_link_listed **list, size_t *count, lb_error *error);

/* The signals in which a guess stands out, as a list of names. */
json_t *lb_link_reasons_json(const lb_link_person *person);

/* "pairs": guesses by how probable the attack says they are. `truth`: right ones are known. */
json_t *lb_link_pairs_json(const lb_link_result *link, bool truth);

#endif
