/* A bag of features: what one profile shows of one aspect, as sorted 32-bit hashes with counts.
 *
 * Features are known by hashes only (Weinberger et al. 2009): among n distinct ones each collides
 * with probability n / 2^32, which is one in a thousand for four million. Filling is adding keys;
 * closing sorts and counts. A bag is scratch memory of one thread and is used again and again.
 */
#ifndef LB_LINK_FEATURES_BAG_H
#define LB_LINK_FEATURES_BAG_H

#include "base/memory.h"

typedef struct lb_entry {
    uint32_t key;
    float count;
} lb_entry;

enum { LB_BAG_BLOCK = 1 << 16 }; /* keys that are gathered before they are counted */

typedef struct lb_bag {
    uint32_t *keys, *spare; /* [LB_BAG_BLOCK] */
    size_t pending;
    lb_entry *entries; /* ascending keys, once closed */
    size_t count, capacity;
    double total; /* of the counts, once closed */
} lb_bag;

int lb_bag_init(lb_bag *bag, lb_error *error);
void lb_bag_free(lb_bag *bag); /* {0} is allowed */

static inline void lb_bag_clear(lb_bag *bag) {
    bag->pending = bag->count = 0;
    bag->total = 0;
}

int lb_bag_settle(lb_bag *bag, lb_error *error); /* counts what is pending */

static inline int lb_bag_add(lb_bag *bag, uint32_t key, lb_error *error) {
    bag->keys[bag->pending++] = key;
    return bag->pending == LB_BAG_BLOCK ? lb_bag_settle(bag, error) : LB_OK;
}

int lb_bag_close(lb_bag *bag, lb_error *error);

#endif
