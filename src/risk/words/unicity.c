#include "risk/words/unicity.h"

#include <math.h>

#include "base/memory.h"

enum { DRAWS_MIN = 20, DRAWS_TOGETHER = 38415, BOOTSTRAP_BELOW = 1000, RESAMPLES = 1000 };

static const double CONFIDENCE = 0.95, NORMAL_95 = 1.959963984540054;
static const char *const purposes[LB_UNICITY_SIZES] = {"tokens.unicity_p2", "tokens.unicity_p3",
                                                       "tokens.unicity_p4", "tokens.unicity_p5"};

/* C(size, p), or `bound` + 1 where that is larger than `bound`. */
static uint64_t subsets(uint32_t size, unsigned p, uint64_t bound) {
    uint64_t count = 1;
    for (unsigned i = 0; i < p && count <= bound; i++)
        count = count * (size - i) / (i + 1);  /* C(size, i + 1), which only grows from here: */
    return count <= bound ? count : bound + 1; /* p <= size / 2 is seen to by the caller */
}

lb_gram_draws lb_gram_draws_begin(const uint32_t *grams, uint32_t size, unsigned p, unsigned draws,
                                  lb_random random) {
    uint64_t sets = subsets(size, p < size - p ? p : size - p, draws);
    lb_gram_draws result = {.grams = grams,
                            .size = size,
                            .p = p,
                            .left = sets <= draws ? (unsigned)sets : draws,
                            .all = sets <= draws,
                            .random = random};
    for (unsigned i = 0; i < p; i++)
        result.chosen[i] = i;
    if (result.all && p > 0)
        result.chosen[p - 1]--; /* the first step makes it the first set */
    return result;
}

/* The next set in lexicographic order. */
static void step(lb_gram_draws *draws) {
    unsigned i = draws->p - 1;
    while (i > 0 && draws->chosen[i] == draws->size - draws->p + i)
        i--;
    draws->chosen[i]++;
    for (unsigned j = i + 1; j < draws->p; j++)
        draws->chosen[j] = draws->chosen[j - 1] + 1;
}

/* A uniform set without replacement in p draws (Floyd; Bentley & Floyd 1987). */
static void draw(lb_gram_draws *draws) {
    for (unsigned i = 0; i < draws->p; i++) {
        uint32_t last = draws->size - draws->p + i;
        uint32_t place = (uint32_t)lb_random_below(&draws->random, (uint64_t)last + 1);
        for (unsigned j = 0; j < i; j++)
            if (draws->chosen[j] == place)
                place = last; /* which no earlier draw could be */
        draws->chosen[i] = place;
    }
}

bool lb_gram_draws_next(lb_gram_draws *draws, uint32_t set[LB_UNICITY_MAX]) {
    if (draws->left == 0)
        return false;
    draws->left--;
    if (draws->all)
        step(draws);
    else
        draw(draws);
    for (unsigned i = 0; i < draws->p; i++)
        set[i] = draws->grams[draws->chosen[i]];
    return true;
}

unsigned lb_unicity_draws(uint64_t units) {
    uint64_t needed = units ? (DRAWS_TOGETHER - 1) / units + 1 : 0;
    return needed > DRAWS_MIN ? (unsigned)needed : DRAWS_MIN;
}

typedef struct unicity_job {
    const lb_token_view *view;
    const lb_unicity_options *options;
    lb_postings postings;
    unsigned draws[LB_UNICITY_SIZES];
    /* [units] of sets that single out; below 0: too few n-grams */
    double *shares[LB_UNICITY_SIZES];
} unicity_job;

static double share_unique(const unicity_job *job, size_t unit, const uint32_t *grams,
                           uint32_t size, unsigned p) {
    unsigned place = p - LB_UNICITY_MIN, count = 0, unique = 0;
    if (size < p)
        return -1;
    uint32_t set[LB_UNICITY_MAX];
    lb_gram_draws draws = lb_gram_draws_begin(
        grams, size, p, job->draws[place],
        lb_random_keyed(job->options->seed, purposes[place], job->view->facts[unit].hash));
    for (; lb_gram_draws_next(&draws, set); count++)
        unique += lb_postings_common(&job->postings, set, p, NULL, 2) == 1;
    return (double)unique / count;
}

