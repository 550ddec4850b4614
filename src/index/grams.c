#include "index/grams.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/thread.h"
#include "index/gram_groups.h"
#include "index/occurrence.h"

enum {
    PARTITION_BITS = 8,
    PARTITIONS = 1 << PARTITION_BITS,
    BUFFER = 256, /* occurrences a writer holds per partition */
    RADIX_BITS = 11,
    PENDING_LEAST = 8192, /* a partition merges no fewer occurrences than that at a time */
};

/* A part of a partition that was written to the spill file. */
typedef struct gram_run {
    uint64_t at;
    size_t grams, pair_count;
} gram_run;

typedef struct gram_partition {
    pthread_mutex_t lock;
    lb_gram_groups groups;
    lb_occurrence *pending;
    size_t pending_count, pending_capacity;
    gram_run *runs;
    size_t run_count, run_capacity;
    uint64_t occurrences;
} gram_partition;

struct lb_grams {
    unsigned length;
    lb_gram_budget *budget;
    pthread_mutex_t spilling; /* held by the one who spills; guards file */
    int file;                 /* -1: nothing was spilled yet */
    _Atomic uint64_t file_size;
    gram_partition partitions[PARTITIONS];
};

struct lb_gram_writer {
    lb_grams *grams;
    uint64_t repetitions; /* occurrences that said nothing new */
    uint32_t filled[PARTITIONS];
    lb_occurrence buffers[PARTITIONS][BUFFER];
};

int lb_grams_new(lb_grams **out, unsigned length, lb_gram_budget *budget, lb_error *error) {
    lb_grams *grams = lb_alloc_zero(1, sizeof *grams);
    if (!grams)
        return lb_fail_memory(error, "starting the incidence");
    grams->length = length;
    grams->budget = budget;
    grams->file = -1;
    pthread_mutex_init(&grams->spilling, NULL);
    for (size_t i = 0; i < PARTITIONS; i++)
        pthread_mutex_init(&grams->partitions[i].lock, NULL);
    *out = grams;
    return LB_OK;
}

void lb_grams_free(lb_grams *grams) {
    if (!grams)
        return;
    for (size_t i = 0; i < PARTITIONS; i++) {
        lb_gram_groups_free(&grams->partitions[i].groups);
        lb_free(grams->partitions[i].pending);
        lb_free(grams->partitions[i].runs);
        pthread_mutex_destroy(&grams->partitions[i].lock);
    }
    pthread_mutex_destroy(&grams->spilling);
    if (grams->file >= 0)
        close(grams->file);
    lb_free(grams);
}

int lb_gram_writer_new(lb_gram_writer **out, lb_grams *grams, lb_error *error) {
    lb_gram_writer *writer = lb_alloc_zero(1, sizeof *writer);
    if (!writer)
        return lb_fail_memory(error, "starting a writer of the incidence");
    writer->grams = grams;
    *out = writer;
    return LB_OK;
}

void lb_gram_writer_free(lb_gram_writer *writer) {
    lb_free(writer);
}

/* Puts `groups` in the place of a partition's groups; keeps the account of what is held. */
static void replace_groups(lb_grams *grams, gram_partition *partition, lb_gram_groups groups) {
    atomic_fetch_add(&grams->budget->held, lb_gram_groups_bytes(&groups));
    atomic_fetch_sub(&grams->budget->held, lb_gram_groups_bytes(&partition->groups));
    lb_gram_groups_free(&partition->groups);
    partition->groups = groups;
}

/* Sorts what is pending and merges it into the groups. The partition is locked. */
static int merge_pending(lb_grams *grams, gram_partition *partition, lb_error *error) {
    size_t count = partition->pending_count;
    if (count == 0)
        return LB_OK;
    atomic_fetch_sub(&grams->budget->held, count * sizeof *partition->pending);
    lb_occurrence *scratch = lb_alloc(count, sizeof *scratch);
    if (!scratch)
        return lb_fail_memory(error, "sorting the incidence");
    lb_occurrence *sorted = lb_occurrences_sort(partition->pending, scratch, count, PARTITION_BITS);
    lb_gram_groups fresh, merged;
    int status = lb_gram_groups_from(&fresh, sorted, lb_occurrences_unique(sorted, count), error);
    lb_free(scratch);
    if (status < 0)
        return status;
    partition->pending_count = 0;
    if (partition->groups.grams == 0) {
        replace_groups(grams, partition, fresh);
        return LB_OK;
    }
    status = lb_gram_groups_merge(&merged, &partition->groups, &fresh, error);
    lb_gram_groups_free(&fresh);
    if (status == LB_OK)
        replace_groups(grams, partition, merged);
    return status;
}

