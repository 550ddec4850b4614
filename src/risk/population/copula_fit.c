#include "risk/population/copula_fit.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/thread.h"
#include "risk/population/copula_normal.h"

enum { ANALYSIS_ROUNDS = 30 };
static const double LARGEST_CORRELATION = 0.98, LEAST_EIGENVALUE = 0.01;

/* --- the order of values --- */

typedef struct placed_value {
    double place;
    uint32_t code;
} placed_value;

static int compare_places(const void *left, const void *right) {
    const placed_value *a = left, *b = right;
    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    return (a->code > b->code) - (a->code < b->code);
}

/* Centres the column's places and gives them unit variance under the shares. */
static void standardise(double *places, const double *shares, size_t count) {
    double mean = 0, variance = 0;
    for (size_t v = 0; v < count; v++)
        mean += shares[v] * places[v];
    for (size_t v = 0; v < count; v++)
        variance += shares[v] * (places[v] - mean) * (places[v] - mean);
    double scale = variance > 1e-300 ? 1 / sqrt(variance) : 0;
    for (size_t v = 0; v < count; v++)
        places[v] = (places[v] - mean) * scale;
}

/* First axis of a multiple correspondence analysis by reciprocal averaging: a row stands at the
 * mean of its values' places, a value at the mean of its rows'. */
static void place_values(const lb_table *table, const double *weights, double *const *shares,
                         double *const *places, double *rows) {
    for (int round = 0; round < ANALYSIS_ROUNDS; round++) {
        memset(rows, 0, table->rows * sizeof *rows);
        for (size_t c = 0; c < table->quasi_identifier_count; c++)
            for (size_t r = 0; r < table->rows; r++)
                rows[r] += places[c][table->quasi_identifiers[c].codes[r]];
        for (size_t c = 0; c < table->quasi_identifier_count; c++) {
            const lb_column *column = &table->quasi_identifiers[c];
            size_t count = (size_t)column->distinct + 1;
            memset(places[c], 0, count * sizeof **places);
            for (size_t r = 0; r < table->rows; r++)
                places[c][column->codes[r]] += weights[r] * rows[r];
            for (size_t v = 0; v < count; v++)
                places[c][v] /= shares[c][v] > 0 ? shares[c][v] : 1;
            standardise(places[c], shares[c], count);
        }
    }
}

/* --- margins --- */

/* Cuts the normal scale among the values in their order; the sums from above are made apart, so
 * that the upper tail keeps its digits. */
static void cut_scale(const placed_value *order, size_t count, const double *shares, double *low,
                      double *high) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        low[order[i].code] = sum;
        sum += shares[order[i].code];
        high[order[i].code] = sum;
    }
    sum = 0;
    for (size_t i = count; i-- > 0;) {
        uint32_t v = order[i].code;
        double above = sum;
        sum += shares[v];
        high[v] = i + 1 == count ? INFINITY : lb_normal_quantile(high[v], above);
        low[v] = i == 0 ? -INFINITY : lb_normal_quantile(low[v], sum);
    }
}

/* A value goes into the bin of the middle of its share; bins are numbered without gaps. */
static void cut_bins(const placed_value *order, size_t count, const double *shares,
                     lb_copula_margin *margin, uint8_t *bin) {
    double sum = 0;
    int last = -1;
    for (size_t i = 0; i < count; i++) {
        uint32_t v = order[i].code;
        int slot = (int)fmin((sum + shares[v] / 2) * LB_COPULA_BINS, LB_COPULA_BINS - 1);
        sum += shares[v];
        if (shares[v] <= 0) {
            bin[v] = 0;
            continue;
        }
        if (slot != last) {
            margin->edges[margin->bins] = margin->low[v];
            margin->shares[margin->bins++] = 0;
            last = slot;
        }
        bin[v] = (uint8_t)(margin->bins - 1);
        margin->shares[margin->bins - 1] += shares[v];
    }
    margin->edges[0] = -INFINITY;
    margin->edges[margin->bins] = INFINITY;
}

static int fit_margin(lb_copula_margin *margin, const lb_column *column, const double *shares,
                      const double *places, placed_value *order, lb_arena *arena, lb_error *error) {
    size_t count = (size_t)column->distinct + 1;
    double *low = lb_arena_alloc(arena, count, sizeof *low);
    double *high = lb_arena_alloc(arena, count, sizeof *high);
    uint8_t *bin = lb_arena_alloc(arena, count, sizeof *bin);
    if (!low || !high || !bin)
        return lb_fail_memory(error, "the copula's marginals");
    for (size_t v = 0; v < count; v++) {
        order[v] = (placed_value){places[v], (uint32_t)v};
    }
    qsort(order, count, sizeof *order, compare_places);
    *margin = (lb_copula_margin){.low = low, .high = high, .bin = bin};
    cut_scale(order, count, shares, low, high);
    cut_bins(order, count, shares, margin, bin);
    return LB_OK;
}

