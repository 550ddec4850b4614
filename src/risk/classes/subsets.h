/* Which fields single people out: anonymity of the subsets of the quasi-identifiers, and what
 * dropping each field would gain (methods, section 1).
 *
 * All subsets of up to `largest` columns and the full set are measured, or, where there are more
 * than the budget allows, those of the most distinguishing columns; how many were left out is part
 * of the result. The work is done on the distinct traces of the full set (traces.h), not on units.
 */
#ifndef LB_RISK_CLASSES_SUBSETS_H
#define LB_RISK_CLASSES_SUBSETS_H

#include "base/progress.h"
#include "risk/classes/anonymity.h"

enum { LB_SUBSET_LARGEST = 3 };

typedef struct lb_subsets_options {
    lb_missing missing;
    unsigned largest;   /* columns of a subset, 1 ... LB_SUBSET_LARGEST */
    size_t max_subsets; /* budget; single columns and the full set are measured in any case */
    unsigned threads;   /* at least 1 */
    const lb_progress *progress;
} lb_subsets_options;

typedef struct lb_subset {
    uint32_t *columns; /* [column_count] indices into table->quasi_identifiers, ascending */
    uint32_t column_count;
    uint32_t k, classes; /* as in anonymity.h */
    uint32_t unique;     /* units */
    double unique_share, distinction, separation;
} lb_subset;

/* What remains when one field is dropped from the full set. */
typedef struct lb_field_gain {
    uint32_t column;
    uint32_t k;          /* without it */
    double unique_share; /* without it */
    uint32_t k_gain;     /* k without it - k with it */
    double unique_gain;  /* unique share with it - without it */
} lb_field_gain;

typedef struct lb_subsets {
    const lb_subset *items; /* by size, then by columns; the full set is last */
    size_t count;
    uint64_t left_out[LB_SUBSET_LARGEST + 1]; /* by number of columns: subsets not measured */
    const lb_field_gain *gains; /* [gain_count] one for each column, largest unique gain first, then
                                   largest k gain, then in order of the columns */
    size_t gain_count;
    lb_arena *arena;
} lb_subsets;

/* With a budget too small for all subsets, columns are ranked by the separation of each alone, and
 * pairs, then triples, are taken among the first two columns of the ranking, the first three, and
 * so on until the budget is spent. Empty for a table without quasi-identifiers. On failure nothing
 * is left. The result does not depend on the number of threads. */
int lb_subsets_measure(lb_subsets *out, const lb_table *table, const lb_subsets_options *options,
                       lb_error *error);
void lb_subsets_free(lb_subsets *subsets); /* leaves {0} */

#endif
