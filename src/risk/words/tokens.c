#include "risk/words/tokens.h"

#include <math.h>
#include <stdlib.h>

#include "base/thread.h"

enum {
    PIECE = 1 << 16,     /* n-grams a thread takes at a time */
    FEW = 32,            /* n_t up to which each unit has a bit for the n-grams of n_t units */
    TRIM_AFTER = 1 << 14 /* pairs read here and there before the pages in memory are counted */
};

typedef struct unit_count {
    lb_token_exposure exposure;
    uint32_t few; /* bit n - 1: the unit uses an n-gram that n units use */
} unit_count;

/* Integers only, so that it does not matter which thread adds what. */
typedef struct token_worker {
    unit_count *counts; /* [units] */
    uint64_t unique, below_k;
} token_worker;

typedef struct token_job {
    const lb_incidence *incidence;
    uint32_t k;
    token_worker *workers;
} token_job;

static uint64_t piece_end(const lb_incidence *incidence, uint64_t from) {
    return from + PIECE < incidence->grams ? from + PIECE : incidence->grams;
}

static uint32_t users_of(const lb_incidence *incidence, uint64_t gram) {
    return (uint32_t)(incidence->offsets[gram + 1] - incidence->offsets[gram]);
}

static int count_piece(void *context, size_t piece, unsigned number, lb_error *error) {
    (void)error;
    const token_job *job = context;
    const lb_incidence *incidence = job->incidence;
    token_worker *worker = &job->workers[number];
    uint64_t start = (uint64_t)piece * PIECE, end = piece_end(incidence, start);
    for (uint64_t gram = start; gram < end; gram++) {
        uint32_t users = users_of(incidence, gram);
        uint32_t few = users <= FEW ? (uint32_t)1 << (users - 1) : 0;
        bool rare = users < job->k;
        worker->unique += users == 1;
        worker->below_k += rare;
        for (uint64_t i = incidence->offsets[gram]; i < incidence->offsets[gram + 1]; i++) {
            unit_count *count = &worker->counts[lb_pair_unit(incidence->units[i])];
            lb_token_exposure *exposure = &count->exposure;
            exposure->grams++;
            exposure->unique += users == 1;
            exposure->rare += rare;
            exposure->signatures += rare && lb_pair_repeated(incidence->units[i]);
            if (exposure->smallest == 0 || users < exposure->smallest)
                exposure->smallest = users;
            count->few |= few;
        }
    }
    lb_incidence_forget(incidence, start, end);
    return LB_OK;
}

static void add_count(unit_count *to, const unit_count *more) {
    const lb_token_exposure *exposure = &more->exposure;
    to->exposure.grams += exposure->grams;
    to->exposure.unique += exposure->unique;
    to->exposure.rare += exposure->rare;
    to->exposure.signatures += exposure->signatures;
    if (to->exposure.smallest == 0 ||
        (exposure->smallest != 0 && exposure->smallest < to->exposure.smallest))
        to->exposure.smallest = exposure->smallest;
    to->few |= more->few;
}

