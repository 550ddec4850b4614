/* SUDA2: which units are singled out by few attributes (Manning, Haglin & Keane 2008; Elliot,
 * Manning & Ford 2002).
 *
 * A minimal sample unique (MSU) is a set of values that exactly one unit has, while every proper
 * part of it is had by another unit too. A unit with several rows (a traveller) has the values of
 * each of its rows; an MSU counts once for the unit, however many of its rows show it. A missing
 * value is in no MSU and matches nothing.
 *
 * With m columns and MSUs up to size K, an MSU of size s adds prod_{i = s}^{K - 1} (m - i) to its
 * unit's score: (m - s)! when all sizes are looked for, and the same divided by (m - K)! else,
 * which is Elliot's scale. DIS-SUDA is as sdcMicro has it (methods, section 1), with P = units
 * whose smallest class on all columns is of two units. A result owns its memory; lb_suda_free frees
 * it.
 */
#ifndef LB_RISK_SUDA_SUDA_H
#define LB_RISK_SUDA_SUDA_H

#include <stdbool.h>

#include "base/memory.h"
#include "index/table.h"

/* Up to this many columns MSUs of every size are looked for by default, above it up to size 3. */
enum { LB_SUDA_ALL_SIZES = 12, LB_SUDA_SIZE_ABOVE = 3 };
#define LB_SUDA_BUDGET UINT64_C(5000000000)

typedef struct lb_suda_options {
    unsigned max_size;        /* largest MSU to look for, at most 24; 0: see above */
    double sampling_fraction; /* f in (0, 1] */
    uint64_t budget;          /* of work, as in suda_search.h; 0: LB_SUDA_BUDGET */
    size_t specials;          /* how many of the highest scores to list */
    const uint32_t *order;    /* [units] the lower first among equal scores; NULL: by unit */
    unsigned threads;         /* 0 is 1 */
} lb_suda_options;

typedef struct lb_suda_size {
    uint64_t msus;
    uint64_t sets, sets_all; /* sets of columns searched, of how many (UINT64_MAX: or more) */
    size_t columns;          /* the search covers the sets among so many most detailed columns */
} lb_suda_size;

typedef struct lb_suda_value {
    size_t column; /* quasi-identifier */
    uint32_t code;
    double share; /* of the total score */
} lb_suda_value;

typedef struct lb_suda_special {
    uint32_t unit, row; /* the row that shows the MSU */
    double score;
    size_t columns_count;  /* of the unit's smallest MSU, the first in the order of the search */
    const size_t *columns; /* ascending quasi-identifiers */
} lb_suda_special;

typedef struct lb_suda_result {
    size_t units, columns;
    unsigned max_size;     /* sizes that were asked for, after the default and the limits */
    bool complete;         /* every set of up to max_size columns was searched; if not, counts and
                              scores are lower bounds (sizes says where) */
    lb_suda_size *sizes;   /* [max_size] */
    uint64_t unique_units; /* U: units whose smallest class on all columns is theirs alone */
    uint64_t pair_units;   /* P */
    uint64_t msu_units;
    double msu_units_share;
    double *scores, *dis;                            /* [units] */
    double score_max, score_mean, dis_max, dis_mean; /* over all units; 0 without units */
    double *column_shares; /* [columns] of the total score, in the MSUs that contain the column */
    lb_suda_value *values; /* those with a share, the largest first */
    size_t value_count;
    lb_suda_special *specials; /* the highest scores first, then by the order */
    size_t special_count;
    lb_arena *arena;
} lb_suda_result;

/* Fails with LB_E_USAGE for a sampling fraction outside (0, 1] or a size above 24, and with
 * LB_E_RESOURCE without memory. *result need not be initialised and is empty after a failure. The
 * same bit for bit for any number of threads. Time: at most the budget; memory: as in
 * suda_search.h. */
int lb_suda_run(const lb_table *table, const lb_suda_options *options, lb_suda_result *result,
                lb_error *error);
void lb_suda_free(lb_suda_result *result);

#endif