/* --- correlations --- */

typedef struct pair_table {
    const lb_copula_margin *a, *b;
    const gsl_integration_glfixed_table *rule;
    double cells[LB_COPULA_BINS][LB_COPULA_BINS];
} pair_table;

static double information(const pair_table *pair) {
    double sum = 0;
    for (unsigned i = 0; i < pair->a->bins; i++)
        for (unsigned j = 0; j < pair->b->bins; j++)
            if (pair->cells[i][j] > 0)
                sum += pair->cells[i][j] *
                       log(pair->cells[i][j] / (pair->a->shares[i] * pair->b->shares[j]));
    return sum;
}

/* E ln(1 + Y) - ln m for a Poisson Y of mean m: what chance adds, per expected unit, to the
 * information of a cell in which m units are expected. */
static double chance_of_cell(double m) {
    if (m > 50)
        return 1 / (2 * m) + 1 / (12 * m * m);
    double term = exp(-m), sum = 0;
    for (int y = 1; y < 200 && !(y > m && term < 1e-17); y++) {
        term *= m / y;
        sum += term * log1p(y);
    }
    return sum - log(m);
}

/* The information that two independent columns with these shares show in a sample of n units: cells
 * as Poisson counts, corrected for the margins, which are given. */
static double chance_information(const pair_table *pair, double n) {
    double sum = 0, rows = pair->a->bins, columns = pair->b->bins;
    for (unsigned i = 0; i < pair->a->bins; i++)
        for (unsigned j = 0; j < pair->b->bins; j++) {
            double share = pair->a->shares[i] * pair->b->shares[j];
            sum += share * chance_of_cell(n * share);
        }
    return sum * (rows - 1) * (columns - 1) / (rows * columns);
}

static void normal_cells(pair_table *pair, double rho) {
    double corner[LB_COPULA_BINS + 1][LB_COPULA_BINS + 1];
    for (unsigned i = 0; i <= pair->a->bins; i++)
        for (unsigned j = 0; j <= pair->b->bins; j++)
            corner[i][j] =
                lb_normal_pair_below(pair->a->edges[i], pair->b->edges[j], rho, pair->rule);
    for (unsigned i = 0; i < pair->a->bins; i++)
        for (unsigned j = 0; j < pair->b->bins; j++)
            pair->cells[i][j] =
                corner[i + 1][j + 1] - corner[i][j + 1] - corner[i + 1][j] + corner[i][j];
}

/* +1 or -1: the sign of the covariance of the bins' ranks. */
static double direction(const pair_table *pair) {
    double covariance = 0, below_a = 0;
    for (unsigned i = 0; i < pair->a->bins; i++) {
        double rank_a = below_a + pair->a->shares[i] / 2 - 0.5, below_b = 0;
        for (unsigned j = 0; j < pair->b->bins; j++) {
            covariance += pair->cells[i][j] * rank_a * (below_b + pair->b->shares[j] / 2 - 0.5);
            below_b += pair->b->shares[j];
        }
        below_a += pair->a->shares[i];
    }
    return covariance < 0 ? -1 : 1;
}

static double matching_correlation(pair_table *pair, double n) {
    double sign = direction(pair), wanted = information(pair) - chance_information(pair, n);
    double low = 0, high = LARGEST_CORRELATION;
    if (wanted <= 0)
        return 0;
    for (int i = 0; i < 20; i++) {
        double middle = (low + high) / 2;
        normal_cells(pair, sign * middle);
        if (information(pair) < wanted)
            low = middle;
        else
            high = middle;
    }
    return sign * (low + high) / 2;
}

typedef struct correlation_job {
    const lb_table *table;
    const double *weights;
    lb_copula_model *model;
    gsl_integration_glfixed_table *rule;
} correlation_job;

static int correlate_column(void *context, size_t a, unsigned worker, lb_error *error) {
    (void)worker;
    (void)error;
    correlation_job *job = context;
    size_t n = job->model->columns;
    const uint32_t *codes_a = job->table->quasi_identifiers[a].codes;
    for (size_t b = 0; b < a; b++) {
        pair_table pair = {&job->model->margins[a], &job->model->margins[b], job->rule, {{0}}};
        const uint32_t *codes_b = job->table->quasi_identifiers[b].codes;
        for (size_t r = 0; r < job->table->rows; r++)
            pair.cells[pair.a->bin[codes_a[r]]][pair.b->bin[codes_b[r]]] += job->weights[r];
        double rho = matching_correlation(&pair, (double)job->table->units);
        job->model->correlation[a * n + b] = job->model->correlation[b * n + a] = rho;
    }
    job->model->correlation[a * n + a] = 1;
    return LB_OK;
}