/* Writes a locked partition's groups to the spill file as a run. */
static int spill_partition(lb_grams *grams, gram_partition *partition, lb_error *error) {
    int status = merge_pending(grams, partition, error);
    if (status < 0 || partition->groups.grams == 0)
        return status;
    void *grown = lb_grow(partition->runs, &partition->run_capacity, partition->run_count + 1,
                          sizeof *partition->runs, error);
    if (!grown)
        return LB_E_RESOURCE;
    partition->runs = grown;
    uint64_t at = atomic_fetch_add(&grams->file_size, lb_gram_groups_bytes(&partition->groups));
    status =
        lb_gram_groups_write(&partition->groups, grams->file, at, grams->budget->tmpdir, error);
    if (status < 0)
        return status;
    partition->runs[partition->run_count++] =
        (gram_run){at, partition->groups.grams, partition->groups.pair_count};
    replace_groups(grams, partition, (lb_gram_groups){0});
    return LB_OK;
}

static int open_file(lb_grams *grams, lb_error *error) {
    if (grams->file < 0)
        grams->file = lb_spill_open(grams->budget->tmpdir, error);
    return grams->file < 0 ? LB_E_RESOURCE : LB_OK;
}

/* Past the budget, one thread writes everything out; the others go on meanwhile. */
static int spill_if_due(lb_grams *grams, lb_error *error) {
    if (atomic_load(&grams->budget->held) <= grams->budget->limit ||
        pthread_mutex_trylock(&grams->spilling) != 0)
        return LB_OK;
    int status = open_file(grams, error);
    for (size_t i = 0; status == LB_OK && i < PARTITIONS; i++) {
        gram_partition *partition = &grams->partitions[i];
        pthread_mutex_lock(&partition->lock);
        status = spill_partition(grams, partition, error);
        pthread_mutex_unlock(&partition->lock);
    }
    pthread_mutex_unlock(&grams->spilling);
    lb_memory_trim();
    return status;
}

static int hand_over(lb_grams *grams, gram_partition *partition, const lb_occurrence *occurrences,
                     size_t count, lb_error *error) {
    if (count == 0)
        return LB_OK;
    pthread_mutex_lock(&partition->lock);
    size_t limit = partition->groups.pair_count / 4;
    if (limit < PENDING_LEAST)
        limit = PENDING_LEAST;
    int status = LB_OK;
    if (partition->pending_count + count > limit)
        status = merge_pending(grams, partition, error);
    if (status == LB_OK) {
        void *grown = lb_grow(partition->pending, &partition->pending_capacity,
                              partition->pending_count + count, sizeof *partition->pending, error);
        if (grown)
            partition->pending = grown;
        else
            status = LB_E_RESOURCE;
    }
    if (status == LB_OK) {
        memcpy(&partition->pending[partition->pending_count], occurrences,
               count * sizeof *occurrences);
        atomic_fetch_add(&grams->budget->held, count * sizeof *occurrences);
        partition->pending_count += count;
        partition->occurrences += count;
    }
    pthread_mutex_unlock(&partition->lock);
    return status == LB_OK ? spill_if_due(grams, error) : status;
}

int lb_gram_writer_add(lb_gram_writer *writer, const uint64_t *hashes, const bool *fresh,
                       size_t count, uint32_t unit, uint32_t conversation, lb_error *error) {
    for (size_t i = 0; i < count; i++) {
        if (fresh && !fresh[i]) {
            writer->repetitions++;
            continue;
        }
        size_t partition = (size_t)(hashes[i] >> (64 - PARTITION_BITS));
        uint32_t *filled = &writer->filled[partition];
        writer->buffers[partition][(*filled)++] = (lb_occurrence){hashes[i], unit, conversation};
        if (*filled < BUFFER)
            continue;
        *filled = 0;
        int status = hand_over(writer->grams, &writer->grams->partitions[partition],
                               writer->buffers[partition], BUFFER, error);
        if (status < 0)
            return status;
    }
    return LB_OK;
}

