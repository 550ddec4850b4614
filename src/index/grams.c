#include "index/grams.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/thread.h"
#include "index/occurrence.h"

enum {
    PARTITION_BITS = 8,
    PARTITIONS = 1 << PARTITION_BITS,
    BUFFER = 2048,         /* occurrences a writer holds per partition */
    RECENT = 1 << 13,      /* occurrences a writer remembers, to drop repetitions at once */
    PENDING_LEAST = 16384, /* a partition merges no fewer occurrences than that at a time */
};

/* What a partition has merged: gram i has counts[i] pairs, end to end in pairs[].
 * A pair is unit << 32 | conversation << 1 | repeated, with conversation 0 where repeated. */
typedef struct gram_groups {
    uint64_t *hashes;
    uint32_t *counts;
    uint64_t *pairs;
    size_t grams, pair_count;
} gram_groups;

typedef struct gram_partition {
    pthread_mutex_t lock;
    gram_groups groups;
    lb_occurrence *pending;
    size_t pending_count, pending_capacity;
    uint64_t occurrences;
} gram_partition;

struct lb_grams {
    unsigned length;
    gram_partition partitions[PARTITIONS];
};

struct lb_gram_writer {
    lb_grams *grams;
    lb_occurrence recent[RECENT];
    uint64_t repetitions; /* occurrences that were dropped because they were just written */
    uint32_t filled[PARTITIONS];
    lb_occurrence buffers[PARTITIONS][BUFFER];
};

int lb_grams_new(lb_grams **out, unsigned length, lb_error *error) {
    lb_grams *grams = lb_alloc_zero(1, sizeof *grams);
    if (!grams)
        return lb_fail_memory(error, "starting the incidence");
    grams->length = length;
    for (size_t i = 0; i < PARTITIONS; i++)
        pthread_mutex_init(&grams->partitions[i].lock, NULL);
    *out = grams;
    return LB_OK;
}

static void groups_free(gram_groups *groups) {
    lb_free(groups->hashes);
    lb_free(groups->counts);
    lb_free(groups->pairs);
    *groups = (gram_groups){0};
}

void lb_grams_free(lb_grams *grams) {
    if (!grams)
        return;
    for (size_t i = 0; i < PARTITIONS; i++) {
        groups_free(&grams->partitions[i].groups);
        lb_free(grams->partitions[i].pending);
        pthread_mutex_destroy(&grams->partitions[i].lock);
    }
    lb_free(grams);
}

int lb_gram_writer_new(lb_gram_writer **out, lb_grams *grams, lb_error *error) {
    lb_gram_writer *writer = lb_alloc_zero(1, sizeof *writer);
    if (!writer)
        return lb_fail_memory(error, "starting a writer of the incidence");
    writer->grams = grams;
    for (size_t i = 0; i < RECENT; i++)
        writer->recent[i].unit = UINT32_MAX; /* no unit has this number */
    *out = writer;
    return LB_OK;
}

void lb_gram_writer_free(lb_gram_writer *writer) {
    lb_free(writer);
}

static int groups_reserve(gram_groups *groups, size_t grams, size_t pairs, lb_error *error) {
    *groups = (gram_groups){lb_alloc(grams, sizeof(uint64_t)), lb_alloc(grams, sizeof(uint32_t)),
                            lb_alloc(pairs, sizeof(uint64_t)), 0, 0};
    if (groups->hashes && groups->counts && groups->pairs)
        return LB_OK;
    groups_free(groups);
    return lb_fail_memory(error, "merging the incidence");
}

/* Gives back what groups_reserve took too much; a shrink that fails changes nothing. */
static void groups_fit(gram_groups *groups) {
    void *hashes = lb_resize(groups->hashes, groups->grams, sizeof(uint64_t));
    void *counts = lb_resize(groups->counts, groups->grams, sizeof(uint32_t));
    void *pairs = lb_resize(groups->pairs, groups->pair_count, sizeof(uint64_t));
    groups->hashes = hashes ? hashes : groups->hashes;
    groups->counts = counts ? counts : groups->counts;
    groups->pairs = pairs ? pairs : groups->pairs;
}