/* The sums of all workers end up in the first one's. */
static int count_all(const token_job *job, unsigned threads, size_t units, lb_token_result *result,
                     lb_error *error) {
    for (unsigned w = 0; w < threads; w++) {
        job->workers[w].counts = lb_alloc_zero(units, sizeof(unit_count));
        if (!job->workers[w].counts)
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
            add_count(&job->workers[0].counts[i], &job->workers[w].counts[i]);
    }
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

/* How many n-grams have which n_t, and those of more than FEW units in the order of n_t. Most
 * n-grams have few units: what is listed is at most a 33rd of the pairs. */
typedef struct users_order {
    uint64_t *grams;    /* [units + 1] n-grams that n units use */
    uint64_t *next;     /* [units + 1] places in frequent, while it is being filled */
    uint64_t *frequent; /* n-grams */
} users_order;

static void free_order(users_order *order) {
    lb_free(order->grams);
    lb_free(order->next);
    lb_free(order->frequent);
}

static int order_by_users(const lb_incidence *incidence, size_t units, users_order *order,
                          lb_error *error) {
    *order = (users_order){.grams = lb_alloc_zero(units + 1, sizeof *order->grams),
                           .next = lb_alloc_zero(units + 1, sizeof *order->next)};
    if (!order->grams || !order->next)
        return lb_fail_memory(error, "ordering tokens by users");
    for (uint64_t start = 0, end; start < incidence->grams; start = end) {
        end = piece_end(incidence, start);
        for (uint64_t gram = start; gram < end; gram++)
            order->grams[users_of(incidence, gram)]++;
        lb_incidence_forget(incidence, start, end);
    }
    uint64_t listed = 0;
    for (size_t n = FEW + 1; n <= units; n++) {
        order->next[n] = listed;
        listed += order->grams[n];
    }
    order->frequent = lb_alloc((size_t)listed, sizeof *order->frequent);
    if (!order->frequent)
        return lb_fail_memory(error, "ordering tokens by users");
    for (uint64_t start = 0, end; start < incidence->grams; start = end) {
        end = piece_end(incidence, start);
        for (uint64_t gram = start; gram < end; gram++)
            if (users_of(incidence, gram) > FEW)
                order->frequent[order->next[users_of(incidence, gram)]++] = gram;
        lb_incidence_forget(incidence, start, end);
    }
    return LB_OK;
}

/* Counts whom the n-grams of each n_t reach. */
typedef struct reach_count {
    const lb_incidence *incidence;
    const uint64_t *frequent; /* the next n-gram of more than FEW units */
    uint32_t *stamp;          /* [units] the last n_t by which the unit was reached */
    uint64_t few[FEW + 1];    /* units that an n-gram of n units reaches */
    uint64_t looked_at;       /* pairs since the pages in memory were last counted */
} reach_count;

/* Units that use at least one of the next `grams` n-grams, each of which `users` units use. */
static uint64_t count_reached(reach_count *count, uint64_t grams, uint32_t users) {
    const lb_incidence *incidence = count->incidence;
    uint64_t reached = 0;
    for (const uint64_t *end = count->frequent + grams; count->frequent < end; count->frequent++) {
        uint64_t first = incidence->offsets[*count->frequent];
        for (uint64_t i = first; i < first + users; i++) {
            uint32_t unit = lb_pair_unit(incidence->units[i]);
            reached += count->stamp[unit] != users;
            count->stamp[unit] = users;
        }
        count->looked_at += users;
        if (count->looked_at > TRIM_AFTER) {
            lb_incidence_trim(incidence);
            count->looked_at = 0;
        }
    }
    return reached;
}

static int fill_distribution(const lb_incidence *incidence, const unit_count *counts, size_t units,
                             lb_token_result *result, lb_error *error) {
    users_order order = {0};
    uint32_t *stamp = lb_alloc_zero(units, sizeof *stamp);
    uint64_t *firsts = lb_alloc_zero(units + 1, sizeof *firsts); /* units by their smallest n_t */
    int status = stamp && firsts ? order_by_users(incidence, units, &order, error)
                                 : lb_fail_memory(error, "counting whom tokens reach");
    size_t steps = 0;
    for (size_t n = 1; status == LB_OK && n <= units; n++)
        steps += order.grams[n] > 0;
    if (status == LB_OK && !(result->distribution = lb_alloc(steps, sizeof *result->distribution)))
        status = lb_fail_memory(error, "counting whom tokens reach");
    if (status == LB_OK) {
        reach_count count = {incidence, order.frequent, stamp, {0}, 0};
        for (size_t i = 0; i < units; i++) {
            firsts[counts[i].exposure.smallest]++;
            for (uint32_t few = counts[i].few; few != 0; few &= few - 1)
                count.few[__builtin_ctz(few) + 1]++;
        }
        uint64_t grams = 0, reached = 0;
        for (size_t n = 1; n <= units; n++) {
            grams += order.grams[n];
            reached += firsts[n];
            if (order.grams[n] > 0)
                result->distribution[result->steps++] = (lb_uniqueness_step){
                    (uint32_t)n, order.grams[n],
                    n <= FEW ? count.few[n] : count_reached(&count, order.grams[n], (uint32_t)n),
                    grams, reached};
        }
    }
    free_order(&order);
    lb_free(stamp);
    lb_free(firsts);
    return status;
}

/* The exposure of each unit, for the result to keep. */
static int keep_exposure(const unit_count *counts, size_t units, lb_token_result *result,
                         lb_error *error) {
    result->exposure = lb_alloc(units, sizeof *result->exposure);
    if (!result->exposure)
        return lb_fail_memory(error, "counting the users of tokens");
    for (size_t i = 0; i < units; i++)
        result->exposure[i] = counts[i].exposure;
    return LB_OK;
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
    if (status == LB_OK)
        status = keep_exposure(job.workers[0].counts, units, result, error);
    if (status == LB_OK) {
        result->occurrences = incidence->occurrences;
        result->distinct = incidence->grams;
        result->pairs = incidence->pairs;
        sum_units(units, result);
        status = fill_distribution(incidence, job.workers[0].counts, units, result, error);
    }
    for (unsigned w = 0; job.workers && w < threads; w++)
        lb_free(job.workers[w].counts);
    lb_free(job.workers);
    if (status < 0)
        lb_token_result_free(result);
    return status;
}

void lb_token_result_free(lb_token_result *result) {
    lb_free(result->distribution);
    lb_free(result->exposure);
    *result = (lb_token_result){0};
}
