/* The rows of a table on their way into its order: a unit and codes each, packed into as few 64-bit
 * words as they need, sorted by radix, equal ones joined. */
#ifndef LB_INDEX_ROW_SET_H
#define LB_INDEX_ROW_SET_H

#include <stdbool.h>

#include "base/memory.h"

/* Weights are added as fixed-point numbers: exact, so that the order of the records does not
 * matter. */
__extension__ typedef __int128 lb_fixed_weight;
lb_fixed_weight lb_fixed_of(double weight); /* at most 1e18 */
double lb_weight_of_fixed(lb_fixed_weight weight);

/* Where a column lies in the words of a row. */
typedef struct lb_packed_column {
    size_t word;
    unsigned shift;
    uint32_t mask;
} lb_packed_column;

typedef struct lb_row_set {
    size_t count, capacity;
    size_t columns, words;
    lb_packed_column *packing; /* [columns] */
    unsigned *bits;            /* [words] in use */
    uint64_t **keys;           /* [words][count] */
    uint32_t *records;         /* [count] */
    lb_fixed_weight *weights;  /* [count]; NULL: none */
} lb_row_set;

/* For `capacity` rows of `columns` codes, each at most maximum[column]; the first column decides
 * the order first. On failure nothing is left. */
int lb_row_set_open(lb_row_set *set, size_t capacity, const uint32_t *maximum, size_t columns,
                    bool weighted, lb_error *error);
void lb_row_set_close(lb_row_set *set);

void lb_row_set_add(lb_row_set *set, const uint32_t *codes, uint32_t records,
                    lb_fixed_weight weight);

/* Sorts the rows, in O(rows * bits of a row / 11), and with `merge` joins those that are equal:
 * their records and weights are added up. */
int lb_row_set_sort(lb_row_set *set, bool merge, lb_error *error);

/* The codes of a column, in the order of the rows. */
void lb_row_set_unpack(const lb_row_set *set, size_t column, uint32_t *codes);

#endif
