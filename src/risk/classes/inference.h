/* Inference: what the quasi-identifiers say about a sensitive field (methods, section 2).
 *
 * Classes are those of all quasi-identifiers, a missing value being one of its own. What is counted
 * are distinct (unit, value) pairs: a unit counts once for each value it shows in a class, so that
 * a talkative unit weighs no more than others, and a traveller shows each class what it showed
 * there. q is the distribution of the pairs of a class, p that of the distinct (unit, value) pairs
 * of the table. With one row a unit both are the usual shares of records.
 *
 * Values of a column of numbers (column->numbers != NULL) are equal when their numbers are, and
 * ordered; those of other columns are equal when their bytes are. A missing value is a value of its
 * own, before the smallest number.
 */
#ifndef LB_RISK_CLASSES_INFERENCE_H
#define LB_RISK_CLASSES_INFERENCE_H

#include "risk/classes/earth_mover.h"
#include "risk/classes/traces.h"

typedef struct lb_inference_options {
    /* [sensitive_count], NULL entries: none; or NULL */
    const lb_value_hierarchy *const *hierarchies;
    size_t worst; /* classes to list for each field */
    double beta;  /* for enhanced_violations: the beta to hold; 0: as large as you like */
} lb_inference_options;

enum { LB_RECURSIVE_LARGEST = 4 }; /* recursive (c,l) is given for l = 2 ... 4 */

/* One class and one sensitive field. */
typedef struct lb_class_inference {
    uint32_t row;      /* of the table: shows the class's values */
    uint32_t units;    /* in the class */
    uint32_t distinct; /* values (distinct l) */
    double alpha;      /* share of its units that show the value most show (Wong et al. 2006) */
    double entropy;    /* of q, in nats */
    double recursive[LB_RECURSIVE_LARGEST + 1]; /* [l], l >= 2: smallest c of recursive (c,l),
        r_1 / (r_l + ... + r_m), met by any larger c; INFINITY below l values */
    double t;                                   /* earth mover's distance between q and p */
    double beta;                                /* max (q - p) / p over values, at least 0 */
    double delta;                               /* max |ln(q / p)| over values with q > 0 */
} lb_class_inference;

/* One sensitive field: the worst of each figure over the classes. */
typedef struct lb_field_inference {
    uint32_t column; /* index into table->sensitive */
    lb_distance distance;
    uint32_t values; /* distinct */
    uint32_t l_distinct;
    double l_entropy; /* exp(smallest entropy of a class) */
    double recursive[LB_RECURSIVE_LARGEST + 1];
    double c_recursive; /* recursive (c,l) at l = l_distinct */
    double alpha, t, beta, delta;
    double beta_enhanced; /* max over values of min(beta, -ln p) */
    /* (class, value) pairs with (q - p) / p > min(beta, -ln p) for the beta of the options (Cao &
     * Karras 2012, definition 3) */
    uint64_t enhanced_violations;
    const lb_class_inference *worst; /* [worst_count] largest alpha first, then most units, then in
                                        the order of rows */
    size_t worst_count;
} lb_field_inference;

typedef struct lb_inference {
    const lb_field_inference *fields; /* [field_count] in the table's order */
    size_t field_count;               /* 0: no sensitive field, or no rows */
    lb_field_inference overall;       /* the worst over the fields; worst == NULL, column is that of
                                         the largest t */
    lb_arena *arena;
} lb_inference;

/* O(rows * columns + cells log values). Errors: LB_E_RESOURCE. On failure nothing is left. */
int lb_inference_measure(lb_inference *out, const lb_table *table,
                         const lb_inference_options *options, lb_error *error);
void lb_inference_free(lb_inference *inference); /* leaves {0} */

#endif
