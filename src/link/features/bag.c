#include "link/features/bag.h"

#include <string.h>

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, FEW = 48 };

int lb_bag_init(lb_bag *bag, lb_error *error) {
    *bag = (lb_bag){.keys = lb_alloc(LB_BAG_BLOCK, sizeof(uint32_t)),
                    .spare = lb_alloc(LB_BAG_BLOCK, sizeof(uint32_t))};
    if (bag->keys && bag->spare)
        return LB_OK;
    lb_bag_free(bag);
    return lb_fail_memory(error, "gathering features of text");
}

void lb_bag_free(lb_bag *bag) {
    lb_free(bag->keys);
    lb_free(bag->spare);
    lb_free(bag->entries);
    *bag = (lb_bag){0};
}

static void sort_few(uint32_t *keys, size_t count) {
    for (size_t i = 1; i < count; i++) {
        uint32_t key = keys[i];
        size_t j = i;
        for (; j > 0 && keys[j - 1] > key; j--)
            keys[j] = keys[j - 1];
        keys[j] = key;
    }
}

/* Sorts the pending keys by three digits; the result is in `keys`. */
static void sort_pending(lb_bag *bag) {
    if (bag->pending <= FEW) {
        sort_few(bag->keys, bag->pending);
        return;
    }
    for (unsigned shift = 0; shift < 32; shift += DIGIT_BITS) {
        size_t starts[DIGITS] = {0}, sum = 0;
        for (size_t i = 0; i < bag->pending; i++)
            starts[bag->keys[i] >> shift & (DIGITS - 1)]++;
        for (size_t d = 0; d < DIGITS; d++) {
            size_t here = starts[d];
            starts[d] = sum;
            sum += here;
        }
        for (size_t i = 0; i < bag->pending; i++)
            bag->spare[starts[bag->keys[i] >> shift & (DIGITS - 1)]++] = bag->keys[i];
        uint32_t *sorted = bag->spare;
        bag->spare = bag->keys;
        bag->keys = sorted;
    }
}

static size_t count_distinct(const uint32_t *keys, size_t count) {
    size_t distinct = 0;
    for (size_t i = 0; i < count; i++)
        distinct += i == 0 || keys[i] != keys[i - 1];
    return distinct;
}

/* Merges the sorted pending keys into the entries, from the end, in place. */
int lb_bag_settle(lb_bag *bag, lb_error *error) {
    sort_pending(bag);
    size_t most = bag->count + count_distinct(bag->keys, bag->pending);
    void *grown = lb_grow(bag->entries, &bag->capacity, most, sizeof(lb_entry), error);
    if (!grown)
        return LB_E_RESOURCE;
    bag->entries = grown;
    size_t left = bag->count, right = bag->pending, at = most;
    while (right > 0) {
        uint32_t key = bag->keys[right - 1];
        if (left > 0 && bag->entries[left - 1].key > key) {
            bag->entries[--at] = bag->entries[--left];
            continue;
        }
        float count = 0;
        for (; right > 0 && bag->keys[right - 1] == key; right--)
            count++;
        if (left > 0 && bag->entries[left - 1].key == key)
            count += bag->entries[--left].count;
        bag->entries[--at] = (lb_entry){key, count};
    }
    if (at > left)
        memmove(bag->entries + left, bag->entries + at, (most - at) * sizeof(lb_entry));
    bag->count = left + most - at;
    bag->total += (double)bag->pending;
    bag->pending = 0;
    return LB_OK;
}

int lb_bag_close(lb_bag *bag, lb_error *error) {
    return bag->pending ? lb_bag_settle(bag, error) : LB_OK;
}
