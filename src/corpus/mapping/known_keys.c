#include "corpus/mapping/known_keys.h"

#include "base/hash.h"

/* Keys are short: a call of memcmp would cost more than what it does. */
static bool same_bytes(const char *a, const char *b, size_t size) {
    uint64_t x, y;
    if (size < sizeof x) {
        while (size > 0 && a[size - 1] == b[size - 1])
            size--;
        return size == 0;
    }
    for (size_t at = 0;; at += sizeof x) {
        at = at + sizeof x < size ? at : size - sizeof x;
        memcpy(&x, a + at, sizeof x);
        memcpy(&y, b + at, sizeof y);
        if (x != y || at + sizeof x == size)
            return x == y;
    }
}

static bool is_it(const lb_known_key *known, const lb_plan *plan, uint32_t node, lb_str key) {
    return known->plan == plan && known->node == node && known->size == key.size &&
           same_bytes(known->key, key.data, key.size);
}

uint32_t lb_known_child(lb_known_keys *known_keys, const lb_plan *plan, uint32_t node, size_t place,
                        lb_str key, lb_known_key **out) {
    uint16_t *last = &known_keys->places[(node * 16 + place) % LB_KNOWN_PLACES];
    lb_known_key *known = &known_keys->keys[*last];
    *out = known;
    if (is_it(known, plan, node, key))
        return known->child;
    *out = NULL;
    if (key.size > LB_KNOWN_KEY_SIZE)
        return lb_plan_child(plan, node, key);
    *last = (uint16_t)(lb_hash_mix(lb_hash_str(key), node) % LB_KNOWN_KEYS);
    *out = known = &known_keys->keys[*last];
    if (!is_it(known, plan, node, key)) {
        known->plan = plan;
        known->node = node;
        known->child = lb_plan_child(plan, node, key);
        known->size = (uint32_t)key.size;
        known->field = 0;
        memcpy(known->key, key.data, key.size);
    }
    return known->child;
}