/* Appends a pair to the last gram of `to`; the same unit as the last pair's is merged into it. */
static void add_pair(gram_groups *to, uint64_t pair) {
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

/* Merges one gram: `old_count` pairs of the groups and `count` occurrences, both ascending by unit.
 */
static void merge_gram(gram_groups *to, uint64_t hash, const uint64_t *old, size_t old_count,
                       const lb_occurrence *new, size_t count) {
    to->hashes[to->grams] = hash;
    to->counts[to->grams++] = 0;
    size_t i = 0, j = 0;
    while (i < old_count || j < count) {
        if (j == count || (i < old_count && old[i] >> 32 <= new[j].unit))
            add_pair(to, old[i++]);
        else {
            add_pair(to, (uint64_t) new[j].unit << 32 | (uint64_t) new[j].conversation << 1);
            j++;
        }
    }
}

/* Sorts what is pending and merges it into the groups. The partition is locked. */
static int merge_pending(gram_partition *partition, lb_error *error) {
    size_t count = partition->pending_count;
    if (count == 0)
        return LB_OK;
    lb_occurrence *scratch = lb_alloc(count, sizeof *scratch);
    if (!scratch)
        return lb_fail_memory(error, "sorting the incidence");
    lb_occurrence *pending =
        lb_occurrences_sort(partition->pending, scratch, count, PARTITION_BITS);
    count = lb_occurrences_unique(pending, count);
    gram_groups *old = &partition->groups, merged;
    size_t new_grams = 0;
    for (size_t i = 0; i < count; i++)
        new_grams += i == 0 || pending[i].hash != pending[i - 1].hash;
    int status = groups_reserve(&merged, old->grams + new_grams, old->pair_count + count, error);
    if (status < 0) {
        lb_free(scratch);
        return status;
    }
    size_t gram = 0, pair = 0, at = 0;
    while (gram < old->grams || at < count) {
        bool take_old = gram < old->grams && (at == count || old->hashes[gram] <= pending[at].hash);
        bool take_new = at < count && (gram == old->grams || pending[at].hash <= old->hashes[gram]);
        uint64_t hash = take_old ? old->hashes[gram] : pending[at].hash;
        size_t old_count = take_old ? old->counts[gram] : 0, end = at;
        while (take_new && end < count && pending[end].hash == hash)
            end++;
        merge_gram(&merged, hash, old_count > 0 ? &old->pairs[pair] : NULL, old_count,
                   end > at ? &pending[at] : NULL, end - at);
        gram += take_old;
        pair += old_count;
        at = end;
    }
    groups_free(old);
    groups_fit(&merged);
    *old = merged;
    partition->pending_count = 0;
    lb_free(scratch);
    return LB_OK;
}

static int hand_over(gram_partition *partition, const lb_occurrence *occurrences, size_t count,
                     lb_error *error) {
    pthread_mutex_lock(&partition->lock);
    size_t limit = partition->groups.pair_count / 8;
    if (limit < PENDING_LEAST)
        limit = PENDING_LEAST;
    int status = LB_OK;
    if (partition->pending_count + count > limit)
        status = merge_pending(partition, error);
    if (status == LB_OK) {
        void *pending = partition->pending;
        status = lb_grow(&pending, &partition->pending_capacity, partition->pending_count + count,
                         sizeof *partition->pending, error);
        partition->pending = pending;
    }
    if (status == LB_OK && count > 0) {
        memcpy(partition->pending + partition->pending_count, occurrences,
               count * sizeof *occurrences);
        partition->pending_count += count;
        partition->occurrences += count;
    }
    pthread_mutex_unlock(&partition->lock);
    return status;
}

int lb_gram_writer_add(lb_gram_writer *writer, uint64_t hash, uint32_t unit, uint32_t conversation,
                       lb_error *error) {
    lb_occurrence occurrence = {hash, unit, conversation};
    lb_occurrence *recent = &writer->recent[hash & (RECENT - 1)];
    if (recent->hash == hash && recent->unit == unit && recent->conversation == conversation) {
        writer->repetitions++;
        return LB_OK;
    }
    *recent = occurrence;
    size_t partition = (size_t)(hash >> (64 - PARTITION_BITS));
    writer->buffers[partition][writer->filled[partition]++] = occurrence;
    if (writer->filled[partition] < BUFFER)
        return LB_OK;
    writer->filled[partition] = 0;
    return hand_over(&writer->grams->partitions[partition], writer->buffers[partition], BUFFER,
                     error);
}

int lb_gram_writer_flush(lb_gram_writer *writer, lb_error *error) {
    int status = LB_OK;
    for (size_t i = 0; i < PARTITIONS && status == LB_OK; i++) {
        status =
            hand_over(&writer->grams->partitions[i], writer->buffers[i], writer->filled[i], error);
        writer->filled[i] = 0;
    }
    gram_partition *first = &writer->grams->partitions[0];
    pthread_mutex_lock(&first->lock);
    first->occurrences += writer->repetitions;
    writer->repetitions = 0;
    pthread_mutex_unlock(&first->lock);
    return status;
}

typedef struct finish_job {
    lb_grams *grams;
    const uint32_t *ranks;
    uint64_t *offsets, *hashes;
    uint32_t *units;
    size_t first_gram[PARTITIONS + 1], first_pair[PARTITIONS + 1];
} finish_job;

static int finish_merge(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)worker;
    gram_partition *partition = &((finish_job *)context)->grams->partitions[piece];
    int status = merge_pending(partition, error);
    lb_free(partition->pending);
    partition->pending = NULL;
    partition->pending_capacity = 0;
    return status;
}

