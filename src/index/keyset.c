#include "index/keyset.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { SHARDS = 64, FIRST_SLOTS = 64 };

typedef struct key_slot {
    uint64_t hash;
    uint32_t entry; /* 1 + place in entries; 0: empty */
} key_slot;

typedef struct key_shard {
    pthread_mutex_t lock;
    key_slot *slots;
    size_t mask; /* number of slots - 1; slots == NULL: none yet */
    lb_ranked_key *entries;
    size_t count, capacity;
    lb_arena *bytes;
} key_shard;

struct lb_keyset {
    key_shard shards[SHARDS];
    _Atomic uint32_t count;
    bool keep_keys;
};

int lb_keyset_new(lb_keyset **out, bool keep_keys, lb_error *error) {
    lb_keyset *set = lb_alloc_zero(1, sizeof *set);
    if (!set)
        return lb_fail_memory(error, "making a set of keys");
    set->keep_keys = keep_keys;
    for (size_t i = 0; i < SHARDS; i++)
        pthread_mutex_init(&set->shards[i].lock, NULL);
    *out = set;
    return LB_OK;
}

void lb_keyset_free(lb_keyset *set) {
    if (!set)
        return;
    for (size_t i = 0; i < SHARDS; i++) {
        key_shard *shard = &set->shards[i];
        pthread_mutex_destroy(&shard->lock);
        lb_free(shard->slots);
        lb_free(shard->entries);
        lb_arena_free(shard->bytes);
    }
    lb_free(set);
}

/* The slot of `hash`: where it is, or the empty one where it belongs. */
static key_slot *find_slot(const key_shard *shard, uint64_t hash) {
    size_t at = (size_t)hash & shard->mask;
    while (shard->slots[at].entry != 0 && shard->slots[at].hash != hash)
        at = (at + 1) & shard->mask;
    return &shard->slots[at];
}

static int enlarge(key_shard *shard, lb_error *error) {
    size_t slots = shard->slots ? (shard->mask + 1) * 2 : FIRST_SLOTS;
    key_slot *old = shard->slots, *fresh = lb_alloc_zero(slots, sizeof *fresh);
    if (!fresh)
        return lb_fail_memory(error, "growing a set of keys");
    size_t old_slots = old ? shard->mask + 1 : 0;
    shard->slots = fresh;
    shard->mask = slots - 1;
    for (size_t i = 0; i < old_slots; i++)
        if (old[i].entry != 0)
            *find_slot(shard, old[i].hash) = old[i];
    lb_free(old);
    return LB_OK;
}

/* Adds a key that is not there yet to a locked shard. */
static int add_new(lb_keyset *set, key_shard *shard, lb_str key, uint64_t hash, lb_error *error) {
    void *entries = shard->entries;
    int status =
        lb_grow(&entries, &shard->capacity, shard->count + 1, sizeof *shard->entries, error);
    shard->entries = entries;
    if (status < 0)
        return status;
    lb_ranked_key entry = {.hash = hash};
    if (set->keep_keys) {
        if (!shard->bytes && !(shard->bytes = lb_arena_new()))
            return lb_fail_memory(error, "keeping a key");
        entry.key = (lb_str){lb_arena_copy(shard->bytes, key.data, key.size), key.size};
        if (!entry.key.data)
            return lb_fail_memory(error, "keeping a key");
    }
    if (atomic_load(&set->count) >= LB_KEYSET_MAX)
        return lb_fail(error, LB_E_RESOURCE, "index", "audit the corpus in parts",
                       "more than %d distinct keys", LB_KEYSET_MAX);
    entry.number = atomic_fetch_add(&set->count, 1);
    shard->entries[shard->count] = entry;
    *find_slot(shard, hash) = (key_slot){hash, (uint32_t)++shard->count};
    return LB_OK;
}

int lb_keyset_add(lb_keyset *set, lb_str key, uint64_t hash, uint32_t *number, lb_error *error) {
    key_shard *shard = &set->shards[hash >> 58];
    int status = LB_OK;
    pthread_mutex_lock(&shard->lock);
    if (!shard->slots || shard->count * 2 >= shard->mask)
        status = enlarge(shard, error);
    if (status == LB_OK) {
        key_slot *slot = find_slot(shard, hash);
        if (slot->entry == 0)
            status = add_new(set, shard, key, hash, error);
        if (status == LB_OK)
            *number = shard->entries[slot->entry - 1].number;
    }
    pthread_mutex_unlock(&shard->lock);
    return status;
}

uint32_t lb_keyset_count(const lb_keyset *set) {
    return atomic_load(&set->count);
}

static int by_hash(const void *a, const void *b) {
    uint64_t x = ((const lb_ranked_key *)a)->hash, y = ((const lb_ranked_key *)b)->hash;
    return (x > y) - (x < y);
}

static int by_bytes(const void *a, const void *b) {
    return lb_str_compare(((const lb_ranked_key *)a)->key, ((const lb_ranked_key *)b)->key);
}

int lb_keyset_ranks(const lb_keyset *set, lb_key_order order, lb_ranked_key **keys,
                    uint32_t **ranks, lb_error *error) {
    size_t count = lb_keyset_count(set);
    lb_ranked_key *sorted = lb_alloc(count, sizeof *sorted);
    uint32_t *places = ranks ? lb_alloc(count, sizeof *places) : NULL;
    if (!sorted || (ranks && !places)) {
        lb_free(sorted);
        lb_free(places);
        return lb_fail_memory(error, "ordering keys");
    }
    size_t at = 0;
    for (size_t i = 0; i < SHARDS; i++)
        for (size_t j = 0; j < set->shards[i].count; j++)
            sorted[at++] = set->shards[i].entries[j];
    if (count > 0)
        qsort(sorted, count, sizeof *sorted, order == LB_KEY_ORDER_HASH ? by_hash : by_bytes);
    for (size_t i = 0; ranks && i < count; i++)
        places[sorted[i].number] = (uint32_t)i;
    *keys = sorted;
    if (ranks)
        *ranks = places;
    return LB_OK;
}
