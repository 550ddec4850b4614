#include "risk/words/worst_case.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/order.h"

enum {
    HEAVIEST = 4,    /* units with the most n-grams, of whom one is the first to be excluded */
    SAMPLE = 64,     /* others that are looked at one by one before the lists are asked */
    BEAM_STARTS = 8, /* rarest n-grams that the beam starts from */
    BEAM_WIDTH = 64  /* rarest n-grams that it adds from */
};

/* Scratch memory of one thread, and the unit it is at. */
typedef struct worst_worker {
    uint64_t *keys;      /* [largest |T_u|] n_t << 32 | n-gram, to sort by */
    uint32_t *grams;     /* the unit's n-grams, rarest first; "places" are indices into it */
    uint32_t *lacked[2]; /* places that the first, the second excluded unit lacks */
    uint32_t *dead[2];   /* by place: [0] not 0, all its sets are refuted; [1] the branch in which
                            all its sets are */
    uint32_t *same;      /* [units] who have all n-grams of the unit */
    uint32_t branch;     /* number of the branch of the first n-gram, from 1 */
    uint32_t size, unit;
    uint64_t steps; /* left */
} worst_worker;

typedef struct worst_job {
    const lb_token_view *view;
    uint64_t steps;
    lb_postings postings;
    const uint32_t *sizes;       /* [units] */
    uint32_t heaviest[HEAVIEST]; /* the largest first */
    size_t heaviest_count;
    worst_worker *workers;
    lb_worst_unit *unit;
} worst_job;

typedef enum search_end { REFUTED, FOUND, CUT } search_end;

static void sort_rarest_first(const worst_job *job, worst_worker *worker, const uint32_t *grams) {
    for (uint32_t i = 0; i < worker->size; i++)
        worker->keys[i] = (uint64_t)lb_postings_size(&job->postings, grams[i]) << 32 | grams[i];
    qsort(worker->keys, worker->size, sizeof *worker->keys, lb_order_u64);
    for (uint32_t i = 0; i < worker->size; i++)
        worker->grams[i] = (uint32_t)worker->keys[i];
}

/* Units who have every n-gram of the unit, it included. */
static uint32_t count_same(const worst_job *job, worst_worker *worker) {
    uint32_t first = worker->size < LB_POSTINGS_SET_MAX ? worker->size : LB_POSTINGS_SET_MAX;
    uint32_t count =
        lb_postings_list(&job->postings, worker->grams, first, UINT32_MAX, worker->same);
    for (uint32_t i = first; i < worker->size && count > 1; i++)
        count =
            lb_postings_filter(&job->postings, worker->grams[i], worker->same, count, worker->same);
    return count;
}

static bool spend(worst_worker *worker, uint64_t steps) {
    bool enough = worker->steps >= steps;
    worker->steps = enough ? worker->steps - steps : 0;
    return enough;
}

/* The places of the n-grams that `other` lacks, up to `most` of them. */
static uint32_t list_lacked(const worst_job *job, const worst_worker *worker, uint32_t other,
                            uint32_t most, uint32_t *places) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < worker->size && count < most; i++)
        if (!lb_postings_has(&job->postings, worker->grams[i], other))
            places[count++] = i;
    return count;
}

/* What to branch over first: what that one of the heaviest others lacks who lacks the least. */
static uint32_t list_first_branches(const worst_job *job, worst_worker *worker) {
    uint32_t *best = worker->lacked[0], *trial = worker->lacked[1], fewest = worker->size;
    for (uint32_t i = 0; i < worker->size; i++)
        best[i] = i;
    for (size_t h = 0; h < job->heaviest_count; h++) {
        if (job->heaviest[h] == worker->unit)
            continue;
        uint32_t count = list_lacked(job, worker, job->heaviest[h], fewest, trial);
        if (count < fewest) {
            memcpy(best, trial, count * sizeof *best);
            fewest = count;
        }
    }
    return fewest;
}

