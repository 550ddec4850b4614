/* The search for minimal sample uniques (MSUs), the inner half of suda.h.
 *
 * Model: rows with equal quasi-identifiers are merged into tuples, each owned by one unit or by
 * many. Sets of columns are gone through by size. A tuple on which a smaller set already singles
 * its unit out cannot share its values on a larger set with a tuple where that is not so; so each
 * set looks only at the tuples that no subset of it excludes, groups them by their values, and the
 * groups with one owner are exactly the MSUs of that set. MSUs are counted, not kept. Columns are
 * ordered by falling number of shared values and sets in colexicographic order, so that a size that
 * is cut short by the budget is complete over the first, most detailed columns.
 */
#ifndef LB_RISK_SUDA_SUDA_SEARCH_H
#define LB_RISK_SUDA_SUDA_SEARCH_H

#include "base/memory.h"
#include "index/table.h"

enum { LB_MSU_SIZE_MAX = 24 };

typedef struct lb_msu_options {
    unsigned max_size; /* 1 ... the number of columns, at most LB_MSU_SIZE_MAX; 0 without columns */
    const double *weights; /* [max_size] what an MSU of size 1, 2, ... adds to a score */
    uint64_t budget;       /* of work: looking at a set of columns costs the number of tuples plus
                              1024; single columns are always searched */
    unsigned threads;      /* 0 is 1 */
} lb_msu_options;

typedef struct lb_msu_size {
    size_t columns;    /* this size was searched over so many of the most detailed columns */
    uint64_t sets;     /* sets searched: binomial(columns, size) */
    uint64_t sets_all; /* binomial(all columns, size), UINT64_MAX where larger */
    uint64_t msus;
} lb_msu_size;

/* A unit's smallest MSU, the first in the order of the search. */
typedef struct lb_msu_first {
    uint64_t set;  /* number of the set among those of its size */
    uint32_t row;  /* of the table, that shows it */
    uint32_t size; /* 0: the unit has no MSU */
} lb_msu_first;

typedef struct lb_msu_search lb_msu_search;

/* Searches the quasi-identifiers. The same for any number of threads. Memory: about 150 bytes a row
 * and thread, and at most budget / 4 bytes. *out is freed with lb_msu_search_free; what the
 * functions below return is its own. */
int lb_msu_search_run(lb_msu_search **out, const lb_table *table, const lb_msu_options *options,
                      lb_error *error);
void lb_msu_search_free(lb_msu_search *search); /* NULL is allowed */

const lb_msu_size *lb_msu_search_size(const lb_msu_search *search, unsigned size);
const double *lb_msu_search_scores(const lb_msu_search *search); /* [units] */

/* Scores of the MSUs that contain a value of a quasi-identifier: [distinct + 1] by code. */
const double *lb_msu_search_value_scores(const lb_msu_search *search, size_t column);

const lb_msu_first *lb_msu_search_firsts(const lb_msu_search *search); /* [units] */

/* The columns of set number `set` of `size`: indices of quasi-identifiers, ascending. */
void lb_msu_search_columns(const lb_msu_search *search, unsigned size, uint64_t set,
                           size_t columns[LB_MSU_SIZE_MAX]);

/* For each unit the size of its smallest class on all columns ([units]; 0: none of its rows is
 * without a missing value, which matches nothing). */
const uint32_t *lb_msu_search_class_sizes(const lb_msu_search *search);

#endif
