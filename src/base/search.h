/* Binary search in sorted numbers. */
#ifndef LB_BASE_SEARCH_H
#define LB_BASE_SEARCH_H

#include <stddef.h>
#include <stdint.h>

/* Index of the first of sorted[low ... high - 1] that is not below `key`; `high` where all are. */
static inline size_t lb_search_u32(const uint32_t *sorted, size_t low, size_t high, uint32_t key) {
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static inline size_t lb_search_u64(const uint64_t *sorted, size_t low, size_t high, uint64_t key) {
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

#endif
