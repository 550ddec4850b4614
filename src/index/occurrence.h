/* Occurrences of n-grams, and how they are sorted: a radix sort on the bytes that tell most, and an
 * insertion pass that makes the order exact. */
#ifndef LB_INDEX_OCCURRENCE_H
#define LB_INDEX_OCCURRENCE_H

#include <stddef.h>
#include <stdint.h>

typedef struct lb_occurrence {
    uint64_t hash; /* of the n-gram */
    uint32_t unit, conversation;
} lb_occurrence;

/* Sorts by hash, unit, conversation. `scratch` has room for `count` as well; the result is in one
 * of the two, which is returned. The first `shared_bits` bits of all hashes are known to be equal.
 */
lb_occurrence *lb_occurrences_sort(lb_occurrence *occurrences, lb_occurrence *scratch, size_t count,
                                   unsigned shared_bits);

/* Drops equal neighbours; returns how many are left. */
size_t lb_occurrences_unique(lb_occurrence *occurrences, size_t count);

#endif
