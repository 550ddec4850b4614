#include "index/keyset.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { SHARDS = 64, FIRST_SLOTS = 64 };

typedef struct key_entry {
    uint64_t hash;
    uint32_t number;
} key_entry;

typedef struct key_shard {
    pthread_mutex_t lock;
    uint32_t *slots; /* 1 + place in entries; 0: empty */
    size_t mask;     /* number of slots - 1; slots == NULL: none yet */
    key_entry *entries;
    lb_str *keys; /* of the entries; NULL where keys are not kept */
    size_t count, capacity, key_capacity;
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
        lb_free(shard->keys);
        lb_arena_free(shard->bytes);
    }
    lb_free(set);
}

/* The slot of `hash`: where it is, or the empty one where it belongs. */
static uint32_t *find_slot(const key_shard *shard, uint64_t hash) {
    size_t at = (size_t)hash & shard->mask;
    while (shard->slots[at] != 0 && shard->entries[shard->slots[at] - 1].hash != hash)
        at = (at + 1) & shard->mask;
    return &shard->slots[at];
}

static int enlarge(key_shard *shard, lb_error *error) {
    size_t slots = shard->slots ? (shard->mask + 1) * 2 : FIRST_SLOTS;
    uint32_t *fresh = lb_alloc_zero(slots, sizeof *fresh);
    if (!fresh)
        return lb_fail_memory(error, "growing a set of keys");
    lb_free(shard->slots);
    shard->slots = fresh;
    shard->mask = slots - 1;
    for (size_t i = 0; i < shard->count; i++)
        *find_slot(shard, shard->entries[i].hash) = (uint32_t)i + 1;
    return LB_OK;
}

/* Keeps the bytes of the entry that comes next. */
static int keep_key(key_shard *shard, lb_str key, lb_error *error) {
    void *grown =
        lb_grow(shard->keys, &shard->key_capacity, shard->count + 1, sizeof *shard->keys, error);
    if (!grown)
        return LB_E_RESOURCE;
    shard->keys = grown;
    if (!shard->bytes && !(shard->bytes = lb_arena_new()))
        return lb_fail_memory(error, "keeping a key");
    lb_str kept = {lb_arena_copy(shard->bytes, key.data, key.size), key.size};
    shard->keys[shard->count] = kept;
    return kept.data ? LB_OK : lb_fail_memory(error, "keeping a key");
}

/* Adds a key that is not there yet to a locked shard. */
static int add_new(lb_keyset *set, key_shard *shard, lb_str key, uint64_t hash, lb_error *error) {
    void *grown =
        lb_grow(shard->entries, &shard->capacity, shard->count + 1, sizeof *shard->entries, error);
    if (!grown)
        return LB_E_RESOURCE;
    shard->entries = grown;
    int status = set->keep_keys ? keep_key(shard, key, error) : LB_OK;
    if (status < 0)
        return status;
    if (atomic_load(&set->count) >= LB_KEYSET_MAX)
        return lb_fail(error, LB_E_RESOURCE, "index", "audit the corpus in parts",
                       "more than %d distinct keys", LB_KEYSET_MAX);
    uint32_t *slot = find_slot(shard, hash);
    shard->entries[shard->count] = (key_entry){hash, atomic_fetch_add(&set->count, 1)};
    *slot = (uint32_t)++shard->count;
    return LB_OK;
}

int lb_keyset_add(lb_keyset *set, lb_str key, uint64_t hash, uint32_t *number, lb_error *error) {
    key_shard *shard = &set->shards[hash >> 58];
    int status = LB_OK;
    pthread_mutex_lock(&shard->lock);
    if (!shard->slots || shard->count * 2 >= shard->mask)
        status = enlarge(shard, error);
    if (status == LB_OK) {
        uint32_t *slot = find_slot(shard, hash);
        if (*slot == 0)
            status = add_new(set, shard, key, hash, error);
        if (status == LB_OK)
            *number = shard->entries[*slot - 1].number;
    }
    pthread_mutex_unlock(&shard->lock);
    return status;
}

uint32_t lb_keyset_count(const lb_keyset *set) {
    return atomic_load(&set->count);
}

int lb_ranked_key_order(const void *a, const void *b) {
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
    for (size_t i = 0; i < SHARDS; i++) { /* shards are ranges of the hash */
        const key_shard *shard = &set->shards[i];
        for (size_t j = 0; j < shard->count; j++)
            sorted[at + j] = (lb_ranked_key){.key = shard->keys ? shard->keys[j] : (lb_str){0},
                                             .hash = shard->entries[j].hash,
                                             .number = shard->entries[j].number};
        if (order == LB_KEY_ORDER_HASH && shard->count > 0)
            qsort(sorted + at, shard->count, sizeof *sorted, lb_ranked_key_order);
        at += shard->count;
    }
    if (order == LB_KEY_ORDER_BYTES && count > 0)
        qsort(sorted, count, sizeof *sorted, by_bytes);
    for (size_t i = 0; ranks && i < count; i++)
        places[sorted[i].number] = (uint32_t)i;
    *keys = sorted;
    if (ranks)
        *ranks = places;
    return LB_OK;
}
