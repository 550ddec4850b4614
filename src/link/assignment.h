/* One-to-one assignment: every query gets at most one gallery profile and every profile at most one
 * query, so that the expected number of right links (the sum of their probabilities) is the
 * greatest. By shortest augmenting paths on the sparse graph of candidates (Jonker & Volgenant
 * 1987), where leaving a query alone is worth 0.
 */
#ifndef LB_LINK_ASSIGNMENT_H
#define LB_LINK_ASSIGNMENT_H

#include "base/memory.h"

typedef struct lb_edge {
    uint32_t profile;
    double worth; /* above 0 */
} lb_edge;

/* `edges`: of query q from offsets[q] to offsets[q + 1]. partners[queries]: the profile of each
 * query, UINT32_MAX for none. Time: queries * edges in the worst case; nearly linear where the
 * components of the graph are small. */
int lb_assignment_solve(const lb_edge *edges, const size_t *offsets, size_t queries,
                        size_t profiles, uint32_t *partners, lb_error *error);

#endif
