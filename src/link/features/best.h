/* The best of a row of scores, without sorting it. */
#ifndef LB_LINK_FEATURES_BEST_H
#define LB_LINK_FEATURES_BEST_H

#include <stddef.h>
#include <stdint.h>

/* The `most` numbers among `from` [count] (NULL: 0 ... count-1) with the largest score row[number],
 * ties by number, in no order, into best[most]. Returns how many there are. Time: count * log most
 * at worst, close to count as a rule. */
size_t lb_best_choose(const float *row, const uint32_t *from, size_t count, size_t most,
                      uint32_t *best);

/* Sorts numbers and drops doubles; returns how many are left. */
size_t lb_best_merge(uint32_t *numbers, size_t count);

#endif
