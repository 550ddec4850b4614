/* Anonymity sets: how many units share a combination of quasi-identifier values, and what that says
 * of the risk when the attacker knows that the target is in the corpus (prosecutor model).
 *
 * Classes and traces are those of traces.h; a unit's anonymity set is the smallest of its classes.
 * Everything is counted in units. The result owns its memory (lb_anonymity_free) and does not
 * depend on the table afterwards.
 */
#ifndef LB_RISK_CLASSES_ANONYMITY_H
#define LB_RISK_CLASSES_ANONYMITY_H

#include "risk/classes/traces.h"

typedef enum lb_missing {
    LB_MISSING_OWN, /* a missing value is a value of its own */
    LB_MISSING_ANY  /* ... or matches any value */
} lb_missing;

typedef struct lb_anonymity_options {
    const uint32_t *columns; /* indices into table->quasi_identifiers; NULL: all of them */
    size_t column_count;
    lb_missing missing;
    uint32_t k; /* the threshold of below_k */
} lb_anonymity_options;

typedef struct lb_size_count {
    uint32_t size;
    uint32_t classes; /* of that size */
    uint32_t units;   /* whose anonymity set has that size */
} lb_size_count;

typedef struct lb_anonymity {
    size_t units;
    uint32_t k;       /* the smallest class; 0: there are no units */
    uint32_t classes; /* distinct combinations of values */
    uint32_t largest; /* class */
    size_t unique;    /* units with an anonymity set of 1 */
    size_t below_k;   /* units with an anonymity set below the threshold */
    double unique_share, below_k_share;

    /* Prosecutor risk of a unit: 1 / its anonymity set (El Emam & Dankar 2008). */
    double prosecutor_max, prosecutor_mean;
    double above_020, above_009, above_005; /* share of units with a risk above 0.2, 0.09, 0.05 */

    /* Both take a missing value as one of its own. distinction = classes / units (ARX), above 1
     * where units travel; separation as in traces.h. */
    double distinction, separation;

    const lb_size_count *histogram; /* ascending by size */
    size_t histogram_count;
    const uint32_t *sets;        /* [units] anonymity set of each */
    const uint32_t *class_sizes; /* [classes] */
    lb_traces traces;            /* traces.sizes counts missing values as values of their own */
} lb_anonymity;

/* Errors: LB_E_USAGE for a column that is not there; LB_E_RESOURCE. On failure nothing is left.
 * O(rows * columns) with LB_MISSING_OWN. */
int lb_anonymity_measure(lb_anonymity *out, const lb_table *table,
                         const lb_anonymity_options *options, lb_error *error);
void lb_anonymity_free(lb_anonymity *anonymity); /* leaves {0} */

#endif