int lb_gram_writer_flush(lb_gram_writer *writer, lb_error *error) {
    int status = LB_OK;
    for (size_t i = 0; i < PARTITIONS && status == LB_OK; i++) {
        status = hand_over(writer->grams, &writer->grams->partitions[i], writer->buffers[i],
                           writer->filled[i], error);
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
    bool spilled; /* merged partitions go back to the file until they are laid out */
    bool in_file; /* the layout is a mapped file */
    uint64_t *offsets, *hashes;
    uint32_t *units;
    size_t grams_in[PARTITIONS], pairs_in[PARTITIONS];
    size_t first_gram[PARTITIONS + 1], first_pair[PARTITIONS + 1];
} finish_job;

static int read_run(const lb_grams *grams, const gram_run *run, lb_gram_groups *groups,
                    lb_error *error) {
    return lb_gram_groups_read(groups, run->grams, run->pair_count, grams->file, run->at,
                               grams->budget->tmpdir, error);
}

/* Merges what a partition has in memory with its runs. */
static int merge_runs(lb_grams *grams, gram_partition *partition, lb_error *error) {
    for (size_t i = 0; i < partition->run_count; i++) {
        lb_gram_groups run, merged;
        int status = read_run(grams, &partition->runs[i], &run, error);
        if (status < 0)
            return status;
        status = lb_gram_groups_merge(&merged, &partition->groups, &run, error);
        lb_gram_groups_free(&run);
        if (status < 0)
            return status;
        replace_groups(grams, partition, merged);
    }
    partition->run_count = 0;
    return LB_OK;
}

static int finish_merge(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)worker;
    finish_job *job = context;
    gram_partition *partition = &job->grams->partitions[piece];
    int status = merge_pending(job->grams, partition, error);
    lb_free(partition->pending);
    partition->pending = NULL;
    partition->pending_capacity = 0;
    if (status == LB_OK)
        status = merge_runs(job->grams, partition, error);
    job->grams_in[piece] = partition->groups.grams;
    job->pairs_in[piece] = partition->groups.pair_count;
    if (status == LB_OK && job->spilled)
        status = spill_partition(job->grams, partition, error);
    return status;
}

/* A stable counting pass over RADIX_BITS of the upper half of each item. */
static void radix_pass(const uint64_t *from, uint64_t *to, size_t count, unsigned shift) {
    size_t starts[(1 << RADIX_BITS) + 1] = {0};
    const uint64_t mask = (1 << RADIX_BITS) - 1;
    for (size_t i = 0; i < count; i++)
        starts[1 + ((from[i] >> shift) & mask)]++;
    for (size_t i = 0; i < mask; i++)
        starts[i + 1] += starts[i];
    for (size_t i = 0; i < count; i++)
        to[starts[(from[i] >> shift) & mask]++] = from[i];
}

/* Lays out one partition from `gram` and `at` on. Renumbering the units upsets their order within a
 * gram, so all pairs of the partition are sorted by unit first and then dealt out to their grams.
 */
