#include "risk/words/km_anonymity.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/order.h"
#include "base/thread.h"

enum { PIECE = 8 /* first n-grams a thread takes at a time */ };
static const uint64_t STEPS = 1000000000;

/* The incidence with its n-grams renumbered, rarest first: what refutes is found at low numbers,
 * and a unit's list from some n-gram on holds all that is at least as frequent. */
typedef struct ranked_incidence {
    uint32_t *order; /* [grams] the n-gram of each rank */
    uint64_t *offsets;
    uint32_t *units;
    lb_incidence incidence;
} ranked_incidence;

/* How many units have each n-gram beside those chosen already; all 0 between uses. */
typedef struct km_tally {
    uint32_t *counts;  /* [grams] */
    uint32_t *touched; /* [grams] those above 0 */
    uint32_t touched_count;
} km_tally;

typedef struct km_worker {
    km_tally second, third;
    uint32_t *sharers; /* [units] who have the first two */
    lb_km_anonymity refuted;
} km_worker;

typedef struct km_job {
    const lb_incidence *incidence; /* ranked */
    lb_transpose lists;
    uint32_t k;
    unsigned m;
    uint64_t firsts; /* ranks to try as the first of a set */
    _Atomic uint64_t refuted_first;
    km_worker *workers;
} km_job;

static uint32_t users(const lb_incidence *incidence, uint64_t gram) {
    return (uint32_t)(incidence->offsets[gram + 1] - incidence->offsets[gram]);
}

/* Ranks by counting: n_t is at most the number of units. */
static int order_rarest_first(uint32_t *order, const lb_token_view *view, lb_error *error) {
    const lb_incidence *incidence = view->incidence;
    uint64_t *starts = lb_alloc_zero(view->units + 2, sizeof *starts);
    if (!starts)
        return lb_fail_memory(error, "ordering tokens by users");
    for (uint64_t gram = 0; gram < incidence->grams; gram++)
        starts[users(incidence, gram) + 1]++;
    for (size_t n = 0; n <= view->units; n++)
        starts[n + 1] += starts[n];
    for (uint64_t gram = 0; gram < incidence->grams; gram++)
        order[starts[users(incidence, gram)]++] = (uint32_t)gram;
    lb_free(starts);
    return LB_OK;
}

static void free_ranked(ranked_incidence *ranked) {
    lb_free(ranked->order);
    lb_free(ranked->offsets);
    lb_free(ranked->units);
}

static int make_ranked(ranked_incidence *ranked, const lb_token_view *view, lb_error *error) {
    const lb_incidence *incidence = view->incidence;
    ranked->order = lb_alloc((size_t)incidence->grams, sizeof *ranked->order);
    ranked->offsets = lb_alloc((size_t)incidence->grams + 1, sizeof *ranked->offsets);
    ranked->units = lb_alloc((size_t)incidence->pairs, sizeof *ranked->units);
    int status = ranked->order && ranked->offsets && ranked->units
                     ? order_rarest_first(ranked->order, view, error)
                     : lb_fail_memory(error, "ordering tokens by users");
    if (status < 0)
        return status;
    uint64_t at = 0;
    for (uint64_t rank = 0; rank < incidence->grams; rank++) {
        uint32_t count = users(incidence, ranked->order[rank]);
        ranked->offsets[rank] = at;
        memcpy(ranked->units + at, incidence->units + incidence->offsets[ranked->order[rank]],
               count * sizeof *ranked->units);
        at += count;
    }
    ranked->offsets[incidence->grams] = at;
    ranked->incidence = *incidence;
    ranked->incidence.offsets = ranked->offsets;
    ranked->incidence.units = ranked->units;
    return LB_OK;
}

/* Counts what a unit has beyond `after`, from the back of its list. */
static void tally_unit(const km_job *job, km_tally *tally, uint32_t unit, uint32_t after) {
    const uint32_t *first = job->lists.grams + job->lists.offsets[unit];
    for (const uint32_t *at = job->lists.grams + job->lists.offsets[unit + 1];
         at > first && at[-1] > after; at--)
        if (tally->counts[at[-1]]++ == 0)
            tally->touched[tally->touched_count++] = at[-1];
}

/* The rarest n-gram with fewer than k units in the tally, or UINT32_MAX. */
static uint32_t find_rare(const km_tally *tally, uint32_t k) {
    uint32_t rare = UINT32_MAX;
    for (uint32_t i = 0; i < tally->touched_count; i++)
        if (tally->counts[tally->touched[i]] < k && tally->touched[i] < rare)
            rare = tally->touched[i];
    return rare;
}

