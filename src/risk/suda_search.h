/* The search for minimal sample uniques (MSUs), the inner half of suda.h.
 *
 * Model: rows with equal quasi-identifiers are merged into tuples, each owned by one unit or by
 * many. Sets of columns are gone through by size. A tuple on which a smaller set already singles
 * its unit out cannot share its values on a larger set with a tuple where that is not so; so each
 * set looks only at the tuples that no subset of it excludes, groups them by their values, and the
 * groups with one owner are exactly the MSUs of that set. Columns are ordered by falling number of
 * shared values and sets in colexicographic order, so that a size that is cut short by the budget
 * is complete over the first, most detailed columns.
 */
#ifndef LB_RISK_SUDA_SEARCH_H
#define LB_RISK_SUDA_SEARCH_H

#include "base/memory.h"
#include "index/table.h"

enum { LB_MSU_SIZE_MAX = 24 };

/* What was found on one set of columns: rows[0 ... msus-1] of the table stand for one MSU each. */
typedef struct lb_msu_list {
    const uint32_t *rows;
    uint32_t msus;
} lb_msu_list;

typedef struct lb_msu_size {
    size_t columns;    /* this size was searched over the first `columns` of `order` */
    uint64_t sets;     /* sets searched: binomial(columns, size) */
    uint64_t sets_all; /* binomial(all columns, size), UINT64_MAX where larger */
    uint64_t msus;
    lb_msu_list *lists; /* [sets], in colexicographic order */
} lb_msu_size;

typedef struct lb_msu_search lb_msu_search;

/* Searches sets of 1 ... max_size columns (at most LB_MSU_SIZE_MAX and the number of columns) of
 * the quasi-identifiers. `budget` bounds the work: looking at a set costs the number of tuples,
 * plus 1024, plus 2^size. What was not searched shows in lb_msu_size. The same for any number of
 * threads. Frees nothing of the table; *out is freed with lb_msu_search_free. */
int lb_msu_search_run(lb_msu_search **out, const lb_table *table, unsigned max_size,
                      uint64_t budget, unsigned threads, lb_error *error);
void lb_msu_search_free(lb_msu_search *search); /* NULL is allowed */

const lb_msu_size *lb_msu_search_size(const lb_msu_search *search, unsigned size);

/* The columns of set number `set` of `size`: indices of quasi-identifiers, ascending. */
void lb_msu_search_columns(const lb_msu_search *search, unsigned size, uint64_t set,
                           size_t columns[LB_MSU_SIZE_MAX]);

/* For each unit the size of its smallest class on all columns ([units]; 0: none of its rows is
 * without a missing value, which matches nothing). */
const uint32_t *lb_msu_search_class_sizes(const lb_msu_search *search);

#endif
