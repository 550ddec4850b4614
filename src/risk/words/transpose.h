/* The incidence the other way round: for each unit, the n-grams it used, ascending.
 *
 * The index lists units by n-gram; what a person can be known by is the person's own list. A
 * transposer hands those lists out in ranges of consecutive units, each as large as the memory
 * budget allows, and reads the incidence from front to end once to count and once for each range.
 * The result does not depend on the number of threads, nor, beyond where the ranges end, on the
 * budget.
 */
#ifndef LB_RISK_WORDS_TRANSPOSE_H
#define LB_RISK_WORDS_TRANSPOSE_H

#include "base/progress.h"
#include "index/index.h"

/* All that the deep token measures know of a corpus: who used which n-grams, and the hash of each
 * unit's key, by which its random draws are keyed. Nothing is owned. */
typedef struct lb_token_view {
    const lb_incidence *incidence;
    const lb_unit_facts *facts; /* [units]; only `hash` is read */
    size_t units;
} lb_token_view;

/* The n-grams of one length of an index. LB_E_USAGE: that length was not indexed. */
int lb_token_view_of(lb_token_view *view, const lb_index *index, unsigned length, lb_error *error);

typedef struct lb_transpose_options {
    unsigned threads; /* 0 is 1 */
    /* bytes for the lists of a range, which holds at least one unit; 0: no limit */
    uint64_t memory;
} lb_transpose_options;

typedef struct lb_transpose {
    size_t first, count;     /* units first ... first + count - 1 */
    const uint64_t *offsets; /* [count + 1] into grams, from offsets[0] = 0 */
    const uint32_t *grams;   /* numbers of n-grams, ascending within a unit */
} lb_transpose;

typedef struct lb_transposer lb_transposer;

/* O(pairs) time, 8 bytes a unit. The view must outlive the transposer. LB_E_RESOURCE: out of
 * memory, or more than 2^32 - 1 distinct n-grams. */
int lb_transposer_new(lb_transposer **out, const lb_token_view *view,
                      const lb_transpose_options *options, lb_error *error);
void lb_transposer_free(lb_transposer *transposer); /* NULL is allowed */

/* |T_u| of every unit: sizes[units]. Belongs to the transposer. */
const uint32_t *lb_transposer_sizes(const lb_transposer *transposer);

/* The next range; count == 0: there is none. It belongs to the transposer and lives until the next
 * call. O(pairs) time. */
int lb_transposer_next(lb_transposer *transposer, lb_transpose *range, lb_error *error);

/* Called with each unit and its n-grams, from several threads at once; worker is below `threads`. */
typedef void lb_list_work(void *context, size_t unit, const uint32_t *grams, uint32_t size,
                          unsigned worker);

/* Runs the work for all units of the ranges that are left, and reports as `stage` how far it is. */
int lb_transposer_each(lb_transposer *transposer, lb_list_work *work, void *context,
                       const char *stage, const lb_progress *progress, lb_error *error);

#endif
