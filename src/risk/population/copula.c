#include "risk/population/copula.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/random.h"
#include "base/thread.h"
#include "risk/population/copula_fit.h"
#include "risk/population/copula_normal.h"

enum { DEFAULT_TUPLES = 50000, DEFAULT_POINTS = 16, COPIES = 4, PIECE = 64 };

static const double SMALLEST_EXPONENT = 0.25, LARGEST_EXPONENT = 4;
static const uint32_t NO_TUPLE = UINT32_MAX;

/* A distinct combination of values: the rows [first, first + rows) of the sorted rows. */
typedef struct copula_tuple {
    uint64_t draw; /* keyed by the values: the lowest are evaluated */
    size_t first, rows;
    uint32_t holders; /* units that have it */
    uint32_t units;   /* evaluated units of which it is the least common combination */
    double probability, error;
} copula_tuple;

typedef struct hashed_row {
    uint64_t hash;
    uint32_t row;
} hashed_row;

typedef struct copula_job {
    const lb_table *table;
    const lb_copula_options *options;
    lb_copula_model model;
    hashed_row *sorted; /* [rows] by hash of the values, then row */
    copula_tuple *tuples;
    size_t tuple_count, evaluated;
    uint32_t *tuple_of; /* [units] the least common combination, NO_TUPLE: not evaluated */
    double *work;       /* [threads][per worker] */
    size_t work_size;
} copula_job;