static int ascending(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Puts one partition's groups in their place and frees them. */
static int finish_place(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)worker;
    (void)error;
    finish_job *job = context;
    gram_groups *groups = &job->grams->partitions[piece].groups;
    size_t gram = job->first_gram[piece], at = job->first_pair[piece], pair = 0;
    for (size_t i = 0; i < groups->grams; i++, gram++) {
        job->hashes[gram] = groups->hashes[i];
        job->offsets[gram] = at;
        size_t count = groups->counts[i];
        bool sorted = true;
        for (size_t j = 0; j < count; j++, pair++) {
            uint32_t unit = job->ranks[groups->pairs[pair] >> 32];
            job->units[at + j] = unit << 1 | (uint32_t)(groups->pairs[pair] & 1);
            sorted = sorted && (j == 0 || job->units[at + j - 1] < job->units[at + j]);
        }
        if (!sorted)
            qsort(&job->units[at], count, sizeof(uint32_t), ascending);
        at += count;
    }
    groups_free(groups);
    return LB_OK;
}

int lb_grams_finish(lb_grams *grams, const uint32_t *ranks, unsigned threads,
                    lb_incidence *incidence, lb_error *error) {
    finish_job job = {.grams = grams, .ranks = ranks};
    int status = lb_parallel(threads, PARTITIONS, finish_merge, &job, error);
    if (status < 0)
        return status;
    uint64_t occurrences = 0;
    for (size_t i = 0; i < PARTITIONS; i++) {
        job.first_gram[i + 1] = job.first_gram[i] + grams->partitions[i].groups.grams;
        job.first_pair[i + 1] = job.first_pair[i] + grams->partitions[i].groups.pair_count;
        occurrences += grams->partitions[i].occurrences;
    }
    size_t gram_count = job.first_gram[PARTITIONS], pair_count = job.first_pair[PARTITIONS];
    job.offsets = lb_alloc(gram_count + 1, sizeof(uint64_t));
    job.hashes = lb_alloc(gram_count, sizeof(uint64_t));
    job.units = lb_alloc(pair_count, sizeof(uint32_t));
    if (!job.offsets || !job.hashes || !job.units) {
        lb_free(job.offsets);
        lb_free(job.hashes);
        lb_free(job.units);
        return lb_fail_memory(error, "laying out the incidence");
    }
    lb_parallel(threads, PARTITIONS, finish_place, &job, NULL);
    job.offsets[gram_count] = pair_count;
    *incidence = (lb_incidence){grams->length, occurrences, gram_count, pair_count,
                                job.offsets,   job.units,   job.hashes};
    return LB_OK;
}
