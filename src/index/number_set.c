#include "index/number_set.h"

#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

static uint64_t *find(uint64_t *slots, size_t mask, uint64_t number) {
    size_t at = (size_t)lb_hash_mix(number, 0) & mask;
    while (slots[at] != UINT64_MAX && slots[at] != number)
        at = (at + 1) & mask;
    return &slots[at];
}

static int grow(lb_number_set *set, lb_error *error) {
    size_t slots = set->slots ? (set->mask + 1) * 2 : 1024;
    uint64_t *grown = lb_alloc(slots, sizeof *grown);
    if (!grown)
        return lb_fail_memory(error, "growing a set of numbers");
    memset(grown, 0xFF, slots * sizeof *grown);
    for (size_t i = 0; set->slots && i <= set->mask; i++)
        if (set->slots[i] != UINT64_MAX)
            *find(grown, slots - 1, set->slots[i]) = set->slots[i];
    lb_free(set->slots);
    set->slots = grown;
    set->mask = slots - 1;
    return LB_OK;
}

int lb_number_set_add(lb_number_set *set, uint64_t number, lb_error *error) {
    if (!set->slots || set->count * 2 >= set->mask) {
        int status = grow(set, error);
        if (status < 0)
            return status;
    }
    uint64_t *slot = find(set->slots, set->mask, number);
    set->count += *slot == UINT64_MAX;
    *slot = number;
    return LB_OK;
}

int lb_number_set_add_all(lb_number_set *set, const lb_number_set *more, lb_error *error) {
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && more->slots && i <= more->mask; i++)
        if (more->slots[i] != UINT64_MAX)
            status = lb_number_set_add(set, more->slots[i], error);
    return status;
}

void lb_number_set_free(lb_number_set *set) {
    lb_free(set->slots);
    *set = (lb_number_set){0};
}