static void measure_unit(void *context, size_t unit, const uint32_t *grams, uint32_t size,
                         unsigned worker) {
    (void)worker;
    const unicity_job *job = context;
    for (unsigned p = LB_UNICITY_MIN; p <= LB_UNICITY_MAX; p++)
        job->shares[p - LB_UNICITY_MIN][unit] = share_unique(job, unit, grams, size, p);
}

static void plan_draws(unicity_job *job, const uint32_t *sizes, lb_unicity *results) {
    for (unsigned i = 0; i < LB_UNICITY_SIZES; i++) {
        lb_unicity *result = &results[i];
        *result = (lb_unicity){.p = LB_UNICITY_MIN + i, .value = NAN, .interval = {0, 1}};
        for (size_t u = 0; u < job->view->units; u++)
            result->units += sizes[u] >= result->p;
        result->draws = lb_unicity_draws(result->units);
        job->draws[i] = result->draws;
    }
}

static lb_interval interval_over_units(const double *shares, const uint64_t *keys, size_t count,
                                       double mean, uint64_t seed, const char *purpose) {
    double squares = 0;
    for (size_t i = 0; i < count; i++)
        squares += (shares[i] - mean) * (shares[i] - mean);
    if (mean <= 0 || mean >= 1)
        return lb_interval_clopper_pearson(mean <= 0 ? 0 : count, count, CONFIDENCE);
    if (count < BOOTSTRAP_BELOW)
        return lb_interval_bootstrap_mean(shares, keys, count, seed, purpose, RESAMPLES,
                                          CONFIDENCE);
    double half = NORMAL_95 * sqrt(squares / (double)(count - 1) / (double)count);
    return (lb_interval){fmax(0, mean - half), fmin(1, mean + half)};
}

/* Sums run in the order of the units' hashes, over those with enough n-grams. */
static int summarize(unicity_job *job, lb_unicity *results, lb_error *error) {
    uint64_t *keys = lb_alloc(job->view->units, sizeof *keys);
    if (!keys)
        return lb_fail_memory(error, "averaging the unicity of tokens");
    for (unsigned i = 0; i < LB_UNICITY_SIZES; i++) {
        double *shares = job->shares[i], sum = 0;
        size_t count = 0;
        for (size_t u = 0; u < job->view->units; u++)
            if (shares[u] >= 0) {
                sum += shares[u];
                keys[count] = job->view->facts[u].hash;
                shares[count++] = shares[u];
            }
        if (count == 0)
            continue;
        results[i].value = sum / (double)count;
        results[i].interval = interval_over_units(shares, keys, count, results[i].value,
                                                  job->options->seed, purposes[i]);
    }
    lb_free(keys);
    return LB_OK;
}

int lb_unicity_run(lb_unicity results[LB_UNICITY_SIZES], const lb_token_view *view,
                   const lb_unicity_options *options, lb_error *error) {
    unicity_job job = {.view = view, .options = options};
    unsigned threads = options->threads ? options->threads : 1;
    lb_transposer *transposer = NULL;
    int status = lb_transposer_new(&transposer, view,
                                   &(lb_transpose_options){threads, options->memory}, error);
    if (status == LB_OK)
        status = lb_postings_build(&job.postings, view, threads, error);
    for (unsigned i = 0; status == LB_OK && i < LB_UNICITY_SIZES; i++)
        if (!(job.shares[i] = lb_alloc(view->units, sizeof *job.shares[i])))
            status = lb_fail_memory(error, "measuring the unicity of tokens");
    if (status == LB_OK) {
        plan_draws(&job, lb_transposer_sizes(transposer), results);
        status =
            lb_transposer_each(transposer, measure_unit, &job, "unicity", options->progress, error);
    }
    if (status == LB_OK)
        status = summarize(&job, results, error);
    for (unsigned i = 0; i < LB_UNICITY_SIZES; i++)
        lb_free(job.shares[i]);
    lb_postings_free(&job.postings);
    lb_transposer_free(transposer);
    return status;
}