static void clear(km_tally *tally) {
    for (uint32_t i = 0; i < tally->touched_count; i++)
        tally->counts[tally->touched[i]] = 0;
    tally->touched_count = 0;
}

static uint32_t list_sharers(const km_job *job, uint32_t a, uint32_t b, uint32_t *sharers) {
    const lb_incidence *incidence = job->incidence;
    uint64_t i = incidence->offsets[a], j = incidence->offsets[b];
    uint32_t count = 0;
    while (i < incidence->offsets[a + 1] && j < incidence->offsets[b + 1]) {
        uint32_t u = lb_pair_unit(incidence->units[i]), v = lb_pair_unit(incidence->units[j]);
        if (u == v)
            sharers[count++] = u;
        i += u <= v;
        j += v <= u;
    }
    return count;
}

/* Sets of three that have a and b; pairs are known to hold. */
static bool refute_pair(const km_job *job, km_worker *worker, uint32_t a, uint32_t b) {
    uint32_t count = list_sharers(job, a, b, worker->sharers);
    for (uint32_t i = 0; i < count; i++)
        tally_unit(job, &worker->third, worker->sharers[i], b);
    uint32_t rare = find_rare(&worker->third, job->k);
    if (rare != UINT32_MAX)
        worker->refuted = (lb_km_anonymity){
            .set = {a, b, rare}, .set_size = 3, .units = worker->third.counts[rare]};
    clear(&worker->third);
    return rare != UINT32_MAX;
}

/* Sets of job->m whose rarest n-gram is `first`. */
static bool refute_first(const km_job *job, km_worker *worker, uint32_t first) {
    const lb_incidence *incidence = job->incidence;
    km_tally *tally = &worker->second;
    for (uint64_t i = incidence->offsets[first]; i < incidence->offsets[first + 1]; i++)
        tally_unit(job, tally, lb_pair_unit(incidence->units[i]), first);
    bool refuted = false;
    if (job->m == 2) {
        uint32_t rare = find_rare(tally, job->k);
        refuted = rare != UINT32_MAX;
        if (refuted)
            worker->refuted = (lb_km_anonymity){
                .set = {first, rare}, .set_size = 2, .units = tally->counts[rare]};
    } else {
        qsort(tally->touched, tally->touched_count, sizeof *tally->touched, lb_order_u32);
        for (uint32_t i = 0; !refuted && i < tally->touched_count; i++)
            refuted = refute_pair(job, worker, first, tally->touched[i]);
    }
    clear(tally);
    return refuted;
}

/* Pieces begin in order, and none before the first that refutes is left out: which set is found
 * does not depend on the threads. */
static int try_first(void *context, size_t first, unsigned number, lb_error *error) {
    (void)error;
    km_job *job = context;
    km_worker *worker = &job->workers[number];
    uint64_t known = atomic_load(&job->refuted_first);
    /* a worker's pieces ascend: what it found first is its least */
    if (known < first || !refute_first(job, worker, (uint32_t)first))
        return LB_OK;
    while (first < known && !atomic_compare_exchange_weak(&job->refuted_first, &known, first))
        ;
    return LB_OK;
}

/* How many first n-grams the budget allows: what each costs is bounded by the lists of its units,
 * so the cut is where it is whatever the threads. */
static uint64_t affordable(const km_job *job, uint64_t steps) {
    const lb_incidence *incidence = job->incidence;
    for (uint64_t first = 0; first < incidence->grams; first++)
        for (uint64_t i = incidence->offsets[first]; i < incidence->offsets[first + 1]; i++) {
            uint32_t unit = lb_pair_unit(incidence->units[i]);
            uint64_t size = job->lists.offsets[unit + 1] - job->lists.offsets[unit];
            uint64_t cost = job->m == 2 ? size : size * size / 2; /* size is below 2^32 */
            if (cost > steps)
                return first;
            steps -= cost;
        }
    return incidence->grams;
}

static int make_workers(km_job *job, unsigned threads, size_t units, lb_error *error) {
    size_t grams = (size_t)job->incidence->grams;
    job->workers = lb_alloc_zero(threads, sizeof *job->workers);
    bool ok = job->workers;
    for (unsigned w = 0; ok && w < threads; w++) {
        km_worker *worker = &job->workers[w];
        worker->sharers = lb_alloc(units, sizeof *worker->sharers);
        worker->second.counts = lb_alloc_zero(grams, sizeof(uint32_t));
        worker->second.touched = lb_alloc(grams, sizeof(uint32_t));
        worker->third.counts = lb_alloc_zero(grams, sizeof(uint32_t));
        worker->third.touched = lb_alloc(grams, sizeof(uint32_t));
        ok = worker->sharers && worker->second.counts && worker->second.touched &&
             worker->third.counts && worker->third.touched;
    }
    return ok ? LB_OK : lb_fail_memory(error, "counting sets of tokens");
}

