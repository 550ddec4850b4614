#include "risk/words/transpose.h"

#include <string.h>

#include "base/memory.h"
#include "base/search.h"
#include "base/thread.h"

/* The incidence is cut in chunks of n-grams of about equal numbers of pairs. Each chunk counts its
 * pairs by unit; from that follows where in each unit's list the chunk's part begins, and all
 * chunks fill their parts at once. */
enum { CHUNKS_MAX = 64, UNITS_A_PIECE = 16 /* that a thread takes at a time */ };

struct lb_transposer {
    lb_token_view view;
    lb_transpose_options options;
    size_t chunks;
    uint64_t starts[CHUNKS_MAX + 1]; /* first n-gram of each chunk */
    uint32_t *sizes;                 /* [units] */
    lb_transpose range;
    uint64_t *offsets; /* of the range: [offset_capacity] */
    uint32_t *grams;   /* [gram_capacity] */
    uint32_t *parts; /* [chunks][count of the range]: pairs, then where they go, in a unit's list */
    size_t offset_capacity, gram_capacity, part_capacity;
};

int lb_token_view_of(lb_token_view *view, const lb_index *index, unsigned length, lb_error *error) {
    const lb_incidence *incidence = lb_index_incidence(index, length);
    if (!incidence)
        return lb_fail(error, LB_E_USAGE, "--ngrams", "ask for n-grams that were indexed",
                       "n-grams of length %u are not in the index", length);
    *view = (lb_token_view){incidence, lb_index_facts(index), lb_index_units(index)};
    return LB_OK;
}

/* Chunks so few that their counts take no more room than half of the lists. */
static void cut_chunks(lb_transposer *t) {
    const lb_incidence *incidence = t->view.incidence;
    uint64_t affordable = incidence->pairs / 2 / (t->view.units ? t->view.units : 1);
    size_t wanted = t->options.threads < CHUNKS_MAX ? t->options.threads : CHUNKS_MAX;
    t->chunks = affordable < wanted ? (size_t)affordable : wanted;
    t->chunks = t->chunks ? t->chunks : 1;
    uint64_t gram = 0;
    for (size_t c = 1; c < t->chunks; c++) {
        uint64_t target = incidence->pairs / t->chunks * c;
        gram = lb_search_u64(incidence->offsets, gram, incidence->grams, target);
        t->starts[c] = gram;
    }
    t->starts[t->chunks] = incidence->grams;
}

static int count_chunk(void *context, size_t chunk, unsigned worker, lb_error *error) {
    (void)worker;
    (void)error;
    const lb_transposer *t = context;
    const lb_incidence *incidence = t->view.incidence;
    size_t first = t->range.first, count = t->range.count;
    uint32_t *part = t->parts + chunk * count;
    memset(part, 0, count * sizeof *part);
    if (t->starts[chunk] == t->starts[chunk + 1])
        return LB_OK;
    uint64_t end = incidence->offsets[t->starts[chunk + 1]];
    for (uint64_t i = incidence->offsets[t->starts[chunk]]; i < end; i++) {
        size_t unit = lb_pair_unit(incidence->units[i]);
        if (unit - first < count) /* wraps, and is large, below the range */
            part[unit - first]++;
    }
    return LB_OK;
}

static int fill_chunk(void *context, size_t chunk, unsigned worker, lb_error *error) {
    (void)worker;
    (void)error;
    const lb_transposer *t = context;
    const lb_incidence *incidence = t->view.incidence;
    size_t first = t->range.first, count = t->range.count;
    uint32_t *part = t->parts + chunk * count;
    for (uint64_t gram = t->starts[chunk]; gram < t->starts[chunk + 1]; gram++)
        for (uint64_t i = incidence->offsets[gram]; i < incidence->offsets[gram + 1]; i++) {
            size_t unit = lb_pair_unit(incidence->units[i]);
            if (unit - first < count)
                t->grams[t->offsets[unit - first] + part[unit - first]++] = (uint32_t)gram;
        }
    return LB_OK;
}

static int count_range(lb_transposer *t, lb_error *error) {
    void *grown = lb_grow(t->parts, &t->part_capacity, t->chunks * t->range.count + 1,
                          sizeof *t->parts, error);
    if (!grown)
        return LB_E_RESOURCE;
    t->parts = grown;
    return lb_parallel(t->options.threads, t->chunks, count_chunk, t, error);
}

static int count_sizes(lb_transposer *t, lb_error *error) {
    t->sizes = lb_alloc_zero(t->view.units, sizeof *t->sizes);
    if (!t->sizes)
        return lb_fail_memory(error, "turning the index round");
    t->range = (lb_transpose){.count = t->view.units};
    int status = count_range(t, error);
    for (size_t c = 0; status == LB_OK && c < t->chunks; c++)
        for (size_t u = 0; u < t->view.units; u++)
            t->sizes[u] += t->parts[c * t->view.units + u];
    t->range.count = 0;
    return status;
}

