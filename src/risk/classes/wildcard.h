/* Anonymity sets when a missing value may be any value (--missing any; sdcMicro's freqCalc).
 *
 * Two classes match when they agree wherever both have a value. Matching is not transitive, so the
 * classes stay what they are, but the size of a class becomes the number of distinct units with a
 * class that matches it.
 */
#ifndef LB_RISK_CLASSES_WILDCARD_H
#define LB_RISK_CLASSES_WILDCARD_H

#include "risk/classes/traces.h"

/* Fills sizes[traces->classes]. `traces` was built from the `chosen` columns of `rows`.
 *
 * Classes are put together by which values they lack; each pair of such patterns is joined by
 * hashing on the columns that both have, or compared class by class where they are small:
 * O(patterns * classes * columns) for units of one class each, at worst quadratic in the classes.
 * Travellers, who may match a class by several of their own, are counted by name: the number of
 * (class, distinct trace of a traveller that matches it) pairs comes on top. */
int lb_wildcard_sizes(uint32_t *sizes, const lb_traces *traces, const lb_trace_rows *rows,
                      const uint32_t *chosen, size_t chosen_count, lb_grouper *grouper,
                      lb_error *error);

#endif
