#include "risk/tokens.h"

#include <math.h>
#include <stdlib.h>

#include "base/thread.h"

enum {
    PIECE = 1 << 16,       /* n-grams a thread takes at a time */
    FORGET_AFTER = 1 << 22 /* pairs whose pages are held, where they lie in a file */
};

/* Integers only, so that it does not matter which thread adds what. */
typedef struct token_worker {
    lb_token_exposure *exposure; /* [units] */
    uint64_t unique, below_k;
} token_worker;

typedef struct token_job {
    const lb_incidence *incidence;
    uint32_t k;
    token_worker *workers;
} token_job;

static int count_piece(void *context, size_t piece, unsigned number, lb_error *error) {
    (void)error;
    const token_job *job = context;
    const lb_incidence *incidence = job->incidence;
    token_worker *worker = &job->workers[number];
    uint64_t end = (piece + 1) * PIECE < incidence->grams ? (piece + 1) * PIECE : incidence->grams;
    for (uint64_t gram = piece * PIECE; gram < end; gram++) {
        uint64_t from = incidence->offsets[gram], to = incidence->offsets[gram + 1];
        uint32_t users = (uint32_t)(to - from);
        bool rare = users < job->k;
        worker->unique += users == 1;
        worker->below_k += rare;
        for (uint64_t i = from; i < to; i++) {
            lb_token_exposure *exposure = &worker->exposure[lb_pair_unit(incidence->units[i])];
            exposure->grams++;
            exposure->unique += users == 1;
            exposure->rare += rare;
            exposure->signatures += rare && lb_pair_repeated(incidence->units[i]);
            if (exposure->smallest == 0 || users < exposure->smallest)
                exposure->smallest = users;
        }
    }
    lb_incidence_forget(incidence, piece * PIECE, end);
    return LB_OK;
}

static void add_exposure(lb_token_exposure *to, const lb_token_exposure *more) {
    to->grams += more->grams;
    to->unique += more->unique;
    to->rare += more->rare;
    to->signatures += more->signatures;
    if (to->smallest == 0 || (more->smallest != 0 && more->smallest < to->smallest))
        to->smallest = more->smallest;
}

static int count_all(const token_job *job, unsigned threads, size_t units, lb_token_result *result,
                     lb_error *error) {
    for (unsigned w = 0; w < threads; w++) {
        job->workers[w].exposure = lb_alloc_zero(units, sizeof(lb_token_exposure));
        if (!job->workers[w].exposure)
            return lb_fail_memory(error, "counting the users of tokens");
    }
    size_t pieces = (size_t)((job->incidence->grams + PIECE - 1) / PIECE);
    int status = lb_parallel(threads, pieces, count_piece, (void *)job, error);
    if (status < 0)
        return status;
    for (unsigned w = 0; w < threads; w++) {
        result->unique += job->workers[w].unique;
        result->below_k += job->workers[w].below_k;
        for (size_t i = 0; w > 0 && i < units; i++)
            add_exposure(&job->workers[0].exposure[i], &job->workers[w].exposure[i]);
    }
    result->exposure = job->workers[0].exposure;
    job->workers[0].exposure = NULL;
    return LB_OK;
}

/* Sums over units run in the order of their numbers: the same bits whatever the threads. */
static void sum_units(size_t units, lb_token_result *result) {
    double rtu = 0, unicity = 0;
    for (size_t i = 0; i < units; i++) {
        const lb_token_exposure *exposure = &result->exposure[i];
        if (exposure->grams == 0)
            continue;
        result->units_with_grams++;
        result->units_with_unique += exposure->unique > 0;
        result->units_with_signature += exposure->signatures > 0;
        rtu += 1.0 / exposure->smallest;
        unicity += (double)exposure->unique / exposure->grams;
    }
    double count = result->units_with_grams > 0 ? (double)result->units_with_grams : NAN;
    result->unique_share = (double)result->units_with_unique / count;
    result->signature_share = (double)result->units_with_signature / count;
    result->rtu = rtu / count;
    result->unicity_1 = unicity / count;
}

/* The n-grams in the order of n_t, by counting: starts[n] is where those of n units begin. */
static int order_by_users(const lb_incidence *incidence, size_t units, uint64_t **order,
                          uint64_t **starts, lb_error *error) {
    *order = lb_alloc((size_t)incidence->grams, sizeof **order);
    *starts = lb_alloc_zero(units + 2, sizeof **starts);
    if (!*order || !*starts)
        return lb_fail_memory(error, "ordering tokens by users");
    for (uint64_t gram = 0; gram < incidence->grams; gram++)
        (*starts)[incidence->offsets[gram + 1] - incidence->offsets[gram] + 1]++;
    for (size_t n = 0; n <= units; n++)
        (*starts)[n + 1] += (*starts)[n];
    for (uint64_t gram = 0; gram < incidence->grams; gram++)
        (*order)[(*starts)[incidence->offsets[gram + 1] - incidence->offsets[gram]]++] = gram;
    for (size_t n = units + 1; n > 0; n--) /* filling moved each start to the next one's place */
        (*starts)[n] = (*starts)[n - 1];
    (*starts)[0] = 0;
    return LB_OK;
}

