/* Tuples: the rows of a table with equal quasi-identifiers merged, which is what the search for
 * MSUs (suda_search.h) goes through.
 *
 * A tuple is owned by the one unit that has it, or by many. The caller frees with lb_tuples_free.
 */
#ifndef LB_RISK_SUDA_SUDA_TUPLES_H
#define LB_RISK_SUDA_SUDA_TUPLES_H

#include "index/table.h"
#include "risk/suda/suda_keys.h"

/* Who has a tuple: a unit that has no other for itself, one that has several (a traveller), or
 * several units. */
typedef enum lb_tuple_kind { LB_TUPLE_STAYS, LB_TUPLE_TRAVELS, LB_TUPLE_SHARED } lb_tuple_kind;

typedef struct lb_tuples {
    size_t count;
    uint32_t *row_of;      /* [count] the first row of the table that has it, ascending */
    uint32_t *owner;       /* [count] unit + 1, or LB_OWNER_MANY */
    uint8_t *kind;         /* [count] lb_tuple_kind */
    uint32_t *class_sizes; /* [units] units in the unit's smallest class on all columns; 0: none of
                              its rows is without a missing value, which matches nothing */
} lb_tuples;

/* *out need not be initialised and can be freed after a failure (LB_E_RESOURCE). O(rows * columns);
 * 60 to 100 bytes a row while it runs, of which 9 a row and 4 a unit remain. */
int lb_tuples_merge(lb_tuples *out, const lb_table *table, lb_error *error);
void lb_tuples_free(lb_tuples *tuples);

#endif
