/* Which units are alone with their values on a set of columns: the innermost step of the search for
 * MSUs (suda_search.h).
 *
 * Tuples that no smaller set excludes are grouped by their values on the columns; of each group
 * with one owner the first tuple is reported, and apart from it the others of such a group. Where
 * the values span few places, one byte for each says in one pass whether nobody, one or several
 * were there: the table stays in the cache. Only travellers' tuples that met nobody but travellers,
 * and values that span too much, are grouped by a hash table with owners (suda_keys.h).
 */
#ifndef LB_RISK_SUDA_SUDA_ALONE_H
#define LB_RISK_SUDA_SUDA_ALONE_H

#include "base/memory.h"
#include "risk/suda/suda_tuples.h"

/* Values of one column, by tuple. */
typedef struct lb_alone_column {
    const uint32_t *codes; /* [tuples] below domain, also for tuples that are left out */
    uint64_t domain;
} lb_alone_column;

/* Scratch of one worker, freed with lb_alone_free, and what it found last. */
typedef struct lb_alone {
    uint32_t *first;  /* [firsts] ascending but for travellers, which come last, ascending */
    uint64_t *others; /* [others_count] tuples */
    size_t firsts, others_count;
    uint32_t *places; /* [tuples] */
    uint8_t *states;  /* [state_cells] */
    size_t state_cells;
    lb_key_cell *cells; /* [lb_key_cells_for(tuples)] */
} lb_alone;

/* Can be freed after a failure (LB_E_RESOURCE). About 70 bytes a tuple. */
int lb_alone_new(lb_alone *out, size_t tuples, lb_error *error);
void lb_alone_free(lb_alone *alone);

/* Groups the tuples whose bit in `skip` ([(tuples + 63) / 64]) is not set by their values on
 * `count` columns, at least one. */
void lb_alone_find(lb_alone *alone, const lb_tuples *tuples, const uint64_t *skip,
                   const lb_alone_column *columns, unsigned count);

#endif
