/* Merged occurrences: each n-gram once, ascending by hash, with its units, ascending by number.
 * What a partition of the incidence holds, in memory and in spill files. */
#ifndef LB_INDEX_GRAM_GROUPS_H
#define LB_INDEX_GRAM_GROUPS_H

#include "base/memory.h"
#include "index/occurrence.h"

/* Gram i has counts[i] pairs, end to end in pairs[]. A pair is unit << 32 | conversation << 1 |
 * repeated, with conversation 0 where repeated. */
typedef struct lb_gram_groups {
    uint64_t *hashes;
    uint32_t *counts;
    uint64_t *pairs;
    size_t grams, pair_count;
} lb_gram_groups;

void lb_gram_groups_free(lb_gram_groups *groups); /* leaves {0} */
size_t lb_gram_groups_bytes(const lb_gram_groups *groups);

/* From occurrences that are sorted and distinct. */
int lb_gram_groups_from(lb_gram_groups *groups, const lb_occurrence *occurrences, size_t count,
                        lb_error *error);

/* The union of two; neither is changed. The same unit in different conversations becomes
 * "repeated". */
int lb_gram_groups_merge(lb_gram_groups *merged, const lb_gram_groups *a, const lb_gram_groups *b,
                         lb_error *error);

/* To a spill file at `at`, lb_gram_groups_bytes long, and back; the sizes are for the caller to
 * remember. */
int lb_gram_groups_write(const lb_gram_groups *groups, int file, uint64_t at, const char *folder,
                         lb_error *error);
int lb_gram_groups_read(lb_gram_groups *groups, size_t grams, size_t pair_count, int file,
                        uint64_t at, const char *folder, lb_error *error);

#endif