/* Counts whom n-grams reach, some at a time; stamp[unit] marks who was seen for the n_t at hand. */
typedef struct reach_count {
    const lb_incidence *incidence;
    const uint64_t *order;
    uint32_t *stamp;
    uint64_t looked_at; /* pairs since their pages were last given back */
} reach_count;

/* Units that use at least one of the n-grams order[from ... to-1], each of which `users` units use.
 */
static uint64_t count_reached(reach_count *count, uint64_t from, uint64_t to, uint32_t users) {
    const lb_incidence *incidence = count->incidence;
    uint64_t reached = 0;
    for (uint64_t i = from; i < to; i++) {
        uint64_t first = incidence->offsets[count->order[i]];
        for (uint64_t j = first; j < first + users; j++) {
            uint32_t unit = lb_pair_unit(incidence->units[j]);
            reached += count->stamp[unit] != users;
            count->stamp[unit] = users;
        }
        count->looked_at += users;
        if (count->looked_at > FORGET_AFTER) {
            lb_incidence_forget(incidence, 0, incidence->grams);
            count->looked_at = 0;
        }
    }
    return reached;
}

static int fill_distribution(const lb_incidence *incidence, size_t units, lb_token_result *result,
                             lb_error *error) {
    uint64_t *order = NULL, *starts = NULL;
    uint32_t *stamp = lb_alloc_zero(units, sizeof *stamp);
    uint64_t *firsts = lb_alloc_zero(units + 1, sizeof *firsts); /* units by their smallest n_t */
    int status = stamp && firsts ? order_by_users(incidence, units, &order, &starts, error)
                                 : lb_fail_memory(error, "counting whom tokens reach");
    size_t steps = 0;
    for (size_t n = 1; status == LB_OK && n <= units; n++)
        steps += starts[n + 1] > starts[n];
    if (status == LB_OK && !(result->distribution = lb_alloc(steps, sizeof *result->distribution)))
        status = lb_fail_memory(error, "counting whom tokens reach");
    if (status == LB_OK) {
        for (size_t i = 0; i < units; i++)
            firsts[result->exposure[i].smallest]++;
        uint64_t grams = 0, reached = 0;
        reach_count count = {incidence, order, stamp, 0};
        for (size_t n = 1; n <= units; n++) {
            uint64_t from = starts[n], to = starts[n + 1];
            reached += firsts[n];
            grams += to - from;
            if (to > from)
                result->distribution[result->steps++] = (lb_uniqueness_step){
                    (uint32_t)n, to - from, count_reached(&count, from, to, (uint32_t)n), grams,
                    reached};
        }
    }
    lb_free(order);
    lb_free(starts);
    lb_free(stamp);
    lb_free(firsts);
    return status;
}

int lb_tokens_run(const lb_index *index, const lb_token_options *options, lb_token_result *result,
                  lb_error *error) {
    *result = (lb_token_result){0};
    const lb_incidence *incidence = lb_index_incidence(index, options->length);
    if (!incidence)
        return lb_fail(error, LB_E_USAGE, "--ngrams", "ask for n-grams that were indexed",
                       "n-grams of length %u are not in the index", options->length);
    size_t units = lb_index_units(index);
    unsigned threads = options->threads > 0 ? options->threads : 1;
    token_job job = {incidence, options->k, lb_alloc_zero(threads, sizeof(token_worker))};
    int status = job.workers ? count_all(&job, threads, units, result, error)
                             : lb_fail_memory(error, "counting the users of tokens");
    for (unsigned w = 0; job.workers && w < threads; w++)
        lb_free(job.workers[w].exposure);
    lb_free(job.workers);
    if (status == LB_OK) {
        result->occurrences = incidence->occurrences;
        result->distinct = incidence->grams;
        result->pairs = incidence->pairs;
        sum_units(units, result);
        status = fill_distribution(incidence, units, result, error);
    }
    if (status < 0)
        lb_token_result_free(result);
    return status;
}

void lb_token_result_free(lb_token_result *result) {
    lb_free(result->distribution);
    lb_free(result->exposure);
    *result = (lb_token_result){0};
}