static int compare_rows(const void *left, const void *right) {
    const hashed_row *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

static int compare_draws(const void *left, const void *right) {
    const copula_tuple *a = left, *b = right;
    if (a->draw != b->draw)
        return a->draw < b->draw ? -1 : 1;
    return (a->first > b->first) - (a->first < b->first);
}

/* Finds the distinct combinations and puts those first that are evaluated. Two combinations of one
 * 64-bit hash would be taken for one; that changes a mean over thousands by less than its error. */
static void find_tuples(copula_job *job) {
    const lb_table *table = job->table;
    for (size_t r = 0; r < table->rows; r++) {
        uint64_t hash = 0;
        for (size_t c = 0; c < table->quasi_identifier_count; c++)
            hash = lb_hash_mix(hash, table->quasi_identifiers[c].codes[r]);
        job->sorted[r] = (hashed_row){hash, (uint32_t)r};
    }
    if (table->rows)
        qsort(job->sorted, table->rows, sizeof *job->sorted, compare_rows);
    for (size_t r = 0; r < table->rows; r++) {
        if (r == 0 || job->sorted[r].hash != job->sorted[r - 1].hash)
            job->tuples[job->tuple_count++] = (copula_tuple){
                .draw = lb_hash_mix(job->options->seed, job->sorted[r].hash), .first = r};
        job->tuples[job->tuple_count - 1].rows++;
    }
    size_t most = job->options->tuples ? job->options->tuples : DEFAULT_TUPLES;
    if (job->tuple_count)
        qsort(job->tuples, job->tuple_count, sizeof *job->tuples, compare_draws);
    job->evaluated = job->tuple_count < most ? job->tuple_count : most;
}

static int evaluate_tuple(void *context, size_t i, unsigned worker, lb_error *error) {
    (void)error;
    copula_job *job = context;
    size_t n = job->model.columns;
    double *low = job->work + worker * job->work_size, *high = low + n, *work = high + n;
    lb_normal_box box = {n, job->model.correlation, low, high};
    unsigned points = job->options->points ? job->options->points : DEFAULT_POINTS;
    copula_tuple *tuple = &job->tuples[i];
    for (size_t c = 0; c < n; c++) {
        uint32_t row = job->sorted[tuple->first].row;
        uint32_t code = job->table->quasi_identifiers[c].codes[row];
        low[c] = job->model.margins[c].low[code];
        high[c] = job->model.margins[c].high[code];
    }
    tuple->probability =
        lb_normal_box_probability(&box, points, COPIES, tuple->draw, &tuple->error, work);
    return LB_OK;
}

/* The least common row decides; a unit of which a row was not evaluated is not evaluated. */
static void find_least_common(copula_job *job) {
    memset(job->tuple_of, 0xFF, job->table->units * sizeof *job->tuple_of);
    for (size_t i = job->tuple_count; i-- > 0;) {
        copula_tuple *tuple = &job->tuples[i];
        uint32_t last = NO_TUPLE;
        for (size_t k = 0; k < tuple->rows; k++) {
            uint32_t unit = job->table->unit[job->sorted[tuple->first + k].row];
            uint32_t *held = &job->tuple_of[unit];
            tuple->holders += unit != last;
            last = unit;
            if (*held == NO_TUPLE || i >= job->evaluated ||
                (*held < job->evaluated && tuple->probability <= job->tuples[*held].probability))
                *held = (uint32_t)i;
        }
    }
    for (size_t u = 0; u < job->table->units; u++) {
        uint32_t *held = &job->tuple_of[u];
        if (*held != NO_TUPLE && *held >= job->evaluated)
            *held = NO_TUPLE;
        if (*held != NO_TUPLE)
            job->tuples[*held].units++;
    }
}

/* (1 - p)^(people - 1): nobody else has the combination. */
static double nobody_else(double p, double people) {
    return p < 1 ? exp((people - 1) * log1p(-p)) : people <= 1;
}

/* (1 - (1 - p)^N) / (N p): a match is right, whoever of those with the combination it is. */
static double match_is_right(double p, double people) {
    if (p * people < 1e-9)
        return 1;
    return p < 1 ? -expm1(people * log1p(-p)) / (p * people) : 1 / people;
}

/* The sum over the evaluated units of a function of p^exponent and the number of people. */
static double sum_units(const copula_job *job, double exponent, double people,
                        double (*of)(double p, double people)) {
    double sum = 0;
    for (size_t i = 0; i < job->evaluated; i++)
        if (job->tuples[i].units)
            sum += job->tuples[i].units *
                   of(fmin(pow(job->tuples[i].probability, exponent), 1), people);
    return sum;
}

/* The exponent with which the model predicts as many uniques in the sample as there are; 1 where
 * there are none or nothing else, which says nothing. */
static double calibrate(const copula_job *job) {
    double unique = 0, units = 0, low = SMALLEST_EXPONENT, high = LARGEST_EXPONENT;
    for (size_t i = 0; i < job->evaluated; i++) {
        units += job->tuples[i].units;
        unique += job->tuples[i].holders == 1 ? job->tuples[i].units : 0;
    }
    if (unique <= 0 || unique >= units)
        return 1;
    for (int i = 0; i < 40; i++) {
        double middle = (low + high) / 2;
        if (sum_units(job, middle, (double)job->table->units, nobody_else) < unique)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

static void summarise(const copula_job *job, lb_copula_result *result) {
    double people = (double)job->options->population, errors = 0;
    result->exponent = calibrate(job);
    for (size_t u = 0; u < result->units; u++) {
        result->xi[u] = NAN;
        if (job->tuple_of[u] == NO_TUPLE)
            continue;
        double p = pow(job->tuples[job->tuple_of[u]].probability, result->exponent);
        result->xi[u] = match_is_right(fmin(p, 1), people);
        result->evaluated++;
    }
    if (result->evaluated == 0)
        return;
    double units = (double)result->evaluated;
    result->plain.xi_mean = sum_units(job, 1, people, match_is_right) / units;
    result->plain.unique_share = sum_units(job, 1, people, nobody_else) / units;
    result->calibrated.xi_mean = sum_units(job, result->exponent, people, match_is_right) / units;
    result->calibrated.unique_share = sum_units(job, result->exponent, people, nobody_else) / units;
    for (size_t i = 0; i < job->evaluated; i++)
        if (job->tuples[i].probability > 0)
            errors += job->tuples[i].error / job->tuples[i].probability;
    result->relative_error = errors / (double)job->evaluated;
}

static int estimate(copula_job *job, lb_arena *scratch, lb_copula_result *result, lb_error *error) {
    const lb_table *table = job->table;
    size_t n = table->quasi_identifier_count;
    unsigned threads = job->options->threads ? job->options->threads : 1;
    double *weights = lb_arena_alloc(scratch, table->rows, sizeof *weights);
    job->tuple_of = lb_arena_alloc(scratch, table->units, sizeof *job->tuple_of);
    job->sorted = lb_arena_alloc(scratch, table->rows, sizeof *job->sorted);
    job->tuples = lb_arena_alloc(scratch, table->rows, sizeof *job->tuples);
    job->work_size = 2 * n + n * (n + 5);
    job->work = lb_arena_alloc(scratch, threads, job->work_size * sizeof *job->work);
    result->xi = lb_arena_alloc(result->arena, table->units, sizeof *result->xi);
    if (!weights || !job->tuple_of || !job->sorted || !job->tuples || !job->work || !result->xi)
        return lb_fail_memory(error, "the generative estimate");
    for (size_t r = 0, end; r < table->rows; r = end) {
        for (end = r + 1; end < table->rows && table->unit[end] == table->unit[r];)
            end++;
        for (size_t k = r; k < end; k++)
            weights[k] = 1 / ((double)table->units * (double)(end - r));
    }
    int status = lb_copula_fit(&job->model, table, weights, threads, result->arena, error);
    if (status < 0)
        return status;
    result->correlation = job->model.correlation;
    if (n)
        find_tuples(job);
    status = lb_parallel_small(threads, job->evaluated, PIECE, evaluate_tuple, job, error);
    if (status < 0)
        return status;
    find_least_common(job);
    summarise(job, result);
    return LB_OK;
}

int lb_copula_run(const lb_table *table, const lb_copula_options *options, lb_copula_result *result,
                  lb_error *error) {
    *result = (lb_copula_result){.units = table->units,
                                 .columns = table->quasi_identifier_count,
                                 .plain = {NAN, NAN},
                                 .calibrated = {NAN, NAN},
                                 .exponent = NAN,
                                 .relative_error = NAN};
    if (options->population < table->units)
        return lb_fail(error, LB_E_USAGE, "--population",
                       "give the number of people that the corpus was drawn from",
                       "the population (%llu) is smaller than the corpus (%zu)",
                       (unsigned long long)options->population, table->units);
    if (table->quasi_identifier_count > LB_COPULA_COLUMNS_MAX)
        return lb_fail(error, LB_E_USAGE, "the generative estimate",
                       "name the quasi-identifiers that an attacker could know",
                       "%zu quasi-identifiers are more than %d", table->quasi_identifier_count,
                       LB_COPULA_COLUMNS_MAX);
    if (table->rows >= NO_TUPLE)
        return lb_fail(error, LB_E_RESOURCE, "the generative estimate",
                       "audit a sample of the table", "the table has more than 2^32 rows");
    copula_job job = {.table = table, .options = options};
    lb_arena *scratch = lb_arena_new();
    result->arena = lb_arena_new();
    int status = scratch && result->arena ? estimate(&job, scratch, result, error)
                                          : lb_fail_memory(error, "the generative estimate");
    lb_arena_free(scratch);
    if (status < 0)
        lb_copula_free(result);
    return status;
}

void lb_copula_free(lb_copula_result *result) {
    lb_arena_free(result->arena);
    *result = (lb_copula_result){0};
}
