/* Nearest classes by Gower's distance: 1 for each column whose values differ, |a - b| / range in a
 * column of numbers, 1 between a value and a missing one (Gower 1971). Only classes with a value of
 * the sensitive column are kept.
 */
#ifndef LB_RISK_CLASSES_NEAREST_H
#define LB_RISK_CLASSES_NEAREST_H

#include "risk/classes/cells.h"

typedef struct lb_nearest_column {
    const uint32_t *codes; /* [count] */
    const float *numbers;  /* [count] as scaled(); NULL: compare codes */
    double least, scale;   /* smallest number, 1 / range */
} lb_nearest_column;

typedef struct lb_nearest {
    uint32_t count;
    const uint32_t *classes; /* [count] their numbers in the cells, ascending */
    const uint32_t *weights; /* [count] (unit, value) pairs with a value */
    const lb_nearest_column *columns;
    size_t column_count;
} lb_nearest;

/* Allocates in `arena`. */
int lb_nearest_prepare(lb_nearest *out, const lb_table *table, const lb_traces *traces,
                       const lb_cells *cells, lb_arena *arena, lb_error *error);

/* Distances from a row of a table with the same columns and dictionaries to each class, in
 * distances[count]; returns the least. O(count * columns). */
float lb_nearest_measure(const lb_nearest *nearest, const lb_table *table, size_t row,
                         float *distances);

#endif
