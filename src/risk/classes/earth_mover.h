/* The earth mover's distance between the distribution q of a class and p of the table, as
 * t-closeness takes it (Li, Li & Venkatasubramanian 2007, section 5): prepared once for a column,
 * then asked for each class, at a cost that grows with the values of the class, not of the column.
 */
#ifndef LB_RISK_CLASSES_EARTH_MOVER_H
#define LB_RISK_CLASSES_EARTH_MOVER_H

#include "risk/classes/cells.h"

typedef enum lb_distance {
    LB_DISTANCE_CATEGORICAL, /* half the L1 distance */
    LB_DISTANCE_ORDERED,     /* sum of |cumulative differences| / (values - 1) */
    LB_DISTANCE_HIERARCHICAL
} lb_distance;

/* A generalisation hierarchy of a sensitive column: which values belong together, level by level.
 * A last level that joins all values is implied. */
typedef struct lb_value_hierarchy {
    size_t levels;                 /* above the values themselves, without the implied root */
    const uint32_t *const *groups; /* [levels][column->distinct + 1] number of the value's group;
                                      each level's groups are unions of those below */
} lb_value_hierarchy;

typedef struct lb_earth_mover {
    lb_distance distance;
    uint32_t values;
    const double *p; /* [values] */
    /* Ordered: cumulated p, and the sums of those from the front. */
    const double *cumulated; /* [values] p[0] + ... + p[i] */
    const double *sums;      /* [values + 1] cumulated[0] + ... + cumulated[i - 1] */
    /* Hierarchical: nodes of level 0 are the values, the root is the only node of level `levels`.
     */
    size_t levels;
    const uint32_t **parent;     /* [levels][nodes of that level] node of the level above */
    double **share;              /* [levels + 1][nodes of that level] sum of p below the node */
    struct lb_mover_node *nodes; /* [values] working memory */
    double *mass, *surplus;      /* [values] working memory, zero between calls */
} lb_earth_mover;

/* Allocates in `arena`; `p` and `cells` must live as long. `hierarchy` is that of the column for
 * LB_DISTANCE_HIERARCHICAL. Levels whose groups are not unions of those below: LB_E_INPUT. */
int lb_earth_mover_prepare(lb_earth_mover *out, lb_distance distance, const double *p,
                           const lb_cells *cells, const lb_value_hierarchy *hierarchy,
                           lb_arena *arena, lb_error *error);

/* Between p and the class whose values are those of cells[count], in ascending order, with
 * shares q[count]. */
double lb_earth_mover_distance(const lb_earth_mover *mover, const lb_cell *cells, const double *q,
                               uint32_t count);

#endif
