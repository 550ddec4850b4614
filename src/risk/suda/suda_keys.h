/* Keys of values, and who has them: the grouping below the search for MSUs (suda_search.h).
 *
 * Tuples get 64-bit keys in mixed radix, one column after the other; a hash table with open
 * addressing says of each key whether one unit has it (unit + 1) or several (LB_OWNER_MANY). Unlike
 * group.h it numbers no groups: the owner is all that the search asks for, hundreds of times. The
 * caller owns the cells.
 */
#ifndef LB_RISK_SUDA_SUDA_KEYS_H
#define LB_RISK_SUDA_SUDA_KEYS_H

#include <stddef.h>
#include <stdint.h>

#define LB_OWNER_MANY UINT32_MAX

typedef struct lb_key_cell {
    uint64_t key;
    uint32_t owner; /* 0: empty */
} lb_key_cell;

/* How many cells `items` keys need: a power of two with room for an empty one. */
size_t lb_key_cells_for(size_t items);

/* Widens keys below *domain to hold one more column of `by` values: sets *domain, for the caller to
 * set keys[i] = keys[i] * by + value. Where that would overflow the keys are first replaced by
 * exact ranks, for which `cells` ([lb_key_cells_for(count)]) is scratch. O(count) then, else O(1).
 */
void lb_keys_widen(lb_key_cell *cells, uint64_t *keys, size_t count, uint64_t *domain, uint64_t by);

static inline uint64_t lb_key_mix(uint64_t x) {
    x = (x ^ (x >> 32)) * 0xD6E8FEB86659FD93u;
    return x ^ (x >> 32);
}

/* The cell of `key`, whose owner is 0 where it is new; mask: the number of cells - 1. */
static inline size_t lb_key_cell_of(lb_key_cell *cells, size_t mask, uint64_t key) {
    size_t at = (size_t)lb_key_mix(key) & mask;
    while (cells[at].owner && cells[at].key != key)
        at = (at + 1) & mask;
    cells[at].key = key;
    return at;
}

/* Asks for the cell of a key that comes some places later: tables are larger than the cache. */
static inline void lb_key_cell_ahead(const lb_key_cell *cells, size_t mask, const uint64_t *keys,
                                     size_t at, size_t count) {
    enum { AHEAD = 12 };
    if (at + AHEAD < count)
        __builtin_prefetch(&cells[(size_t)lb_key_mix(keys[at + AHEAD]) & mask], 1);
}

/* The owner of what both `owner` (0: nobody yet) and `other` have. */
static inline uint32_t lb_owner_join(uint32_t owner, uint32_t other) {
    return owner == 0 || owner == other ? other : LB_OWNER_MANY;
}

#endif