int lb_transposer_new(lb_transposer **out, const lb_token_view *view,
                      const lb_transpose_options *options, lb_error *error) {
    *out = NULL;
    if (view->incidence->grams > UINT32_MAX)
        return lb_fail(error, LB_E_RESOURCE, "--ngrams", "audit the corpus in parts",
                       "%llu distinct n-grams are more than the token measures can number",
                       (unsigned long long)view->incidence->grams);
    lb_transposer *t = lb_alloc_zero(1, sizeof *t);
    if (!t)
        return lb_fail_memory(error, "turning the index round");
    t->view = *view;
    t->options = *options;
    t->options.threads = options->threads ? options->threads : 1;
    cut_chunks(t);
    int status = count_sizes(t, error);
    if (status < 0)
        lb_transposer_free(t);
    else
        *out = t;
    return status;
}

void lb_transposer_free(lb_transposer *t) {
    if (!t)
        return;
    lb_free(t->sizes);
    lb_free(t->offsets);
    lb_free(t->grams);
    lb_free(t->parts);
    lb_free(t);
}

const uint32_t *lb_transposer_sizes(const lb_transposer *t) {
    return t->sizes;
}

/* Moves the range behind the last one: as many units as the budget has room for. */
static void take_units(lb_transposer *t, uint64_t *pairs) {
    uint64_t room = t->options.memory ? t->options.memory / sizeof(uint32_t) : UINT64_MAX;
    t->range.first += t->range.count;
    t->range.count = 0;
    *pairs = 0;
    for (size_t u = t->range.first; u < t->view.units; u++) {
        if (t->range.count > 0 && t->sizes[u] > room - *pairs)
            return;
        *pairs += t->sizes[u];
        t->range.count++;
        if (*pairs > room) /* one unit alone may be larger than the budget */
            return;
    }
}

/* Where each unit's list begins, and each chunk's part in it: the parts become running sums. */
static void place_parts(lb_transposer *t) {
    size_t count = t->range.count;
    t->offsets[0] = 0;
    for (size_t u = 0; u < count; u++) {
        uint32_t before = 0;
        for (size_t c = 0; c < t->chunks; c++) {
            uint32_t here = t->parts[c * count + u];
            t->parts[c * count + u] = before;
            before += here;
        }
        t->offsets[u + 1] = t->offsets[u] + before;
    }
}

int lb_transposer_next(lb_transposer *t, lb_transpose *range, lb_error *error) {
    uint64_t pairs;
    take_units(t, &pairs);
    *range = t->range;
    if (t->range.count == 0)
        return LB_OK;
    if (pairs >= SIZE_MAX)
        return lb_fail_memory(error, "turning the index round");
    void *grams = lb_grow(t->grams, &t->gram_capacity, (size_t)pairs + 1, sizeof *t->grams, error);
    if (!grams)
        return LB_E_RESOURCE;
    t->grams = grams;
    void *offsets =
        lb_grow(t->offsets, &t->offset_capacity, t->range.count + 1, sizeof *t->offsets, error);
    if (!offsets)
        return LB_E_RESOURCE;
    t->offsets = offsets;
    int status = count_range(t, error);
    if (status < 0)
        return status;
    place_parts(t);
    status = lb_parallel(t->options.threads, t->chunks, fill_chunk, t, error);
    range->offsets = t->offsets;
    range->grams = t->grams;
    return status;
}

typedef struct list_job {
    lb_transpose range;
    lb_list_work *work;
    void *context;
} list_job;

static int work_unit(void *context, size_t i, unsigned worker, lb_error *error) {
    (void)error;
    const list_job *job = context;
    const lb_transpose *range = &job->range;
    job->work(job->context, range->first + i, range->grams + range->offsets[i],
              (uint32_t)(range->offsets[i + 1] - range->offsets[i]), worker);
    return LB_OK;
}

int lb_transposer_each(lb_transposer *t, lb_list_work *work, void *context, const char *stage,
                       const lb_progress *progress, lb_error *error) {
    list_job job = {.work = work, .context = context};
    for (;;) {
        int status = lb_transposer_next(t, &job.range, error);
        if (status < 0 || job.range.count == 0)
            return status;
        status = lb_parallel_small(t->options.threads, job.range.count, UNITS_A_PIECE, work_unit,
                                   &job, error);
        if (status < 0)
            return status;
        lb_progress_report(progress, stage, job.range.first + job.range.count, t->view.units);
    }
}