/* Some of the others who have all of the n-grams, the one with the longest list first, as that one
 * most likely lacks few of these. *all: there are no more. */
static uint32_t sample_others(const worst_job *job, const worst_worker *worker,
                              const uint32_t *grams, unsigned count, uint32_t *others, bool *all) {
    uint32_t listed = lb_postings_list(&job->postings, grams, count, SAMPLE + 1, others), left = 0;
    *all = listed <= SAMPLE;
    for (uint32_t i = 0; i < listed; i++) {
        uint32_t other = others[i];
        if (other == worker->unit)
            continue;
        others[left] = other;
        if (job->sizes[other] > job->sizes[others[0]]) {
            others[left] = others[0];
            others[0] = other;
        }
        left++;
    }
    return left;
}

static void order_witness(const worst_job *job, lb_worst_unit *unit) {
    for (unsigned i = 1; i < unit->witnesses; i++)
        for (unsigned j = i; j > 0 && lb_postings_size(&job->postings, unit->witness[j]) <
                                          lb_postings_size(&job->postings, unit->witness[j - 1]);
             j--) {
            uint32_t gram = unit->witness[j];
            unit->witness[j] = unit->witness[j - 1];
            unit->witness[j - 1] = gram;
        }
}

static search_end found_set(lb_worst_unit *found, const uint32_t *grams, uint8_t count) {
    memcpy(found->witness, grams, count * sizeof *grams);
    found->smallest = 1;
    found->witnesses = found->found = count;
    return FOUND;
}

/* Is there a third n-gram that excludes all who share the two? */
static search_end search_third(const worst_job *job, worst_worker *worker, const uint32_t *pair,
                               lb_worst_unit *found) {
    uint32_t others[SAMPLE + 1], set[3] = {pair[0], pair[1], 0};
    bool all;
    uint32_t count = sample_others(job, worker, pair, 2, others, &all);
    if (count == 0) /* only where the search for pairs was cut */
        return found_set(found, pair, 2);
    for (uint32_t c = 0; c < worker->size; c++) {
        if (worker->dead[0][c] || worker->dead[1][c] == worker->branch)
            continue;
        if (!spend(worker, 1))
            return CUT;
        set[2] = worker->grams[c];
        if (!lb_postings_any(&job->postings, set[2], others, count) &&
            (all || lb_postings_common(&job->postings, set, 3, NULL, 2) == 1))
            return found_set(found, set, 3);
    }
    return REFUTED;
}

/* Sets of m that have the n-gram at place `first`: they exclude `others[0]`, so one of the n-grams
 * that it lacks is in them. */
static search_end search_second(const worst_job *job, worst_worker *worker, unsigned m,
                                uint32_t first, lb_worst_unit *found) {
    uint32_t others[SAMPLE + 1], pair[2] = {worker->grams[first], 0};
    bool all;
    if (!spend(worker, worker->size))
        return CUT;
    sample_others(job, worker, pair, 1, others, &all);
    uint32_t branches = list_lacked(job, worker, others[0], worker->size, worker->lacked[1]);
    search_end end = REFUTED;
    for (uint32_t i = 0; end == REFUTED && i < branches; i++) {
        uint32_t second = worker->lacked[1][i];
        if (worker->dead[0][second])
            continue;
        if (!spend(worker, 1))
            return CUT;
        worker->dead[1][second] = worker->branch;
        pair[1] = worker->grams[second];
        if (m == 3)
            end = search_third(job, worker, pair, found);
        else if (lb_postings_common(&job->postings, pair, 2, NULL, 2) == 1)
            end = found_set(found, pair, 2);
    }
    return end;
}

/* A set that singles out excludes everyone, so one of the n-grams that the first other unit lacks
 * is in it. Once all sets with an n-gram are refuted it is dead: later branches go without it. */