static int correlate(lb_copula_model *model, const lb_table *table, const double *weights,
                     unsigned threads, double *work, lb_error *error) {
    correlation_job job = {table, weights, model,
                           gsl_integration_glfixed_table_alloc(LB_NORMAL_PAIR_POINTS)};
    if (!job.rule)
        return lb_fail_memory(error, "fitting the copula");
    int status = lb_parallel(threads, model->columns, correlate_column, &job, error);
    gsl_integration_glfixed_table_free(job.rule);
    return status < 0 ? status
                      : lb_normal_nearest_correlation(model->correlation, model->columns,
                                                      LEAST_EIGENVALUE, work, error);
}

/* --- the whole --- */

typedef struct fit_scratch {
    double **shares, **places; /* [columns][distinct + 1] */
    double *rows;              /* [rows] */
    placed_value *order;       /* [largest distinct + 1] */
    double *work;              /* of lb_normal_nearest_correlation */
} fit_scratch;

static int prepare(fit_scratch *scratch, const lb_table *table, lb_arena *arena, lb_error *error) {
    size_t n = table->quasi_identifier_count, largest = 1;
    scratch->shares = lb_arena_alloc(arena, n, sizeof *scratch->shares);
    scratch->places = lb_arena_alloc(arena, n, sizeof *scratch->places);
    scratch->rows = lb_arena_alloc(arena, table->rows, sizeof *scratch->rows);
    scratch->work = lb_arena_alloc(arena, n * (2 * n + 1), sizeof *scratch->work);
    bool whole = scratch->shares && scratch->places && scratch->rows && scratch->work;
    for (size_t c = 0; whole && c < n; c++) {
        size_t count = (size_t)table->quasi_identifiers[c].distinct + 1;
        largest = count > largest ? count : largest;
        scratch->shares[c] = lb_arena_alloc(arena, count, sizeof **scratch->shares);
        scratch->places[c] = lb_arena_alloc(arena, count, sizeof **scratch->places);
        whole = scratch->shares[c] && scratch->places[c];
    }
    scratch->order = whole ? lb_arena_alloc(arena, largest, sizeof *scratch->order) : NULL;
    return scratch->order ? LB_OK : lb_fail_memory(error, "fitting the copula");
}

/* Shares of the values, and places to begin with that have no symmetry to get stuck in. */
static void count_values(fit_scratch *scratch, const lb_table *table, const double *weights) {
    for (size_t c = 0; c < table->quasi_identifier_count; c++) {
        const lb_column *column = &table->quasi_identifiers[c];
        size_t count = (size_t)column->distinct + 1;
        memset(scratch->shares[c], 0, count * sizeof **scratch->shares);
        for (size_t r = 0; r < table->rows; r++)
            scratch->shares[c][column->codes[r]] += weights[r];
        for (size_t v = 0; v < count; v++)
            scratch->places[c][v] = (double)(lb_hash_mix(c, v) >> 11) * 0x1.0p-53;
        standardise(scratch->places[c], scratch->shares[c], count);
    }
}

int lb_copula_fit(lb_copula_model *model, const lb_table *table, const double *weights,
                  unsigned threads, lb_arena *arena, lb_error *error) {
    size_t n = table->quasi_identifier_count;
    *model = (lb_copula_model){.columns = n,
                               .margins = lb_arena_alloc(arena, n, sizeof *model->margins),
                               .correlation = lb_arena_alloc(arena, n * n, sizeof(double))};
    if (!model->margins || !model->correlation)
        return lb_fail_memory(error, "fitting the copula");
    lb_arena *own = lb_arena_new();
    if (!own)
        return lb_fail_memory(error, "fitting the copula");
    fit_scratch scratch;
    int status = prepare(&scratch, table, own, error);
    if (status == LB_OK) {
        count_values(&scratch, table, weights);
        place_values(table, weights, scratch.shares, scratch.places, scratch.rows);
    }
    for (size_t c = 0; status == LB_OK && c < n; c++)
        status = fit_margin(&model->margins[c], &table->quasi_identifiers[c], scratch.shares[c],
                            scratch.places[c], scratch.order, arena, error);
    if (status == LB_OK)
        status = correlate(model, table, weights, threads, scratch.work, error);
    lb_arena_free(own);
    return status;
}
