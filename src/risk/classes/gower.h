/* Nearest classes by Gower's distance: 1 for each column whose values differ, |a - b| / range in a
 * column of numbers, 1 between a value and a missing one (Gower 1971). Only classes with a value of
 * the sensitive column are kept.
 */
#ifndef LB_RISK_CLASSES_GOWER_H
#define LB_RISK_CLASSES_GOWER_H

#include "risk/classes/cells.h"

typedef struct lb_gower_column {
    const uint32_t *codes; /* [count] */
    const float *numbers;  /* [count] as scaled(); NULL: compare codes */
    double least, scale;   /* smallest number, 1 / range */
} lb_gower_column;

typedef struct lb_gower {
    uint32_t count;
    const uint32_t *classes; /* [count] their numbers in the cells, ascending */
    const uint32_t *weights; /* [count] (unit, value) pairs with a value */
    const lb_gower_column *columns;
    size_t column_count;
} lb_gower;

/* Allocates in `arena`. */
int lb_gower_prepare(lb_gower *out, const lb_table *table, const lb_traces *traces,
                     const lb_cells *cells, lb_arena *arena, lb_error *error);

/* Distances from a row of a table with the same columns and dictionaries to each class, in
 * distances[count]; returns the least. O(count * columns). */
float lb_gower_measure(const lb_gower *gower, const lb_table *table, size_t row, float *distances);

#endif