static void free_workers(km_job *job, unsigned threads) {
    for (unsigned w = 0; job->workers && w < threads; w++) {
        lb_free(job->workers[w].sharers);
        lb_free(job->workers[w].second.counts);
        lb_free(job->workers[w].second.touched);
        lb_free(job->workers[w].third.counts);
        lb_free(job->workers[w].third.touched);
    }
    lb_free(job->workers);
}

/* Tries m = 2, then 3, and stops at the first that is refuted or too dear. */
static int try_larger(km_job *job, unsigned threads, const lb_km_options *options,
                      lb_km_anonymity *result, lb_error *error) {
    uint64_t steps = options->steps ? options->steps : STEPS;
    for (job->m = 2; job->m <= LB_KM_MAX; job->m++) {
        job->firsts = affordable(job, steps);
        atomic_store(&job->refuted_first, UINT64_MAX);
        int status = lb_parallel_small(threads, (size_t)job->firsts, PIECE, try_first, job, error);
        if (status < 0)
            return status;
        uint64_t first = atomic_load(&job->refuted_first);
        for (unsigned w = 0; w < threads && first != UINT64_MAX; w++)
            if (job->workers[w].refuted.set_size == job->m &&
                job->workers[w].refuted.set[0] == first) {
                *result = job->workers[w].refuted;
                result->m = job->m - 1;
                return LB_OK;
            }
        result->cut = job->firsts < job->incidence->grams;
        if (result->cut)
            return LB_OK;
        result->m = job->m;
        lb_progress_report(options->progress, "k^m-anonymity", job->m, LB_KM_MAX);
    }
    return LB_OK;
}

static int try_sets(lb_km_anonymity *result, const lb_token_view *view,
                    const lb_km_options *options, lb_error *error) {
    unsigned threads = options->threads ? options->threads : 1;
    km_job job = {.k = options->k};
    ranked_incidence ranked = {0};
    lb_transposer *transposer = NULL;
    int status = make_ranked(&ranked, view, error);
    if (status == LB_OK) {
        job.incidence = &ranked.incidence;
        lb_token_view ranked_view = {&ranked.incidence, view->facts, view->units};
        status = lb_transposer_new(&transposer, &ranked_view, &(lb_transpose_options){threads, 0},
                                   error);
    }
    if (status == LB_OK)
        status = lb_transposer_next(transposer, &job.lists, error);
    if (status == LB_OK)
        status = make_workers(&job, threads, view->units, error);
    if (status == LB_OK)
        status = try_larger(&job, threads, options, result, error);
    for (unsigned i = 0; status == LB_OK && i < result->set_size; i++)
        result->set[i] = ranked.order[result->set[i]];
    free_workers(&job, threads);
    lb_transposer_free(transposer);
    free_ranked(&ranked);
    return status;
}

int lb_km_anonymity_run(lb_km_anonymity *result, const lb_token_view *view,
                        const lb_km_options *options, lb_error *error) {
    const lb_incidence *incidence = view->incidence;
    *result = (lb_km_anonymity){0};
    uint64_t rarest = 0;
    for (uint64_t gram = 1; gram < incidence->grams; gram++)
        if (users(incidence, gram) < users(incidence, rarest))
            rarest = gram;
    if (incidence->grams > 0 && users(incidence, rarest) < options->k) {
        *result = (lb_km_anonymity){
            .set = {(uint32_t)rarest}, .set_size = 1, .units = users(incidence, rarest)};
        return LB_OK;
    }
    if (incidence->grams == 0 || options->k <= 1) {
        result->m = LB_KM_MAX;
        return LB_OK;
    }
    result->m = 1;
    unsigned threads = options->threads ? options->threads : 1;
    double needed = 8.0 * (double)incidence->pairs + 12.0 * (double)incidence->grams +
                    threads * (16.0 * (double)incidence->grams + 4.0 * (double)view->units);
    if (options->memory && needed > (double)options->memory) {
        result->cut = true;
        return LB_OK;
    }
    return try_sets(result, view, options, error);
}