static int place_groups(const finish_job *job, const lb_gram_groups *groups, size_t gram, size_t at,
                        lb_error *error) {
    size_t count = groups->pair_count;
    uint64_t *items = lb_alloc(count, sizeof *items), *scratch = lb_alloc(count, sizeof *scratch);
    if (!items || !scratch) {
        lb_free(items);
        lb_free(scratch);
        return lb_fail_memory(error, "laying out the incidence");
    }
    uint64_t largest = 0;
    for (size_t i = 0, pair = 0; i < groups->grams; i++) {
        job->hashes[gram + i] = groups->hashes[i];
        job->offsets[gram + i] = at + pair;
        for (uint32_t j = 0; j < groups->counts[i]; j++, pair++) {
            uint64_t old = groups->pairs[pair],
                     unit = (uint64_t)job->ranks[old >> 32] << 1 | (old & 1);
            largest |= unit;
            items[pair] = unit << 32 | i;
        }
    }
    for (unsigned shift = 0; largest >> shift != 0; shift += RADIX_BITS) {
        radix_pass(items, scratch, count, 32 + shift);
        uint64_t *swap = items;
        items = scratch;
        scratch = swap;
    }
    uint64_t *next = job->offsets + gram; /* filled up, and put back below */
    for (size_t i = 0; i < count; i++)
        job->units[next[items[i] & UINT32_MAX]++] = (uint32_t)(items[i] >> 32);
    for (size_t i = 0; i < groups->grams; i++)
        next[i] -= groups->counts[i];
    lb_free(items);
    lb_free(scratch);
    return LB_OK;
}

/* Puts one partition in its place and frees it. */
static int finish_place(void *context, size_t piece, unsigned worker, lb_error *error) {
    (void)worker;
    finish_job *job = context;
    gram_partition *partition = &job->grams->partitions[piece];
    if (partition->run_count > 0) {
        lb_gram_groups groups;
        int status = read_run(job->grams, &partition->runs[0], &groups, error);
        if (status < 0)
            return status;
        replace_groups(job->grams, partition, groups);
    }
    size_t gram = job->first_gram[piece], pair = job->first_pair[piece];
    int status = place_groups(job, &partition->groups, gram, pair, error);
    if (status < 0)
        return status;
    replace_groups(job->grams, partition, (lb_gram_groups){0});
    if (job->in_file) {
        lb_bulk_forget(job->hashes + gram, job->grams_in[piece] * sizeof *job->hashes);
        lb_bulk_forget(job->offsets + gram, job->grams_in[piece] * sizeof *job->offsets);
        lb_bulk_forget(job->units + pair, job->pairs_in[piece] * sizeof *job->units);
    }
    return LB_OK;
}

/* Offsets, hashes and units one behind the other in one piece of memory or file. */
static int lay_out(finish_job *job, size_t grams, size_t pairs, lb_bulk *layout, lb_error *error) {
    size_t bytes = (2 * grams + 1) * sizeof(uint64_t) + pairs * sizeof(uint32_t);
    job->in_file = bytes > job->grams->budget->layout_limit;
    int status = lb_bulk_make(layout, bytes, job->in_file, job->grams->budget->tmpdir, error);
    if (status < 0)
        return status;
    job->offsets = layout->data;
    job->hashes = job->offsets + grams + 1;
    job->units = (uint32_t *)(job->hashes + grams);
    return LB_OK;
}

int lb_grams_finish(lb_grams *grams, const uint32_t *ranks, unsigned threads,
                    lb_incidence *incidence, lb_bulk *layout, lb_error *error) {
    finish_job job = {.grams = grams, .ranks = ranks, .spilled = grams->file >= 0};
    int status = lb_parallel(threads, PARTITIONS, finish_merge, &job, error);
    if (status < 0)
        return status;
    uint64_t occurrences = 0;
    for (size_t i = 0; i < PARTITIONS; i++) {
        job.first_gram[i + 1] = job.first_gram[i] + job.grams_in[i];
        job.first_pair[i + 1] = job.first_pair[i] + job.pairs_in[i];
        occurrences += grams->partitions[i].occurrences;
    }
    size_t gram_count = job.first_gram[PARTITIONS], pair_count = job.first_pair[PARTITIONS];
    status = lay_out(&job, gram_count, pair_count, layout, error);
    if (status == LB_OK)
        status = lb_parallel(threads, PARTITIONS, finish_place, &job, error);
    if (status < 0) {
        lb_bulk_free(layout);
        return status;
    }
    job.offsets[gram_count] = pair_count;
    *incidence = (lb_incidence){.length = grams->length,
                                .occurrences = occurrences,
                                .grams = gram_count,
                                .pairs = pair_count,
                                .offsets = job.offsets,
                                .units = job.units,
                                .hashes = job.hashes,
                                .in_file = job.in_file,
                                .file_room = grams->budget->layout_limit};
    return LB_OK;
}
