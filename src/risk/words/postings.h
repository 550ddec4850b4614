/* Who has all of these n-grams? The question that every deep token measure asks, millions of times.
 *
 * The units of an n-gram are a list in the index; lists of many units also get a bitmap, which
 * costs no more than the lists themselves (a list of n numbers has 4 n bytes, a bitmap units / 8,
 * and a list gets one from units / 32 on). An intersection starts with the rarest n-gram and stops
 * as soon as the answer is known. Immutable after building: any number of threads may ask.
 */
#ifndef LB_RISK_WORDS_POSTINGS_H
#define LB_RISK_WORDS_POSTINGS_H

#include "risk/words/transpose.h"

enum { LB_POSTINGS_SET_MAX = 8 /* n-grams in one question */ };

typedef struct lb_postings {
    const lb_incidence *incidence;
    size_t words;              /* of 64 units: a bitmap */
    uint32_t frequent;         /* an n-gram of at least so many units has a bitmap */
    const uint32_t *bitmap_of; /* [grams] number of its bitmap */
    const uint64_t *bitmaps;   /* [bitmaps][words] */
} lb_postings;

/* O(pairs) time. On failure nothing is left. The incidence must outlive the postings. */
int lb_postings_build(lb_postings *postings, const lb_token_view *view, unsigned threads,
                      lb_error *error);
void lb_postings_free(lb_postings *postings); /* leaves {0} */

/* n_t */
static inline uint32_t lb_postings_size(const lb_postings *postings, uint32_t gram) {
    return (uint32_t)(postings->incidence->offsets[gram + 1] - postings->incidence->offsets[gram]);
}

/* Has the unit used it? */
bool lb_postings_has(const lb_postings *postings, uint32_t gram, uint32_t unit);

/* Units that have all of the `count` n-grams (1 ... LB_POSTINGS_SET_MAX), counted up to `limit`
 * and no further. `within` is a bitmap of the units that count, or NULL for all of them. */
uint32_t lb_postings_common(const lb_postings *postings, const uint32_t *grams, unsigned count,
                            const uint64_t *within, uint32_t limit);

/* The same units themselves, the first `limit` in ascending order, into units[limit] (or as many as
 * the rarest n-gram has, if that is less). Returns their number. */
uint32_t lb_postings_list(const lb_postings *postings, const uint32_t *grams, unsigned count,
                          uint32_t limit, uint32_t *units);

/* Keeps of `units` (count, ascending) those who have `gram`, in `kept` (room for count; may be
 * `units` itself), and returns their number. */
uint32_t lb_postings_filter(const lb_postings *postings, uint32_t gram, const uint32_t *units,
                            uint32_t count, uint32_t *kept);

/* Does any of `units` (in any order) have `gram`? */
bool lb_postings_any(const lb_postings *postings, uint32_t gram, const uint32_t *units,
                     uint32_t count);

#endif