static search_end search(const worst_job *job, worst_worker *worker, unsigned m,
                         lb_worst_unit *found) {
    memset(worker->dead[0], 0, worker->size * sizeof *worker->dead[0]);
    memset(worker->dead[1], 0, worker->size * sizeof *worker->dead[1]);
    worker->steps = job->steps;
    uint32_t branches = list_first_branches(job, worker);
    search_end end = REFUTED;
    for (uint32_t i = 0; end == REFUTED && i < branches; i++) {
        worker->branch = i + 1;
        worker->dead[0][worker->lacked[0][i]] = 1;
        end = search_second(job, worker, m, worker->lacked[0][i], found);
    }
    return end;
}

/* Adds to the set that n-gram which leaves the fewest units, if it leaves fewer. */
static void extend(const worst_job *job, const worst_worker *worker, lb_worst_unit *set) {
    uint32_t width = worker->size < BEAM_WIDTH ? worker->size : BEAM_WIDTH, best = UINT32_MAX;
    for (uint32_t i = 0; i < width; i++) {
        set->witness[set->witnesses] = worker->grams[i];
        uint32_t units = lb_postings_common(&job->postings, set->witness, set->witnesses + 1u, NULL,
                                            set->smallest);
        if (units < set->smallest) {
            set->smallest = units;
            best = i;
        }
    }
    set->witness[set->witnesses] = best == UINT32_MAX ? 0 : worker->grams[best];
    set->witnesses = (uint8_t)(set->witnesses + (best != UINT32_MAX));
}

/* The smallest anonymity set that up to three n-grams reach, greedily from each of the rarest.
 * No set is smaller than `floor`. */
static void reach(const worst_job *job, const worst_worker *worker, uint32_t floor,
                  lb_worst_unit *reached) {
    uint32_t starts = worker->size < BEAM_STARTS ? worker->size : BEAM_STARTS;
    for (uint32_t s = 0; s < starts && !(s > 0 && reached->smallest == floor); s++) {
        lb_worst_unit set = *reached;
        set.witness[0] = worker->grams[s];
        set.witnesses = 1;
        set.smallest = lb_postings_size(&job->postings, set.witness[0]);
        for (unsigned m = 1; m < LB_WORST_MAX && set.witnesses == m && set.smallest > floor; m++)
            extend(job, worker, &set);
        if (s == 0 || set.smallest < reached->smallest)
            *reached = set;
    }
}

static void judge(const worst_job *job, worst_worker *worker, lb_worst_unit *unit) {
    *unit = (lb_worst_unit){0};
    if (worker->size == 0)
        return;
    if (lb_postings_size(&job->postings, worker->grams[0]) == 1) {
        found_set(unit, worker->grams, 1);
        return;
    }
    uint32_t same = count_same(job, worker);
    unit->indistinct = same > 1;
    for (unsigned m = 2; m <= LB_WORST_MAX && !unit->indistinct && unit->found == 0; m++) {
        search_end end = search(job, worker, m, unit);
        if (end == CUT)
            unit->cut |= (uint8_t)(1u << (m - 1));
        else if (end == REFUTED || unit->found < m) /* which answers for fewer n-grams too */
            unit->cut = 0;
    }
    if (unit->found == 0)
        reach(job, worker, same, unit);
    order_witness(job, unit);
}

static void judge_unit(void *context, size_t unit, const uint32_t *grams, uint32_t size,
                       unsigned number) {
    const worst_job *job = context;
    worst_worker *worker = &job->workers[number];
    worker->unit = (uint32_t)unit;
    worker->size = size;
    sort_rarest_first(job, worker, grams);
    judge(job, worker, &job->unit[unit]);
}

static void find_heaviest(worst_job *job) {
    for (size_t u = 0; u < job->view->units; u++) {
        size_t place = job->heaviest_count;
        if (place == HEAVIEST && job->sizes[u] <= job->sizes[job->heaviest[HEAVIEST - 1]])
            continue;
        if (place == HEAVIEST)
            place--;
        else
            job->heaviest_count++;
        for (; place > 0 && job->sizes[job->heaviest[place - 1]] < job->sizes[u]; place--)
            job->heaviest[place] = job->heaviest[place - 1];
        job->heaviest[place] = (uint32_t)u;
    }
}

