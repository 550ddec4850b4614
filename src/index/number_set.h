/* A set of 64-bit numbers of one thread. The struct may live anywhere: {0} is the empty set. The
 * number UINT64_MAX cannot be a member. */
#ifndef LB_INDEX_NUMBER_SET_H
#define LB_INDEX_NUMBER_SET_H

#include <stddef.h>
#include <stdint.h>

#include "linkback/error.h"

typedef struct lb_number_set {
    uint64_t *slots; /* [mask + 1], UINT64_MAX: empty; NULL: no member yet */
    size_t mask, count;
} lb_number_set;

int lb_number_set_add(lb_number_set *set, uint64_t number, lb_error *error);
int lb_number_set_add_all(lb_number_set *set, const lb_number_set *more, lb_error *error);
void lb_number_set_free(lb_number_set *set); /* leaves {0} */

#endif
