#include "index/gram_groups.h"

#include <stdbool.h>

#include "index/spill.h"

void lb_gram_groups_free(lb_gram_groups *groups) {
    lb_free(groups->hashes);
    lb_free(groups->counts);
    lb_free(groups->pairs);
    *groups = (lb_gram_groups){0};
}

size_t lb_gram_groups_bytes(const lb_gram_groups *groups) {
    return groups->grams * (sizeof *groups->hashes + sizeof *groups->counts) +
           groups->pair_count * sizeof *groups->pairs;
}

static int reserve(lb_gram_groups *groups, size_t grams, size_t pairs, lb_error *error) {
    *groups = (lb_gram_groups){lb_alloc(grams, sizeof(uint64_t)), lb_alloc(grams, sizeof(uint32_t)),
                               lb_alloc(pairs, sizeof(uint64_t)), 0, 0};
    if (groups->hashes && groups->counts && groups->pairs)
        return LB_OK;
    lb_gram_groups_free(groups);
    return lb_fail_memory(error, "merging the incidence");
}

/* Gives back what reserve took too much; a shrink that fails changes nothing. */
static void fit(lb_gram_groups *groups) {
    void *hashes = lb_resize(groups->hashes, groups->grams, sizeof(uint64_t));
    void *counts = lb_resize(groups->counts, groups->grams, sizeof(uint32_t));
    void *pairs = lb_resize(groups->pairs, groups->pair_count, sizeof(uint64_t));
    groups->hashes = hashes ? hashes : groups->hashes;
    groups->counts = counts ? counts : groups->counts;
    groups->pairs = pairs ? pairs : groups->pairs;
}

/* Appends a pair to the last gram; the same unit as the last pair's is merged into it. */
static void add_pair(lb_gram_groups *to, uint64_t pair) {
    uint32_t *count = &to->counts[to->grams - 1];
    uint64_t *last = *count > 0 ? &to->pairs[to->pair_count - 1] : NULL;
    if (last && *last >> 32 == pair >> 32) {
        if (*last != pair)
            *last = (pair >> 32 << 32) | 1;
        return;
    }
    to->pairs[to->pair_count++] = pair;
    *count += 1;
}

static void begin_gram(lb_gram_groups *to, uint64_t hash) {
    to->hashes[to->grams] = hash;
    to->counts[to->grams++] = 0;
}

int lb_gram_groups_from(lb_gram_groups *groups, const lb_occurrence *occurrences, size_t count,
                        lb_error *error) {
    size_t grams = 0;
    for (size_t i = 0; i < count; i++)
        grams += i == 0 || occurrences[i].hash != occurrences[i - 1].hash;
    int status = reserve(groups, grams, count, error);
    for (size_t i = 0; status == LB_OK && i < count; i++) {
        if (i == 0 || occurrences[i].hash != occurrences[i - 1].hash)
            begin_gram(groups, occurrences[i].hash);
        add_pair(groups,
                 (uint64_t)occurrences[i].unit << 32 | (uint64_t)occurrences[i].conversation << 1);
    }
    return status;
}

/* Where a merge stands in one of its sides. */
typedef struct group_cursor {
    const lb_gram_groups *groups;
    size_t gram, pair;
} group_cursor;

static bool has_more(const group_cursor *cursor) {
    return cursor->gram < cursor->groups->grams;
}

static uint64_t hash_at(const group_cursor *cursor) {
    return cursor->groups->hashes[cursor->gram];
}

static void copy_gram(lb_gram_groups *to, group_cursor *from) {
    uint32_t count = from->groups->counts[from->gram];
    begin_gram(to, hash_at(from));
    for (uint32_t i = 0; i < count; i++)
        to->pairs[to->pair_count++] = from->groups->pairs[from->pair++];
    to->counts[to->grams - 1] = count;
    from->gram++;
}

static void merge_gram(lb_gram_groups *to, group_cursor *a, group_cursor *b) {
    begin_gram(to, hash_at(a));
    size_t a_end = a->pair + a->groups->counts[a->gram],
           b_end = b->pair + b->groups->counts[b->gram];
    while (a->pair < a_end || b->pair < b_end) {
        bool from_a = b->pair == b_end || (a->pair < a_end && a->groups->pairs[a->pair] >> 32 <=
                                                                  b->groups->pairs[b->pair] >> 32);
        add_pair(to, from_a ? a->groups->pairs[a->pair++] : b->groups->pairs[b->pair++]);
    }
    a->gram++;
    b->gram++;
}

int lb_gram_groups_merge(lb_gram_groups *merged, const lb_gram_groups *a, const lb_gram_groups *b,
                         lb_error *error) {
    int status = reserve(merged, a->grams + b->grams, a->pair_count + b->pair_count, error);
    if (status < 0)
        return status;
    group_cursor left = {.groups = a}, right = {.groups = b};
    while (has_more(&left) || has_more(&right)) {
        if (!has_more(&right) || (has_more(&left) && hash_at(&left) < hash_at(&right)))
            copy_gram(merged, &left);
        else if (!has_more(&left) || hash_at(&right) < hash_at(&left))
            copy_gram(merged, &right);
        else
            merge_gram(merged, &left, &right);
    }
    fit(merged);
    return LB_OK;
}

int lb_gram_groups_write(const lb_gram_groups *groups, int file, uint64_t at, const char *folder,
                         lb_error *error) {
    size_t hashes = groups->grams * sizeof *groups->hashes,
           counts = groups->grams * sizeof *groups->counts;
    int status = lb_spill_write(file, groups->hashes, hashes, at, folder, error);
    if (status == LB_OK)
        status = lb_spill_write(file, groups->counts, counts, at + hashes, folder, error);
    if (status == LB_OK)
        status = lb_spill_write(file, groups->pairs, groups->pair_count * sizeof *groups->pairs,
                                at + hashes + counts, folder, error);
    return status;
}

int lb_gram_groups_read(lb_gram_groups *groups, size_t grams, size_t pair_count, int file,
                        uint64_t at, const char *folder, lb_error *error) {
    int status = reserve(groups, grams, pair_count, error);
    if (status < 0)
        return status;
    groups->grams = grams;
    groups->pair_count = pair_count;
    size_t hashes = grams * sizeof *groups->hashes, counts = grams * sizeof *groups->counts;
    status = lb_spill_read(file, groups->hashes, hashes, at, folder, error);
    if (status == LB_OK)
        status = lb_spill_read(file, groups->counts, counts, at + hashes, folder, error);
    if (status == LB_OK)
        status = lb_spill_read(file, groups->pairs, pair_count * sizeof *groups->pairs,
                               at + hashes + counts, folder, error);
    if (status < 0)
        lb_gram_groups_free(groups);
    return status;
}
