/* Orders of numbers, ascending, for qsort and bsearch. Inline, so that a search can take them in. */
#ifndef LB_BASE_ORDER_H
#define LB_BASE_ORDER_H

#include <stdint.h>

static inline int lb_order_u32(const void *left, const void *right) {
    const uint32_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static inline int lb_order_u64(const void *left, const void *right) {
    const uint64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static inline int lb_order_double(const void *left, const void *right) {
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

#endif