static int make_workers(worst_job *job, unsigned threads, lb_error *error) {
    size_t largest = job->heaviest_count ? job->sizes[job->heaviest[0]] : 0;
    job->workers = lb_alloc_zero(threads, sizeof *job->workers);
    bool ok = job->workers;
    for (unsigned w = 0; ok && w < threads; w++) {
        worst_worker *worker = &job->workers[w];
        worker->keys = lb_alloc(largest, sizeof *worker->keys);
        worker->grams = lb_alloc(largest, sizeof *worker->grams);
        worker->same = lb_alloc(job->view->units, sizeof *worker->same);
        ok = worker->keys && worker->grams && worker->same;
        for (unsigned i = 0; ok && i < 2; i++) {
            worker->lacked[i] = lb_alloc(largest, sizeof *worker->lacked[i]);
            worker->dead[i] = lb_alloc(largest, sizeof *worker->dead[i]);
            ok = worker->lacked[i] && worker->dead[i];
        }
    }
    return ok ? LB_OK : lb_fail_memory(error, "searching for the worst case");
}

static void free_workers(worst_job *job, unsigned threads) {
    for (unsigned w = 0; job->workers && w < threads; w++) {
        worst_worker *worker = &job->workers[w];
        lb_free(worker->keys);
        lb_free(worker->grams);
        lb_free(worker->same);
        for (unsigned i = 0; i < 2; i++) {
            lb_free(worker->lacked[i]);
            lb_free(worker->dead[i]);
        }
    }
    lb_free(job->workers);
}

static void summarize(lb_worst_case *result, size_t units) {
    for (size_t u = 0; u < units; u++) {
        const lb_worst_unit *unit = &result->unit[u];
        result->units += unit->witnesses > 0;
        result->indistinct += unit->indistinct;
        for (unsigned m = 1; m <= LB_WORST_MAX; m++) {
            result->found[m - 1] += unit->found > 0 && unit->found <= m;
            result->cut[m - 1] += unit->cut >> (m - 1) & 1;
        }
    }
    for (unsigned i = 0; i < LB_WORST_MAX; i++)
        result->share[i] = result->units ? (double)result->found[i] / (double)result->units : NAN;
}

int lb_worst_case_run(lb_worst_case *result, const lb_token_view *view,
                      const lb_worst_options *options, lb_error *error) {
    *result = (lb_worst_case){0};
    worst_job job = {.view = view, .steps = options->steps ? options->steps : LB_WORST_STEPS};
    unsigned threads = options->threads ? options->threads : 1;
    lb_transposer *transposer = NULL;
    int status = lb_transposer_new(&transposer, view,
                                   &(lb_transpose_options){threads, options->memory}, error);
    if (status == LB_OK)
        status = lb_postings_build(&job.postings, view, threads, error);
    if (status == LB_OK && !(job.unit = lb_alloc(view->units, sizeof *job.unit)))
        status = lb_fail_memory(error, "searching for the worst case");
    if (status == LB_OK) {
        job.sizes = lb_transposer_sizes(transposer);
        find_heaviest(&job);
        status = make_workers(&job, threads, error);
    }
    if (status == LB_OK)
        status = lb_transposer_each(transposer, judge_unit, &job, "worst case", options->progress,
                                    error);
    if (status == LB_OK) {
        result->unit = job.unit;
        summarize(result, view->units);
    } else
        lb_free(job.unit);
    free_workers(&job, threads);
    lb_postings_free(&job.postings);
    lb_transposer_free(transposer);
    return status;
}

void lb_worst_case_free(lb_worst_case *result) {
    lb_free(result->unit);
    *result = (lb_worst_case){0};
}
