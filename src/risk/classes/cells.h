/* Cells: how many units of each class show each value of a sensitive column.
 *
 * Values are numbered by rank: by number in a column of numbers (equal numbers are one value), by
 * bytes otherwise; a missing value comes first. Only values that occur are numbered.
 */
#ifndef LB_RISK_CLASSES_CELLS_H
#define LB_RISK_CLASSES_CELLS_H

#include "risk/classes/traces.h"

typedef struct lb_cell {
    uint32_t value; /* rank */
    uint32_t units; /* distinct units of the class that show the value */
} lb_cell;

typedef struct lb_cells {
    uint32_t values;
    const uint32_t *code_of;    /* [values] a code of each value: the first by bytes */
    const uint32_t *rank_of;    /* [distinct + 1] value of each code; of unused codes: undefined */
    const uint32_t *units_with; /* [values] distinct units that show the value, in any class */
    const uint32_t *starts;     /* [classes + 1] into cells */
    const lb_cell *cells;       /* of each class, ascending by value */
} lb_cells;

/* Everything is allocated in `arena`. O(rows + distinct log distinct). */
int lb_cells_build(lb_cells *out, const lb_table *table, const lb_column *column,
                   const lb_traces *traces, lb_grouper *grouper, lb_arena *arena, lb_error *error);

#endif
